from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.money import Money
from checkout_server.providers.base import NotFound, Observation, Refused, State, Unreachable
from tests.providers.cryptopay.support import (
    ADDRESS,
    HASH,
    ORDER_ID,
    SERIAL,
    SESSION_ID,
    URL,
    Wire,
    confirmed,
    json_values,
    order,
    refusal,
    transaction,
)

TERMS = {"blockchain": "base", "nonce": str(SERIAL), "receiving_address": ADDRESS}
HUNDRED = Money.parse("100", "USDC")


async def seen(**changes: Any) -> Observation:
    wire = Wire()
    wire.gives(order(**changes))
    return await wire.provider().fetch(ORDER_ID)


async def paid(min_confirmations: int | None = None, **changes: Any) -> Observation:
    wire = Wire()
    wire.gives(confirmed(**changes))
    return await wire.provider(min_confirmations=min_confirmations).fetch(ORDER_ID)


async def test_an_order_is_read_by_its_id(wire: Wire):
    wire.gives(order())
    assert await wire.provider().fetch(ORDER_ID) == Observation(
        ref=ORDER_ID,
        state=State.OPEN,
        amount=HUNDRED,
        currency="USDC",
        reference=SESSION_ID,
        terms=TERMS,
    )
    assert str(wire.sent.url) == f"{URL}/api/payment-orders/{ORDER_ID}/"


async def test_a_confirmed_order_is_paid(wire: Wire):
    wire.gives(confirmed())
    assert await wire.provider().fetch(ORDER_ID) == Observation(
        ref=ORDER_ID,
        state=State.SUCCEEDED,
        amount=HUNDRED,
        currency="USDC",
        reference=SESSION_ID,
        received=HUNDRED,
        confirmations=15,
        transaction=HASH,
        terms=TERMS,
        final=True,
        at=datetime(2026, 3, 1, 12, 15, tzinfo=UTC),
    )


PENDING = {"confirmations": 2, "status": "pending"}


@pytest.mark.parametrize(
    ("status", "transfer", "state"),
    [
        ("pending", None, State.OPEN),
        ("pending", transaction(**PENDING), State.PROCESSING),  # seen, whatever the order says yet
        ("pending", transaction(status="failed"), State.OPEN),
        ("pending", {"transaction_hash": None}, State.OPEN),
        ("processing", None, State.PROCESSING),
        ("processing", transaction(**PENDING), State.PROCESSING),
        ("processing", transaction(), State.PROCESSING),
        ("expired", None, State.EXPIRED),
        ("expired", transaction(**PENDING), State.CONFLICT),
        ("expired", transaction(status="failed"), State.EXPIRED),
        ("failed", None, State.FAILED),
        ("failed", transaction(status="failed"), State.FAILED),
        ("confirmed", None, State.CONFLICT),
        ("confirmed", {"transaction_hash": None}, State.CONFLICT),
        ("confirmed", transaction(status="failed"), State.CONFLICT),
        ("confirmed", transaction(status="pending"), State.PROCESSING),
        ("confirmed", transaction(status="tentative"), State.PROCESSING),
        ("confirmed", transaction(to_address=ADDRESS.upper().replace("X", "x")), State.SUCCEEDED),
        ("confirmed", transaction(to_address="0x" + "9" * 40), State.CONFLICT),
        ("refunded", None, State.OPEN),
        ("CONFIRMED", transaction(), State.PROCESSING),
        ("", None, State.OPEN),
        (None, None, State.OPEN),
    ],
)
async def test_states(status: object, transfer: object, state: State):
    assert (await seen(status=status, transaction=transfer)).state is state


@pytest.mark.parametrize(
    ("least", "done", "state"),
    [
        (None, 0, State.SUCCEEDED),
        (None, None, State.SUCCEEDED),
        (12, 11, State.PROCESSING),
        (12, 12, State.SUCCEEDED),
        (12, 13, State.SUCCEEDED),
        (1, 0, State.PROCESSING),
        (1, None, State.PROCESSING),
    ],
)
async def test_the_merchants_own_minimum(least: int | None, done: int | None, state: State):
    found = await paid(least, transaction=transaction(confirmations=done))
    assert found.state is state
    assert (found.received is not None) == (state is State.SUCCEEDED)
    assert (found.confirmations, found.confirmations_needed) == (done, least)


async def test_confirmations_are_told_while_they_come():
    found = await seen(status="processing", transaction=transaction(confirmations=2, status="pending"))
    assert (found.confirmations, found.confirmations_needed, found.final) == (2, None, False)


async def test_a_failed_transfer_has_its_reason():
    found = await seen(status="failed")
    assert found.failure is not None
    assert found.failure.code == "transfer_failed"
    assert not found.failure.retryable


@pytest.mark.parametrize(
    ("info", "reference"),
    [
        ({"checkout_session": SESSION_ID}, SESSION_ID),
        ('{"checkout_session": "cs_other"}', "cs_other"),
        (None, ""),
        ("{}", ""),
        ("not json", ""),
        ("[" * 50_000, ""),
        ('{"checkout_session": 7}', ""),
        ('{"checkout_session": "a\\nb"}', ""),
        ("[]", ""),
        (7, ""),
    ],
)
async def test_an_order_that_does_not_carry_our_session_is_somebody_elses(info: object, reference: str):
    assert (await seen(order_info=info)).reference == reference


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"blockchain": "polygon"}, "blockchain", "polygon"),
        ({"nonce": 7}, "nonce", "7"),
        ({"nonce": str(SERIAL)}, "nonce", str(SERIAL)),
        ({"receiving_address": "0x" + "A" * 40}, "receiving_address", "0x" + "a" * 40),
    ],
)
async def test_terms_are_the_providers_words(changes: dict[str, object], name: str, said: str):
    assert (await seen(**changes)).terms[name] == said


async def test_what_is_not_said_is_no_term():
    found = await seen(blockchain=None, nonce=None, receiving_address=None)
    assert found.terms == {}


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("100.000000", "USDC", HUNDRED),
        (100, "USDC", HUNDRED),
        ("100.0000001", "USDC", None),  # finer than the token: not an amount of ours
        ("100", "WIF", None),
        ("9" * 60, "USDC", None),
        (None, "USDC", None),
        ("100", None, None),
    ],
)
async def test_amounts_are_exact_or_none(amount: object, currency: object, expected: Money | None):
    found = await seen(amount=amount, currency=currency)
    assert (found.amount, found.currency) == (expected, currency)


async def test_a_json_number_is_read_as_it_is_written(wire: Wire):
    wire.answers(b'{"success": true, "data": {"order_id": "ORD-1", "amount": 0.1, "currency": "ETH"}}')
    assert (await wire.provider().fetch(ORDER_ID)).amount == Money.parse("0.1", "ETH")


@pytest.mark.parametrize("stamp", [None, 7, "", "soon", "2026-03-01T12:15:00", "x" * 100])
async def test_a_time_without_zone_is_none(stamp: object):
    assert (await paid(confirmed_at=stamp)).at is None


@pytest.mark.parametrize(
    "data",
    [
        [],
        None,
        "pending",
        {},
        order(order_id=""),
        order(order_id=["x"]),
        order(amount="abc"),
        order(amount="-1"),
        order(amount=-1),
        order(amount=True),
        order(amount={}),
        order(amount="1" * 61),
        order(amount="1e3"),
        order(status=7),
        order(status=["confirmed"]),
        order(currency=840),
        order(currency="\ud800"),
        order(nonce=True),
        order(nonce=[]),
        order(receiving_address="\n"),
        order(transaction="0x1"),
        order(transaction=transaction(confirmations=-1)),
        order(transaction=transaction(confirmations="15")),
        order(transaction=transaction(confirmations=True)),
        order(transaction=transaction(transaction_hash=7)),
        order(transaction=transaction(transaction_hash="a b c d e f g")),
    ],
)
async def test_nonsense_is_a_failed_read(wire: Wire, data: object):
    wire.gives(data)
    with pytest.raises(Unreachable) as caught:
        await wire.provider().fetch(ORDER_ID)
    assert caught.value.code == "nonsense"


@pytest.mark.parametrize("body", [[], None, {}, order(), {"data": order()}, b'{"success": NaN}'])
async def test_so_is_an_answer_without_envelope(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises((Unreachable, Refused)):
        await wire.provider().fetch(ORDER_ID)


async def test_an_envelope_that_says_no(wire: Wire):
    wire.answers(refusal("VALIDATION_ERROR"))
    with pytest.raises(Refused):
        await wire.provider().fetch(ORDER_ID)


KEYS = st.sampled_from([*sorted(confirmed()), *sorted(transaction()), "to_address"])


@given(st.dictionaries(KEYS, json_values(KEYS)))
async def test_whatever_it_says_is_an_observation_or_a_failed_read(changes: dict[str, Any]):
    wire = Wire()
    wire.gives(confirmed(**changes))
    try:
        found = await wire.provider(min_confirmations=3).fetch(ORDER_ID)
    except Unreachable:
        return
    if found.state is State.SUCCEEDED:
        assert found.transaction
        assert found.confirmations is not None
        assert found.confirmations >= 3
        assert found.received == found.amount


@pytest.mark.parametrize("ref", ["", "..", "../x", "a/b", "a?b", "a b", "é", "x" * 129])
async def test_what_cannot_be_an_id_is_never_sent(wire: Wire, ref: str):
    with pytest.raises(NotFound):
        await wire.provider().fetch(ref)
    assert wire.requests == []
