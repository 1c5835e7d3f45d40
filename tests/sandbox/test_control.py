"""The levers: every action, every refusal, and fields set behind the provider's back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from checkout_server.sandbox.base import DO
from tests.sandbox.rig import Rig

BASE = "/_control/crypto_com"


def assert_refused(
    answer: httpx.Response, status: int, code: str, param: str | None = None
) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.json().keys() == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert (error["type"], error["code"]) == ("control_error", code)
    assert error.get("param") == param
    assert error["message"]
    return error


async def test_what_the_provider_cannot_do_names_what_it_can(rig: Rig) -> None:
    payment = await rig.create()
    for do in set(DO) - set(rig.sandbox.can):
        error = assert_refused(await rig.do(payment["id"], do), 422, "not_supported", "do")
        assert error["supported"] == list(rig.sandbox.can)
    assert set(DO) - set(rig.sandbox.can) == {"fail", "approve"}


async def test_an_action_answers_with_the_payment_and_what_was_told(rig: Rig) -> None:
    payment = await rig.create()
    answer = (await rig.do(payment["id"], "pay")).json()
    assert answer["payment"] == await rig.fetch(payment["id"])
    assert answer["webhooks"] == ["payment.fulfill", "payment.captured"]


@pytest.mark.parametrize(
    ("content", "status", "code", "param"),
    [
        (b"{", 400, "not_json", None),
        (b"[]", 400, "not_json", None),
        (b"\xff", 400, "not_json", None),
        (b"{}", 422, "invalid", "do"),
        (b'{"do": "dance"}', 422, "not_supported", "do"),
        (b'{"do": "pay", "webhook": "shout"}', 422, "invalid", "webhook"),
        (b'{"do": "pay", "delay_ms": -1}', 422, "invalid", "delay_ms"),
        (b'{"do": "pay", "else": 1}', 422, "invalid", "else"),
        (b'{"do": "underpay", "amount": 10.0}', 422, "invalid", "amount"),
        (b'{"do": "underpay", "amount": "10,00"}', 422, "amount_format", "amount"),
        (b'{"do": "underpay", "amount": "0.001"}', 422, "amount_sub_unit", "amount"),
        (b'{"do": "underpay", "amount": "25.00"}', 422, "amount_range", "amount"),
        (b'{"do": "underpay", "amount": "0"}', 422, "amount_range", "amount"),
        (b'{"do": "overpay", "amount": "25.00"}', 422, "amount_range", "amount"),
        (b'{"do": "pay", "amount": "25.00"}', 422, "amount_given", "amount"),
        (b'{"do": "detect", "amount": "25.00"}', 422, "amount_given", "amount"),
        (b'{"do": "refund"}', 409, "payment_not_refundable", None),
    ],
)
async def test_a_request_that_is_wrong_changes_nothing(
    rig: Rig, content: bytes, status: int, code: str, param: str | None
) -> None:
    payment = await rig.create()
    answer = await rig.http.post(f"{BASE}/payments/{payment['id']}", content=content)
    assert_refused(answer, status, code, param)
    assert await rig.fetch(payment["id"]) == payment
    assert await rig.told() == []


async def test_unknown_names_are_said_to_be_unknown(rig: Rig) -> None:
    unknown = "/_control/nobody/payments/1"
    assert_refused(await rig.http.get(unknown), 404, "unknown_provider")
    assert_refused(await rig.http.get(f"{BASE}/payments/1"), 404, "unknown_payment", "ref")
    assert_refused(await rig.do("1", "pay"), 404, "unknown_payment", "ref")
    assert_refused(await rig.http.get(f"{BASE}/unknown"), 404, "unknown_control")
    assert_refused(await rig.http.put(f"{BASE}/faults"), 404, "unknown_control")
    tamper = await rig.http.post(f"{BASE}/payments/1/tamper", json={"amount": 1})
    assert_refused(tamper, 404, "unknown_payment", "ref")


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [
        ("pay", "pay", 409),
        ("pay", "cancel", 409),
        ("pay", "expire", 409),
        ("pay", "underpay", 409),
        ("cancel", "pay", 409),
        ("cancel", "detect", 409),
        ("cancel", "cancel", 409),
        ("detect", "detect", 409),
        ("detect", "underpay", 409),
        ("detect", "overpay", 409),
        ("detect", "cancel", 409),
        ("underpay", "pay", 409),
        ("underpay", "underpay", 409),
        ("underpay", "cancel", 200),
        ("underpay", "expire", 200),
        ("expire", "expire", 409),
        ("expire", "detect", 409),
        ("expire", "cancel", 200),
        ("detect", "pay", 200),
        ("overpay", "refund", 200),
    ],
)
async def test_one_action_after_another(rig: Rig, first: str, then: str, status: int) -> None:
    payment = await rig.create()
    assert (await rig.do(payment["id"], first)).status_code == 200
    assert (await rig.do(payment["id"], then)).status_code == status


async def test_expire_is_what_waiting_is(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "expire")
    after = await rig.fetch(payment["id"])
    assert (after["status"], after["expired"], after["remaining_time"]) == ("pending", True, "0:00")


async def test_a_refund_from_the_dashboard(rig: Rig) -> None:
    payment = await rig.paid()
    await rig.do(payment["id"], "refund", amount="10.00")
    assert (await rig.fetch(payment["id"]))["amount_refunded"] == 1000
    too_much = await rig.do(payment["id"], "refund", amount="15.01")
    assert_refused(too_much, 409, "amount_too_large")
    await rig.do(payment["id"], "refund")
    assert (await rig.fetch(payment["id"]))["refunded"] is True
    assert_refused(await rig.do(payment["id"], "refund"), 409, "nothing_left")


async def test_payments_can_be_looked_at(rig: Rig) -> None:
    one, two = await rig.create(), await rig.create()
    listed = (await rig.http.get(f"{BASE}/payments")).json()
    assert [each["id"] for each in listed["data"]] == [two["id"], one["id"]]
    shown = (await rig.http.get(f"{BASE}/payments/{one['id']}")).json()
    assert shown == {"payment": one}


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": 1},
        {"currency": "EUR"},
        {"live_mode": True},
        {"order_id": "cs_other"},
        {"id": "other"},
        {"status": "on_hold", "new_key": {"a": [1]}},
    ],
)
async def test_raw_fields_can_be_set_and_restored(rig: Rig, fields: dict[str, Any]) -> None:
    payment = await rig.create()
    path = f"{BASE}/payments/{payment['id']}/tamper"
    assert (await rig.http.post(path, json=fields)).status_code == 200
    assert await rig.fetch(payment["id"]) == {**payment, **fields}
    assert (await rig.get("/payments")).json() == [{**payment, **fields}]
    await rig.do(payment["id"], "detect")
    (event,) = await rig.told()
    assert fields.items() <= event["data"]["object"].items()
    assert (await rig.http.delete(path)).status_code == 200
    assert (await rig.fetch(payment["id"])).items() >= {"id": payment["id"], "amount": 2500}.items()
    assert_refused(await rig.http.post(path, json={}), 422, "fields_missing")


async def test_forms_do_what_json_does_and_lead_back_to_the_page(rig: Rig) -> None:
    payment = await rig.create()
    path = f"{BASE}/payments/{payment['id']}"
    done = await rig.http.post(path, data={"do": "underpay", "amount": "10", "webhook": "drop"})
    assert (done.status_code, done.headers["location"]) == (303, "https://sandbox.test/")
    assert (await rig.fetch(payment["id"]))["current_inbound_fund"]["amount"] == "757.92"
    refused = await rig.http.post(path, data={"do": "pay", "amount": ""})
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text
    added = await rig.http.post(f"{BASE}/faults", data={"status": "503", "times": "2", "on": ""})
    assert added.status_code == 303
    assert (await rig.get("/payments")).status_code == 503
    assert (await rig.http.post(f"{BASE}/faults/clear", data={"x": "y"})).status_code == 303
    assert (await rig.get("/payments")).status_code == 200


async def test_what_curl_calls_a_form_may_be_json(rig: Rig) -> None:
    payment = await rig.create()
    answer = await rig.http.post(
        f"/_control/crypto_com/payments/{payment['id']}",
        content=b'{"do": "pay"}',
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.json()["payment"]["status"]) == (200, "succeeded")
