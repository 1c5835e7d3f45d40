"""The REST API beyond the document's promises: both ways in, every refusal, both list shapes."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.sandbox.examples import PAYMENT
from tests.sandbox.fidelity import LIVE, assert_error
from tests.sandbox.rig import KEY, ORDER, URL, Rig

JSON_ORDER = {"amount": 2500, "currency": "USD", "metadata": {"a": "b", "n": 1}}


async def test_bearer_is_as_good_as_basic(rig: Rig) -> None:
    for key, status in (("sk_test_demo", 200), ("sk_test_wrong", 401), ("", 401)):
        answer = await rig.http.get("/crypto_com/api/payments", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == status


@pytest.mark.parametrize(
    "header",
    [
        "Basic c2tfdGVzdF9kZW1v",  # the key without its colon
        "Basic !!!",
        "Basic /w==",
        "Basic",
        "Digest sk_test_demo",
        "sk_test_demo",
    ],
)
async def test_a_header_that_cannot_be_read_is_refused(rig: Rig, header: str) -> None:
    answer = await rig.http.get("/crypto_com/api/payments", headers={"Authorization": header})
    assert_error(answer, 401, "authentication_error")


async def test_json_is_as_good_as_a_form(rig: Rig) -> None:
    answer = await rig.http.post("/crypto_com/api/payments", json=JSON_ORDER, auth=KEY)
    assert answer.status_code == 200
    assert answer.json()["metadata"] == {"a": "b", "n": 1}


@pytest.mark.parametrize(("code", "exponent"), [("JPY", 0), ("KRW", 0), ("USD", 2), ("CRO", 18)])
async def test_amounts_are_in_the_smallest_unit(rig: Rig, code: str, exponent: int) -> None:
    payment = await rig.create(amount=str(25 * 10**exponent), currency=code)
    assert payment["crypto_amount"] == ("25.0" if code == "CRO" else "1894.8")
    assert payment["amount"] == payment["original_amount"] == 25 * 10**exponent


@pytest.mark.parametrize("amount", [100 * 10**18, 100 * 10**18 + 1, 10**36])
async def test_cro_in_json_keeps_every_digit(rig: Rig, amount: int) -> None:
    body = f'{{"amount": {amount}, "currency": "CRO"}}'
    headers = {"Content-Type": "application/json"}
    answer = await rig.http.post("/crypto_com/api/payments", content=body, headers=headers, auth=KEY)
    assert json.loads(answer.content, parse_float=lambda text: pytest.fail(text))["amount"] == amount


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"amount": None}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": 25.0}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "2500"}, "amount"),
        ({"amount": 10**36 + 1}, "amount"),
        ({"currency": None}, "currency"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": "BTC"}, "currency"),
        ({"currency": 840}, "currency"),
        ({"metadata": "a"}, "metadata"),
        ({"description": 1}, "description"),
        ({"return_url": "/relative"}, "return_url"),
        ({"return_url": "javascript:alert(1)"}, "return_url"),
        ({"return_url": "https://a.example/\r\nX: y"}, "return_url"),
        ({"cancel_url": "http://[broken"}, "cancel_url"),
        ({"expired_at": 1}, "expired_at"),
        ({"onchain_allowed": "yes"}, "onchain_allowed"),
    ],
)
async def test_a_parameter_that_is_wrong_is_named(rig: Rig, changes: dict[str, object], param: str) -> None:
    answer = await rig.http.post("/crypto_com/api/payments", json={**JSON_ORDER, **changes}, auth=KEY)
    assert_error(answer, 400, "invalid_request_error", param)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 100_000, b'{"amount": 1' + b"0" * 9999])
async def test_a_body_that_cannot_be_read_is_refused(rig: Rig, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await rig.http.post("/crypto_com/api/payments", content=body, headers=headers, auth=KEY)
    assert_error(answer, 400, "invalid_request_error")


async def test_a_form_that_contradicts_itself_is_refused(rig: Rig) -> None:
    content = "amount=1&currency=USD&metadata=x&metadata[a]=b"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await rig.http.post("/crypto_com/api/payments", content=content, headers=headers, auth=KEY)
    assert_error(answer, 400, "invalid_request_error", "metadata")


async def test_a_merchants_expiry_replaces_the_ten_minutes(rig: Rig) -> None:
    end = int(rig.time.now.timestamp()) + 30
    payment = await rig.create(expired_at=str(end))
    assert (payment["expired_at"], payment["remaining_time"]) == (end, "0:30")
    rig.time.forward(30)
    assert (await rig.fetch(payment["id"]))["expired"] is True


async def test_money_seen_in_time_may_become_final_later(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "detect")
    rig.time.forward(3600)
    assert (await rig.fetch(payment["id"]))["expired"] is False
    await rig.do(payment["id"], "pay")
    assert (await rig.fetch(payment["id"]))["status"] == "succeeded"


async def test_an_order_id_is_not_unique(rig: Rig) -> None:
    one, two = await rig.create(), await rig.create()
    assert one["order_id"] == two["order_id"]
    assert one["id"] != two["id"]


async def test_the_newer_list_shape(rig: Rig) -> None:
    async with Rig(list_shape="items") as other:
        payment = await other.create()
        listed = (await other.get("/payments")).json()
        assert [each["id"] for each in listed["items"]] == [payment["id"]]
        assert listed["meta"] == {"total_count": 1}


async def test_cancel_is_a_post_and_seen_money_forbids_it(rig: Rig) -> None:
    payment = await rig.create()
    assert_error(await rig.get(f"/payments/{payment['id']}/cancel"), 404, "invalid_request_error", "id")
    await rig.do(payment["id"], "detect")
    answer = await rig.post(f"/payments/{payment['id']}/cancel")
    assert_error(answer, 402, "invalid_request_error", "id")


@pytest.mark.parametrize(
    ("changes", "status", "param"),
    [
        ({"payment_id": "unknown"}, 404, "payment_id"),
        ({"payment_id": ""}, 400, "payment_id"),
        ({"amount": ""}, 400, "amount"),
        ({"amount": "-1"}, 400, "amount"),
        ({"amount": "1.5"}, 400, "amount"),
        ({"reason": "because"}, 400, "reason"),
    ],
)
async def test_a_refund_that_is_wrong_is_refused(
    rig: Rig, changes: dict[str, str], status: int, param: str
) -> None:
    payment = await rig.paid()
    body = {"payment_id": payment["id"], "amount": "100", **changes}
    assert_error(await rig.post("/refunds", body), status, "invalid_request_error", param)


async def test_a_refund_of_the_other_mode_is_unknown(rig: Rig) -> None:
    payment = await rig.paid()
    refund = {"payment_id": payment["id"], "amount": "100"}
    assert_error(await rig.post("/refunds", refund, LIVE), 404, "invalid_request_error", "payment_id")
    ref = (await rig.post("/refunds", refund)).json()["id"]
    assert_error(await rig.get(f"/refunds/{ref}", LIVE), 404, "invalid_request_error", "id")


async def test_a_refund_is_transferred_by_itself() -> None:
    async with Rig(refund_delay=90) as rig:
        payment = await rig.paid()
        rig.inbox.clear()
        await rig.post("/refunds", {"payment_id": payment["id"], "amount": "2500"})
        told = await rig.told()
        assert [event["type"] for event in told] == [
            "payment.refund_requested",
            "payment.refund_transferred",
        ]
        assert rig.time.slept == [90]
        assert (await rig.fetch(payment["id"]))["refunded"] is True


async def test_a_browser_may_create_from_another_origin(rig: Rig) -> None:
    preflight = await rig.http.options(
        "/crypto_com/api/payments",
        headers={
            "Origin": "https://shop.test",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert preflight.status_code == 200
    headers = {"Origin": "https://shop.test", "Authorization": "Bearer pk_test_demo"}
    for data in (ORDER, {}):
        answer = await rig.http.post("/crypto_com/api/payments", data=data, headers=headers)
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_what_a_browser_may_read_is_nothing_that_was_attached(rig: Rig) -> None:
    payment = await rig.create()
    assert payment["data_url"] == f"{URL}/crypto_com/sdk/payments/{payment['id']}"
    seen = (await rig.http.get(payment["data_url"])).json()
    assert seen["status"] == "pending"
    assert not seen.keys() & {"metadata", "order_id", "return_url", "customer_id"}
    assert seen.keys() < PAYMENT.keys() | {"expired"}


async def test_unknown_paths_answer_in_the_providers_shape(rig: Rig) -> None:
    assert_error(await rig.get("/nothing"), 404, "invalid_request_error", "id")
    assert_error(await rig.get("/nothing", None), 401, "authentication_error")
    assert_error(
        await rig.http.delete("/crypto_com/api/payments", auth=KEY), 404, "invalid_request_error", "id"
    )


async def test_a_transport_is_all_that_a_client_needs(rig: Rig) -> None:
    """The adapter's tests reach the sandbox without a socket."""
    transport = httpx.ASGITransport(rig.app)
    async with httpx.AsyncClient(transport=transport, base_url=f"{URL}/crypto_com/api/") as client:
        assert (await client.get("payments", auth=KEY)).json() == []
