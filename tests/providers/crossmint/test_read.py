from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.money import Money
from checkout_server.providers.base import (
    Delivery,
    Failure,
    Need,
    NotFound,
    Observation,
    OutcomeUnknown,
    RateLimited,
    State,
    Unreachable,
)
from checkout_server.providers.crossmint.mapping import Nonsense, observation
from tests.providers.crossmint.support import ITEM, ORDER_ID, Wire, order

USD = Money(2500, "USD")


async def test_an_order_that_waits_for_its_payment(wire: Wire):
    wire.answers(order())
    seen = await wire.provider().fetch(ORDER_ID)
    assert (wire.sent.method, wire.sent.url.path) == ("GET", f"/api/2022-06-09/orders/{ORDER_ID}")
    assert seen == Observation(ref=ORDER_ID, state=State.OPEN, amount=USD, currency="USD")


def test_a_wrapped_order_is_the_same():
    assert observation({"order": order()}) == observation(order())


def test_every_field_may_be_missing():
    assert observation({"orderId": ORDER_ID}) == Observation(ref=ORDER_ID, state=State.OPEN)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("completed", State.SUCCEEDED),
        ("in-progress", State.PROCESSING),
        ("failed", State.FAILED),
        ("awaiting-payment", State.OPEN),
        ("draft", State.OPEN),
        ("requires-quote", State.OPEN),
        ("failed-kyc", State.OPEN),
        ("rejected-kyc", State.OPEN),
        ("COMPLETED", State.OPEN),
        ("paid", State.OPEN),
        ("", State.OPEN),
        (None, State.OPEN),
    ],
)
def test_payment_statuses(status: str | None, state: State):
    seen = observation(order(payment={"status": status}))
    assert seen.state is state
    assert seen.received == (USD if state is State.SUCCEEDED else None)


@pytest.mark.parametrize("phase", ["delivery", "completed"])
def test_a_phase_alone_is_not_a_payment(phase: str):
    assert observation(order(phase=phase)).state is State.PROCESSING
    assert observation(order(phase=phase, payment={"status": None})).state is State.PROCESSING
    assert observation(order(phase=phase, payment={"status": "failed"})).state is State.FAILED


@pytest.mark.parametrize(
    ("payment", "quote", "need"),
    [
        ("requires-email", "valid", Need.EMAIL),
        ("requires-quote", "requires-recipient", Need.RECIPIENT),
        ("requires-quote", "requires-physical-address", Need.RECIPIENT),
        ("requires-recipient-verification", "valid", Need.RECIPIENT),
        ("requires-physical-address", "valid", Need.RECIPIENT),
        ("requires-crypto-payer-address", "valid", Need.WALLET),
        ("requires-kyc", "valid", Need.IDENTITY),
        ("manual-kyc", "valid", Need.IDENTITY_REVIEW),
        ("pending-kyc-review", "valid", Need.IDENTITY_REVIEW),
        ("crypto-payer-insufficient-funds", "valid", Need.FUNDS),
        ("crypto-payer-insufficient-funds-for-gas", "valid", Need.FUNDS),
        ("requires-quote", "expired", Need.NEW_QUOTE),
        ("awaiting-payment", "valid", None),
        ("something-new", "something-new", None),
        ("in-progress", "expired", None),
        ("completed", "expired", None),
    ],
)
def test_what_an_order_waits_for(payment: str, quote: str, need: Need | None):
    assert observation(order(payment={"status": payment}, quote={"status": quote})).needs is need


def test_a_decline_is_told_and_can_be_tried_again():
    reason = {
        "code": "card_declined",
        "category": "x",
        "retryPolicy": "y",
        "message": "Your card\nwas declined.",
    }
    seen = observation(order(payment={"failureReason": reason}))
    assert (seen.state, seen.failure) == (
        State.OPEN,
        Failure("card_declined", "Your card was declined.", retryable=True),
    )
    assert observation(order(payment={"failureReason": {"code": "x"}})).failure == Failure(
        "x", "The payment was declined.", retryable=True
    )


def test_a_failure_for_good():
    failure = observation(order(payment={"status": "failed"})).failure
    assert failure == Failure("failed", "The payment failed.")
    reason = {"code": "fraud", "message": "No."}
    seen = observation(order(payment={"status": "failed", "failureReason": reason}))
    assert seen.failure == Failure("fraud", "No.")


def test_an_old_decline_is_no_failure_of_what_succeeded():
    reason = {"code": "card_declined"}
    for status in ("completed", "in-progress"):
        assert observation(order(payment={"status": status, "failureReason": reason})).failure is None


@pytest.mark.parametrize("status", ["failed-kyc", "rejected-kyc"])
def test_a_refused_identity_is_explained(status: str):
    failure = observation(order(payment={"status": status})).failure
    assert failure is not None
    assert (failure.code, failure.retryable) == ("identity_refused", False)


def test_sold_out_on_the_way():
    lines = [{**ITEM, "quote": {"unavailabilityReason": "sold out"}}]
    failure = observation(order(lineItems=lines)).failure
    assert failure is not None
    assert failure.code == "unavailable"


@pytest.mark.parametrize(
    ("statuses", "delivery"),
    [
        ([], None),
        (["awaiting-payment"], None),
        (["in-progress"], Delivery.PENDING),
        (["completed"], Delivery.COMPLETED),
        (["failed"], Delivery.FAILED),
        (["completed", "completed"], Delivery.COMPLETED),
        (["completed", "in-progress"], Delivery.PENDING),
        (["completed", "awaiting-payment"], Delivery.PENDING),
        (["completed", "failed"], Delivery.FAILED),
        (["in-progress", "failed"], Delivery.FAILED),
        (["something-new"], None),
        ([None], None),
    ],
)
def test_a_completed_order_is_not_a_delivered_one(statuses: list[Any], delivery: Delivery | None):
    lines = [{"delivery": {"status": status}} for status in statuses]
    seen = observation(order(phase="completed", payment={"status": "completed"}, lineItems=lines))
    assert (seen.state, seen.delivery) == (State.SUCCEEDED, delivery)
    assert seen.final is (delivery in (Delivery.COMPLETED, Delivery.FAILED))


@pytest.mark.parametrize(
    ("refunded", "money", "state"),
    [
        ({"amount": "25.00", "currency": "usd"}, USD, State.SUCCEEDED),
        ({"amount": "5", "currency": "USD"}, Money(500, "USD"), State.SUCCEEDED),
        ({"amount": "5.00", "currency": "usdc"}, None, State.CONFLICT),
        ({"amount": "5.001", "currency": "usd"}, None, State.CONFLICT),
        ({"currency": "usd"}, None, State.CONFLICT),
        ({"amount": "5.00"}, None, State.CONFLICT),
        ({}, None, State.SUCCEEDED),
        (None, None, State.SUCCEEDED),
    ],
)
def test_a_refund_is_seen_or_a_person_looks(refunded: Any, money: Money | None, state: State):
    seen = observation(order(payment={"status": "completed", "refunded": refunded}))
    assert (seen.refunded, seen.state) == (money, state)


@pytest.mark.parametrize(
    ("amount", "currency", "money", "terms"),
    [
        ("25", "usd", USD, {}),
        ("25.000", "USD", USD, {}),
        (25, "usd", USD, {}),
        ("25.001", "usd", None, {"totalPrice": "25.001 USD"}),
        ("1e2", "usd", None, {"totalPrice": "1e2 USD"}),
        ("1", "points", None, {"totalPrice": "1 POINTS"}),
        ("0.5", "eth", Money.parse("0.5", "ETH"), {}),
    ],
)
def test_a_price_is_exact_or_a_term(amount: Any, currency: str, money: Money | None, terms: dict[str, str]):
    seen = observation(order(quote={"totalPrice": {"amount": amount, "currency": currency}}))
    assert (seen.amount, seen.currency, seen.terms) == (money, currency.upper(), terms)


async def test_a_float_is_read_as_it_is_written(wire: Wire):
    wire.answers(b'{"orderId": "o", "quote": {"totalPrice": {"amount": 0.10, "currency": "usd"}}}')
    assert (await wire.provider().fetch("o")).amount == Money(10, "USD")


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        "x",
        {},
        {"orderId": 5},
        {"orderId": "../x"},
        {"order": {"phase": "payment"}},
        order(quote={"totalPrice": "25.00"}),
        order(quote={"totalPrice": {"amount": True, "currency": "usd"}}),
        order(payment={"status": 5}),
        order(payment={"status": "x" * 65}),
        order(lineItems=["x"]),
        {**order(), "payment": "completed"},
    ],
)
async def test_nonsense_is_a_failed_read(wire: Wire, body: Any):
    wire.answers(body)
    with pytest.raises(Unreachable) as caught:
        await wire.provider().fetch(ORDER_ID)
    assert caught.value.code == "nonsense"
    assert "pi_secret" not in str(caught.value)


@pytest.mark.parametrize("ref", ["", "../x", "a/b", "é", "x" * 129])
async def test_an_id_that_cannot_be_one_is_not_asked_for(wire: Wire, ref: str):
    with pytest.raises(NotFound):
        await wire.provider().fetch(ref)
    with pytest.raises(NotFound):
        await wire.provider().update(ref, {})
    assert wire.requests == []


async def test_what_does_not_exist(wire: Wire):
    wire.answers({"error": True, "message": "Order not found"}, status=404)
    with pytest.raises(NotFound, match="Order not found"):
        await wire.provider().fetch(ORDER_ID)


async def test_too_many_reads(wire: Wire):
    wire.answers({"error": True, "message": "slow"}, status=429, headers={"retry-after": "30"})
    with pytest.raises(RateLimited) as caught:
        await wire.provider().fetch(ORDER_ID)
    assert caught.value.retry_after == 30


@pytest.mark.parametrize(
    "failure", [httpx.ReadTimeout("x"), httpx.ConnectError("x"), httpx.RemoteProtocolError("x")]
)
async def test_no_answer(wire: Wire, failure: Exception):
    wire.fails(failure)
    with pytest.raises(Unreachable):
        await wire.provider().fetch(ORDER_ID)


async def test_an_update_sends_the_whole_payment(wire: Wire):
    wire.answers({"order": order()})
    payment = {"method": "card", "currency": "usd", "receiptEmail": "a@example.com"}
    seen = await wire.provider().update(ORDER_ID, payment)
    assert seen.state is State.OPEN
    assert (wire.sent.method, wire.sent.url.path) == ("PATCH", f"/api/2022-06-09/orders/{ORDER_ID}")
    assert wire.body == {"payment": payment}


async def test_an_update_whose_answer_is_lost_is_unknown(wire: Wire):
    wire.fails(httpx.ReadTimeout("x"))
    with pytest.raises(OutcomeUnknown):
        await wire.provider().update(ORDER_ID, {})


KEYS = st.sampled_from(
    [
        "orderId",
        "order",
        "phase",
        "payment",
        "quote",
        "status",
        "lineItems",
        "totalPrice",
        "amount",
        "currency",
        "refunded",
    ]
)
LEAVES = st.sampled_from(
    [None, True, 5, -1, "", "25.00", "usd", "completed", "o-1", "\ud800", "x" * 300, "٣"]
)
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=16,
)


@given(body=BODIES, payment=BODIES, quote=BODIES)
def test_whatever_comes_is_read_or_nonsense(body: Any, payment: Any, quote: Any):
    for candidate in (body, {"orderId": "o-1", "payment": payment, "quote": quote, "lineItems": body}):
        try:
            seen = observation(candidate)
        except Nonsense:
            continue
        assert seen.ref
        assert seen.state is not State.SUCCEEDED or "completed" in str(candidate)
