"""The corners of the API, its webhooks and its levers."""

from __future__ import annotations

import httpx
import pytest

from checkout_server.sandbox.inqud.events import Events
from tests.sandbox.inqud.examples import VECTOR
from tests.sandbox.inqud.fidelity import assert_error
from tests.sandbox.inqud.rig import CHECKOUTS, FIXED, ORDER, TOKEN, Rig, digest_of


def test_the_published_signature_is_reproduced() -> None:
    signed = Events(VECTOR["secret"]).sign(VECTOR["body"].encode(), False)
    assert signed == {"X-Payload-Digest": VECTOR["digest"]}


@pytest.mark.parametrize(
    ("changes", "naming"),
    [
        ({"type": "PRICE"}, "type"),
        ({"type": None}, "type"),
        ({"fixedAmount": 100}, "fixedAmount.amount"),
        ({"fixedAmount": {"amount": 0, "currency": "USD"}}, "fixedAmount.amount"),
        ({"fixedAmount": {"amount": -1, "currency": "USD"}}, "fixedAmount.amount"),
        ({"fixedAmount": {"amount": True, "currency": "USD"}}, "fixedAmount.amount"),
        ({"fixedAmount": {"amount": 10**30, "currency": "USD"}}, "fixedAmount.amount"),
        ({"fixedAmount": {"amount": 1, "currency": "usd"}}, "fixedAmount.currency"),
        ({"fixedAmount": {"amount": 1}}, "fixedAmount.currency"),
        ({"clientOrderId": 1}, "clientOrderId"),
        ({"name": ["x"]}, "name"),
        ({"returnUrl": "/relative"}, "returnUrl"),
        ({"returnUrl": "javascript:alert(1)"}, "returnUrl"),
        ({"returnUrl": "http://[broken"}, "returnUrl"),
        ({"expiresAt": "soon"}, "expiresAt"),
        ({"expiresAt": "2027-01-01T00:00:00"}, "expiresAt"),
        ({"expiresAt": "2026-01-02T03:04:05Z"}, "past"),
        ({"cancelUrl": "https://shop.test"}, "cancelUrl"),
    ],
)
async def test_a_field_that_is_wrong_is_named(rig: Rig, changes: dict[str, object], naming: str) -> None:
    assert_error(await rig.post({**FIXED, **changes}), 400, naming)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 100_000, b'{"type": NaN}'])
async def test_a_body_that_cannot_be_read_is_refused(rig: Rig, body: bytes) -> None:
    assert_error(await rig.post(body), 400)


async def test_unknown_paths_answer_in_the_providers_shape(rig: Rig) -> None:
    assert_error(await rig.http.get("/inqud/v1/nothing", headers=TOKEN), 404)
    assert_error(await rig.http.get("/inqud/v1/nothing"), 401)
    assert_error(await rig.http.delete(CHECKOUTS, headers=TOKEN), 404)


async def test_without_a_secret_nothing_is_sent() -> None:
    async with Rig(webhook_secret=None) as rig:
        ref = (await rig.create())["id"]
        await rig.do(ref, "pay")
        assert await rig.told() == []
        assert (await rig.fetch(ref))["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("mode", "statuses"),
    [
        ("send", ["SUCCESS"]),
        ("drop", []),
        ("duplicate", ["SUCCESS", "SUCCESS"]),
        ("reorder", ["SUCCESS", "NEW"]),
        ("delay", ["SUCCESS"]),
    ],
)
async def test_a_mode_decides_what_arrives(rig: Rig, mode: str, statuses: list[str]) -> None:
    ref = (await rig.create())["id"]
    await rig.do(ref, "detect")
    await rig.settle()
    rig.inbox.clear()
    await rig.do(ref, "pay", webhook=mode)
    assert [body["status"] for body in await rig.told()] == statuses
    assert all(each.headers["X-Payload-Digest"] == digest_of(each.content) for each in rig.inbox)


async def test_a_bad_signature_does_not_verify(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    await rig.do(ref, "pay", webhook="bad_signature")
    await rig.settle()
    (request,) = rig.inbox
    assert request.headers["X-Payload-Digest"] != digest_of(request.content)


@pytest.mark.parametrize("do", ["cancel", "fail", "refund", "approve"])
async def test_what_the_provider_cannot_do_is_refused(rig: Rig, do: str) -> None:
    ref = (await rig.create())["id"]
    answer = await rig.do(ref, do)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_supported")


@pytest.mark.parametrize(
    ("order", "do", "amount", "status"),
    [
        (FIXED, "pay", "1", 422),
        (FIXED, "underpay", "100", 422),
        (FIXED, "underpay", "0", 422),
        (FIXED, "overpay", "100.00", 422),
        (FIXED, "overpay", "1,5", 422),
        (ORDER, "pay", "0.0000001", 422),
        (ORDER, "underpay", None, 409),
        (ORDER, "overpay", None, 409),
    ],
)
async def test_an_amount_that_makes_no_sense_changes_nothing(
    rig: Rig, order: dict[str, object], do: str, amount: str | None, status: int
) -> None:
    checkout = await rig.create(order)
    answer = await rig.do(checkout["id"], do, **({"amount": amount} if amount else {}))
    assert answer.status_code == status, answer.text
    assert await rig.fetch(checkout["id"]) == checkout


async def test_an_expired_checkout_keeps_its_status(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    answer = await rig.do(ref, "expire")
    assert answer.json()["webhooks"] == []
    assert (await rig.fetch(ref))["status"] == "NEW"
    await rig.do(ref, "pay")
    assert (await rig.fetch(ref))["status"] == "CONFLICT"
    assert (await rig.do(ref, "expire")).status_code == 409


async def test_tampering_replaces_fields_everywhere_until_it_is_undone(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    price = {"amount": 99.5, "currency": "EUR"}
    await rig.http.post(
        f"/_control/inqud/payments/{ref}/tamper", json={"status": "ON_HOLD", "fixedAmount": price}
    )
    assert (await rig.fetch(ref))["status"] == "ON_HOLD"
    assert '"fixedAmount":{"amount":99.5,"currency":"EUR"}' in (await rig.get(ref)).text
    await rig.http.delete(f"/_control/inqud/payments/{ref}/tamper")
    assert (await rig.fetch(ref))["status"] == "NEW"


@pytest.mark.parametrize(("status", "json"), [(401, True), (429, True), (404, True), (503, False)])
async def test_faults_answer_in_the_providers_shapes(rig: Rig, status: int, json: bool) -> None:
    await rig.http.post("/_control/inqud/faults", json={"status": status})
    answer = await rig.post(FIXED)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/json" if json else "text/html")
    assert (await rig.post(FIXED)).status_code == 200


async def test_an_answer_may_be_lost_after_the_work_is_done(rig: Rig) -> None:
    await rig.http.post("/_control/inqud/faults", json={"status": 503, "carried_out": True})
    assert (await rig.post(FIXED)).status_code == 503
    held = (await rig.http.get("/_control/inqud/payments")).json()["data"]
    assert [each["clientOrderId"] for each in held] == [ORDER["clientOrderId"]]


async def test_a_transport_is_all_that_a_client_needs(rig: Rig) -> None:
    """The adapter's tests reach the sandbox without a socket."""
    transport = httpx.ASGITransport(rig.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://sandbox.test") as client:
        assert (await client.get(f"{CHECKOUTS}/none", headers=TOKEN)).status_code == 404
