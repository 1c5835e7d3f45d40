"""What makes the sandbox a true stand-in: each check is one promise of the provider's document.

They run against the sandbox as it is, and against each mutation of it, which at least one of them must notice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.sandbox.examples import (
    ERROR,
    EVENT,
    PAYMENT,
    PAYMENT_CREATED,
    REFUND,
    REFUND_CREATED,
    assert_like,
)
from tests.sandbox.rig import ORDER, Rig, signed

Check = Callable[[Rig], Awaitable[None]]
LIVE = ("sk_live_demo", "")


def assert_error(answer: httpx.Response, status: int, kind: str, param: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["type"] == kind
    assert isinstance(error["code"], str)
    assert error.get("param") == param


async def a_created_payment_is_the_documents(rig: Rig) -> None:
    answer = await rig.post("/payments", ORDER)
    assert answer.status_code == 200
    payment = answer.json()
    assert_like(payment, PAYMENT_CREATED)
    own = {"id", "created", "data_url", "payment_url", "recipient"}
    assert {key: payment[key] for key in PAYMENT_CREATED.keys() - own} == {
        key: value for key, value in PAYMENT_CREATED.items() if key not in own
    }


async def a_retrieved_payment_is_the_documents(rig: Rig) -> None:
    payment = await rig.create()
    fetched = await rig.fetch(payment["id"])
    assert_like(fetched, PAYMENT)
    assert fetched == payment


async def an_amount_beyond_floats_is_exact(rig: Rig) -> None:
    units = 10**20 + 1
    payment = await rig.create(amount=str(units), currency="CRO")
    assert payment["amount"] == units
    assert payment["crypto_amount"] == "100.000000000000000001"
    assert f'"amount":{units},' in (await rig.get(f"/payments/{payment['id']}")).text


async def a_key_selects_the_mode(rig: Rig) -> None:
    test, live = await rig.create(), await rig.create(auth=LIVE)
    assert (test["live_mode"], live["live_mode"]) == (False, True)
    assert_error(await rig.get(f"/payments/{live['id']}"), 404, "invalid_request_error", "id")
    assert [each["id"] for each in (await rig.get("/payments", LIVE)).json()] == [live["id"]]


async def only_a_valid_key_is_let_in(rig: Rig) -> None:
    for auth in (None, ("sk_test_demo", "password"), ("sk_test_other", "")):
        assert_error(await rig.get("/payments", auth), 401, "authentication_error")
        assert_error(await rig.post("/payments", ORDER, auth), 401, "authentication_error")


async def a_publishable_key_only_creates(rig: Rig) -> None:
    key = ("pk_test_demo", "")
    payment = await rig.create(auth=key)
    for path in ("/payments", f"/payments/{payment['id']}"):
        assert_error(await rig.get(path, key), 401, "authentication_error")
    assert_error(await rig.post(f"/payments/{payment['id']}/cancel", auth=key), 401, "authentication_error")
    refund = {"payment_id": payment["id"], "amount": "1"}
    assert_error(await rig.post("/refunds", refund, key), 401, "authentication_error")


async def errors_are_the_documents(rig: Rig) -> None:
    answer = await rig.get("/payments/nothing")
    assert_error(answer, 404, "invalid_request_error", "id")
    assert_like(answer.json(), ERROR)
    for name, value in (("amount", ""), ("amount", "0"), ("amount", "25.00"), ("currency", "usd")):
        refused = await rig.post("/payments", {**ORDER, name: value})
        assert_error(refused, 400, "invalid_request_error", name)


async def a_payment_succeeds_when_the_money_is_final(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "detect")
    seen = await rig.fetch(payment["id"])
    assert (seen["status"], seen["captured"]) == ("pending", False)
    assert seen["current_inbound_fund"]["amount"] == seen["crypto_amount"]
    await rig.do(payment["id"], "pay")
    assert (await rig.fetch(payment["id"]))["status"] == "succeeded"


async def events_are_the_documents(rig: Rig) -> None:
    answer = await rig.post("/payments", {**ORDER, "description": "Tee – ü"})
    await rig.do(answer.json()["id"], "pay")
    told = await rig.told()
    for event in told:
        assert_like(event, EVENT)
        assert event["object_type"] == "event"
    assert [(event["type"], event["data"]["object"]["status"]) for event in told] == [
        ("payment.created", "pending"),
        ("payment.fulfill", "pending"),
        ("payment.captured", "succeeded"),
    ]
    assert len({event["id"] for event in told}) == 3


async def events_are_signed(rig: Rig) -> None:
    await rig.post("/payments", {**ORDER, "description": "Tee – ü"})
    await rig.settle()
    (request,) = rig.inbox
    assert signed(request)
    moment = int(rig.time.now.timestamp())
    assert request.headers["Pay-Signature"].startswith(f"t={moment},v1=")


async def a_webhook_is_sent_six_times(rig: Rig) -> None:
    # 201 and a redirect are not 200 either.
    rig.answers = [500, 201, 302, httpx.ConnectError("down"), 404, 503, 200]
    await rig.post("/payments", ORDER)
    await rig.settle()
    assert rig.time.slept == [5.0] * 5
    assert len(rig.inbox) == 6
    assert len({(request.content, request.headers["Pay-Signature"]) for request in rig.inbox}) == 1


async def retries_end_with_a_200(rig: Rig) -> None:
    rig.answers = [500, 200, 500]
    await rig.post("/payments", ORDER)
    await rig.settle()
    assert len(rig.inbox) == 2


async def a_pending_payment_can_be_cancelled_for_good(rig: Rig) -> None:
    payment = await rig.create()
    answer = await rig.post(f"/payments/{payment['id']}/cancel")
    assert answer.status_code == 200
    assert_like(answer.json(), PAYMENT)
    assert answer.json()["status"] == "cancelled"
    assert (await rig.do(payment["id"], "pay")).status_code == 409
    assert (await rig.fetch(payment["id"]))["status"] == "cancelled"


async def an_approved_payment_cannot_be_cancelled(rig: Rig) -> None:
    payment = await rig.paid()
    answer = await rig.post(f"/payments/{payment['id']}/cancel")
    assert_error(answer, 402, "invalid_request_error", "id")
    assert (await rig.fetch(payment["id"]))["status"] == "succeeded"


async def a_refund_is_the_documents(rig: Rig) -> None:
    payment = await rig.paid()
    wanted = {
        "payment_id": payment["id"],
        "amount": "100",
        "reason": "requested_by_customer",
        "description": "Refund for Order#33",
    }
    answer = await rig.post("/refunds", wanted)
    refund = answer.json()
    assert_like(refund, REFUND_CREATED)
    assert {key: refund[key] for key in wanted} == {**wanted, "amount": 100}
    assert refund["status"] == "pending"
    fetched = (await rig.get(f"/refunds/{refund['id']}")).json()
    assert_like(fetched, REFUND)
    assert fetched["status"] == "pending"


async def a_refund_moves_money_when_transferred(rig: Rig) -> None:
    payment = await rig.paid()
    refund = {"payment_id": payment["id"], "amount": "100"}
    ref = (await rig.post("/refunds", refund)).json()["id"]
    assert (await rig.fetch(payment["id"]))["amount_refunded"] == 0
    await rig.do(payment["id"], "refund")
    told = await rig.told()
    assert [event["type"] for event in told] == [
        "payment.refund_requested",
        "payment.refund_transferred",
    ]
    objects = [event["data"]["object"] for event in told]
    assert [(each["payment_id"], each["status"]) for each in objects] == [
        (payment["id"], "pending"),
        (payment["id"], "succeeded"),
    ]
    assert (await rig.get(f"/refunds/{ref}")).json()["status"] == "succeeded"
    after = await rig.fetch(payment["id"])
    assert (after["amount_refunded"], after["refunded"]) == (100, False)
    await rig.do(payment["id"], "refund")
    after = await rig.fetch(payment["id"])
    assert (after["amount_refunded"], after["refunded"]) == (2500, True)


async def no_more_is_refunded_than_was_paid(rig: Rig) -> None:
    payment = await rig.paid()
    for amount, status in (("2501", 402), ("2000", 200), ("501", 402), ("500", 200), ("1", 402)):
        answer = await rig.post("/refunds", {"payment_id": payment["id"], "amount": amount})
        assert answer.status_code == status, (amount, answer.text)
    unpaid = await rig.create()
    answer = await rig.post("/refunds", {"payment_id": unpaid["id"], "amount": "1"})
    assert_error(answer, 402, "invalid_request_error", "payment_id")


async def an_expired_payment_stays_pending(rig: Rig) -> None:
    payment = await rig.create()
    rig.time.forward(599)
    assert (await rig.fetch(payment["id"]))["expired"] is False
    rig.time.forward(1)
    after = await rig.fetch(payment["id"])
    assert (after["status"], after["expired"]) == ("pending", True)


async def late_money_does_not_pay(rig: Rig) -> None:
    payment = await rig.create()
    rig.time.forward(600)
    await rig.do(payment["id"], "pay")
    after = await rig.fetch(payment["id"])
    assert (after["status"], after["expired"], after["captured"]) == ("pending", True, False)
    assert after["current_inbound_fund"]["mismatched_reason"] == "late"
    assert await rig.told() == []


async def an_underpaid_payment_never_succeeds(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "underpay", amount="10.00")
    after = await rig.fetch(payment["id"])
    assert after["status"] == "pending"
    assert after["current_inbound_fund"]["amount"] == "757.92"
    assert (await rig.do(payment["id"], "pay")).status_code == 409
    assert (await rig.fetch(payment["id"]))["status"] == "pending"


async def an_overpaid_payment_succeeds_for_its_amount(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "overpay", amount="30.00")
    after = await rig.fetch(payment["id"])
    assert (after["status"], after["amount"]) == ("succeeded", 2500)
    assert after["current_inbound_fund"]["amount"] == "2273.76"


async def the_newest_is_listed_first(rig: Rig) -> None:
    refs = [(await rig.create())["id"] for _ in range(3)]
    listed: list[dict[str, Any]] = (await rig.get("/payments")).json()
    assert [each["id"] for each in listed] == refs[::-1]
    for each in listed:
        assert_like(each, PAYMENT)


CHECKS: tuple[Check, ...] = (
    a_created_payment_is_the_documents,
    a_retrieved_payment_is_the_documents,
    an_amount_beyond_floats_is_exact,
    a_key_selects_the_mode,
    only_a_valid_key_is_let_in,
    a_publishable_key_only_creates,
    errors_are_the_documents,
    a_payment_succeeds_when_the_money_is_final,
    events_are_the_documents,
    events_are_signed,
    a_webhook_is_sent_six_times,
    retries_end_with_a_200,
    a_pending_payment_can_be_cancelled_for_good,
    an_approved_payment_cannot_be_cancelled,
    a_refund_is_the_documents,
    a_refund_moves_money_when_transferred,
    no_more_is_refunded_than_was_paid,
    an_expired_payment_stays_pending,
    late_money_does_not_pay,
    an_underpaid_payment_never_succeeds,
    an_overpaid_payment_succeeds_for_its_amount,
    the_newest_is_listed_first,
)
