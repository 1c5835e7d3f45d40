from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.money import Money
from checkout_server.providers.base import NotFound, Observation, OutcomeUnknown, State, Unreachable
from tests.providers.crypto_com.support import PAYMENT_ID, SESSION_ID, Wire, json_values, payment

USD25 = Money(2500, "USD")


async def test_a_payment_is_fetched_by_its_id(wire: Wire):
    wire.answers(payment(status="succeeded", settled_at=1772366700, amount_refunded=500, time_window=600))
    assert await wire.provider().fetch(PAYMENT_ID) == Observation(
        ref=PAYMENT_ID,
        state=State.SUCCEEDED,
        amount=USD25,
        currency="USD",
        mode="test",
        reference=SESSION_ID,
        received=USD25,
        refunded=Money(500, "USD"),
        final=True,
        at=datetime(2026, 3, 1, 12, 5, tzinfo=UTC),
    )
    assert wire.sent.method == "GET"
    assert str(wire.sent.url) == f"https://pay.crypto.com/api/payments/{PAYMENT_ID}"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.OPEN),
        ({"captured": True}, State.OPEN),
        ({"expired": False, "current_inbound_fund": None}, State.OPEN),
        ({"current_inbound_fund": {}}, State.OPEN),
        ({"current_inbound_fund": {"amount": "100.0"}}, State.PROCESSING),
        ({"current_inbound_fund": "fund-1"}, State.PROCESSING),
        ({"expired": True}, State.EXPIRED),
        ({"expired": True, "current_inbound_fund": {"amount": "1"}}, State.CONFLICT),
        ({"status": "succeeded"}, State.SUCCEEDED),
        ({"status": "succeeded", "expired": True}, State.SUCCEEDED),
        ({"status": "cancelled"}, State.CANCELLED),
        ({"status": "requires_magic"}, State.OPEN),
        ({"status": "Succeeded"}, State.OPEN),
        ({"status": None}, State.OPEN),
    ],
)
async def test_states(wire: Wire, changes: dict[str, Any], state: State):
    wire.answers(payment(**changes))
    seen = await wire.provider().fetch(PAYMENT_ID)
    assert seen.state is state
    assert seen.received == (USD25 if state is State.SUCCEEDED else None)
    assert seen.final is (state in (State.SUCCEEDED, State.CANCELLED))


async def test_the_body_says_which_payment_it_is(wire: Wire):
    wire.answers(payment(id="another"))
    assert (await wire.provider().fetch(PAYMENT_ID)).ref == "another"


async def test_only_an_id_is_needed(wire: Wire):
    wire.answers({"id": PAYMENT_ID})
    bare = Observation(ref=PAYMENT_ID, state=State.OPEN, reference="")
    assert await wire.provider().fetch(PAYMENT_ID) == bare


@pytest.mark.parametrize(("live", "mode"), [(True, "live"), (False, "test"), ("true", None), (None, None)])
async def test_the_mode_is_what_is_said_of_it(wire: Wire, live: object, mode: str | None):
    wire.answers(payment(live_mode=live))
    assert (await wire.provider().fetch(PAYMENT_ID)).mode == mode


@pytest.mark.parametrize("currency", ["XYZ", "KWD", "usd"])
async def test_a_currency_that_cannot_be_counted_is_kept_as_a_word(wire: Wire, currency: str):
    wire.answers(payment(status="succeeded", currency=currency))
    seen = await wire.provider().fetch(PAYMENT_ID)
    assert (seen.amount, seen.received, seen.currency) == (None, None, currency)


async def test_fully_refunded_without_an_amount_is_all_of_it(wire: Wire):
    wire.answers(payment(status="succeeded", refunded=True, amount_refunded=None))
    assert (await wire.provider().fetch(PAYMENT_ID)).refunded == USD25


@pytest.mark.parametrize("stamp", [0, -1, 1772366700000, "1772366700", True, None, {}])
async def test_a_moment_is_unix_seconds_or_none(wire: Wire, stamp: object):
    wire.answers(payment(status="succeeded", settled_at=stamp))
    assert (await wire.provider().fetch(PAYMENT_ID)).at is None


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        "pending",
        {},
        payment(id=None),
        payment(id=""),
        payment(id=["x"]),
        payment(amount="abc"),
        payment(amount="25.00"),
        payment(amount=25.5),
        payment(amount=2500.0),
        payment(amount=-1),
        payment(amount=True),
        payment(amount={}),
        payment(amount=10**61),
        payment(amount_refunded="-1"),
        payment(status=7),
        payment(status=["succeeded"]),
        payment(currency=840),
        payment(currency="\ud800"),
        b'{"id": "x", "amount": NaN}',
        b'{"id": "x", "amount": 1e3}',
    ],
)
async def test_nonsense_is_a_failed_read(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises(Unreachable) as caught:
        await wire.provider().fetch(PAYMENT_ID)
    assert caught.value.code == "nonsense"


KEYS = st.sampled_from([*sorted(payment()), "expired", "settled_at", "current_inbound_fund"])


@given(st.dictionaries(KEYS, json_values(KEYS)))
async def test_whatever_it_says_is_an_observation_or_a_failed_read(changes: dict[str, Any]):
    wire = Wire()
    wire.answers(payment(**changes))
    try:
        seen = await wire.provider().fetch(PAYMENT_ID)
    except Unreachable:
        return
    if seen.state is State.SUCCEEDED:
        assert changes.get("status") == "succeeded"
        assert seen.received == seen.amount


@pytest.mark.parametrize("ref", ["", "..", "../refunds", "a/b", "a?b", "a b", "é", "x" * 129])
async def test_what_cannot_be_an_id_is_never_sent(wire: Wire, ref: str):
    provider = wire.provider()
    for call in (provider.fetch, provider.cancel, provider.fetch_refund):
        with pytest.raises(NotFound):
            await call(ref)
    assert wire.requests == []


async def test_cancelling_is_a_post(wire: Wire):
    wire.answers(payment(status="cancelled"))
    seen = await wire.provider().cancel(PAYMENT_ID)
    assert seen.state is State.CANCELLED
    assert wire.sent.method == "POST"
    assert wire.sent.url.path == f"/api/payments/{PAYMENT_ID}/cancel"
    assert wire.sent.content == b""


async def test_a_cancellation_with_an_unreadable_answer_may_have_happened(wire: Wire):
    wire.answers([])
    with pytest.raises(OutcomeUnknown):
        await wire.provider().cancel(PAYMENT_ID)
