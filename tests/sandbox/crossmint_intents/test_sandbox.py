"""Beyond the document: levers, faults, what is tampered with, and the verifier's script."""

from __future__ import annotations

import pytest

from tests.sandbox.crossmint_intents.fidelity import assert_error
from tests.sandbox.crossmint_intents.rig import Rig


async def test_what_it_cannot_do_is_told_with_what_it_can(rig: Rig) -> None:
    ref = (await rig.create())["orderIntentId"]
    answer = await rig.do(ref, "pay")
    assert answer.status_code == 422
    assert answer.json()["error"]["supported"] == [
        "approve",
        "fail",
        "cancel",
        "expire",
        "need_payment_method",
        "add_payment_method",
    ]
    assert (await rig.do(ref, "approve", amount="1.00")).status_code == 422


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("approve", "approve"),
        ("approve", "fail"),
        ("cancel", "cancel"),
        ("cancel", "approve"),
        ("cancel", "expire"),
        ("expire", "approve"),
        ("expire", "expire"),
        ("fail", "add_payment_method"),
        ("need_payment_method", "approve"),
    ],
)
async def test_what_can_no_longer_happen_answers_409(rig: Rig, first: str, then: str) -> None:
    ref = (await rig.create())["orderIntentId"]
    assert (await rig.do(ref, first)).status_code == 200
    assert (await rig.do(ref, then)).status_code in (404, 409)


async def test_a_deletion_may_answer_with_the_intent() -> None:
    async with Rig(deleted="intent") as rig:
        intent = await rig.create()
        assert (await rig.ask("DELETE", f"/{intent['orderIntentId']}")).json() == intent


async def test_fields_can_be_tampered_with(rig: Rig) -> None:
    intent = await rig.create()
    url = f"/_control/crossmint_intents/payments/{intent['orderIntentId']}/tamper"
    await rig.http.post(url, json={"phase": "active", "mandates": []})
    seen = await rig.fetch(intent["orderIntentId"])
    assert (seen["phase"], seen["mandates"]) == ("active", [])
    await rig.http.request("DELETE", url)
    assert await rig.fetch(intent["orderIntentId"]) == intent


@pytest.mark.parametrize("status", [401, 404, 409, 429])
async def test_faults_are_in_the_providers_shape(rig: Rig, status: int) -> None:
    await rig.http.post("/_control/crossmint_intents/faults", json={"status": status})
    assert_error(await rig.ask("GET"), status)


async def test_a_gateways_error_is_not_json(rig: Rig) -> None:
    await rig.http.post("/_control/crossmint_intents/faults", json={"status": 503})
    answer = await rig.ask("GET")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (503, "text/html")


@pytest.mark.parametrize(
    ("fault", "has", "lacks"),
    [
        (None, "customElements.define", "__hostile"),
        ({"hostile": True}, "__hostile", "never"),
        ({"never_mounts": True}, "export {}", "customElements.define"),
    ],
)
async def test_the_verifiers_script(rig: Rig, fault: dict[str, bool] | None, has: str, lacks: str) -> None:
    if fault:
        await rig.http.post("/_control/crossmint_intents/faults", json=fault)
    answer = await rig.http.get("/crossmint_intents/verifier.js", headers={"Origin": "https://shop.test"})
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert has in answer.text
    assert lacks not in answer.text


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
async def test_a_verification_that_cannot_be_read(rig: Rig, body: bytes) -> None:
    assert_error(await rig.http.post("/crossmint_intents/verify", content=body), 400)
    assert_error(await rig.ask("POST", content=body), 400)


async def test_the_console_has_a_button_for_each_lever(rig: Rig) -> None:
    intent = await rig.create()
    await rig.do(intent["orderIntentId"], "cancel")
    await rig.create()
    page = await rig.http.get("/")
    assert page.status_code == 200
    assert "100.00 USD monthly" in page.text
    assert "deleted" in page.text
    for do in ("approve", "need_payment_method"):
        assert f'value="{do}"' in page.text
