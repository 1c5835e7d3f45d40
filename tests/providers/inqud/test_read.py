from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.money import Money
from checkout_server.providers.base import NotFound, Observation, State, Unreachable
from tests.providers.inqud.support import (
    CHECKOUT_ID,
    CHECKOUTS,
    PROJECT,
    SESSION_ID,
    Wire,
    checkout,
    fixed,
    json_values,
    paid,
)

USD25 = Money(2500, "USD")


async def test_a_checkout_is_fetched_by_its_id(wire: Wire):
    wire.answers(fixed(status="SUCCESS", request=paid(), lastUpdatedAt="2026-03-01T12:05:00.123456789Z"))
    assert await wire.provider().fetch(CHECKOUT_ID) == Observation(
        ref=CHECKOUT_ID,
        state=State.SUCCEEDED,
        amount=USD25,
        currency="USD",
        reference=SESSION_ID,
        transaction="0xabc",
        terms={"project": PROJECT, "type": "FIXED_PRICE"},
        final=True,
        at=datetime(2026, 3, 1, 12, 5, 0, 123456, tzinfo=UTC),
    )
    assert (wire.sent.method, str(wire.sent.url)) == ("GET", f"{CHECKOUTS}/{CHECKOUT_ID}")


async def test_the_path_of_a_read_is_a_setting(wire: Wire):
    wire.answers(fixed())
    await wire.provider(fetch_path="/v2/checkouts/{id}/full").fetch(CHECKOUT_ID)
    assert str(wire.sent.url) == f"https://api.inqud.com/v2/checkouts/{CHECKOUT_ID}/full"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.OPEN),
        ({"status": "SUCCESS"}, State.SUCCEEDED),
        ({"status": "CONFLICT"}, State.CONFLICT),
        ({"status": "COMPLETED"}, State.OPEN),
        ({"status": "success"}, State.OPEN),
        ({"status": "EXPIRED"}, State.OPEN),
        ({"status": None}, State.OPEN),
        ({"request": None}, State.OPEN),
        ({"request": []}, State.OPEN),
        ({"request": {"paymentWindowEndsAt": "2026-03-01T12:30:00Z"}}, State.OPEN),
        ({"request": paid(0, txHash=None)}, State.OPEN),
        ({"request": {"paidAmount": 0, "txHash": ""}}, State.OPEN),
        ({"request": {"paidAmount": 25.5}}, State.PROCESSING),
        ({"request": paid(1, "XYZ", txHash=None)}, State.PROCESSING),
        ({"request": {"txHash": "0xabc"}}, State.PROCESSING),
        ({"status": "PENDING_MAGIC", "request": paid()}, State.PROCESSING),
        ({"status": "CONFLICT", "request": paid()}, State.CONFLICT),
    ],
)
async def test_states(wire: Wire, changes: dict[str, Any], state: State):
    wire.answers(fixed(**changes))
    seen = await wire.provider().fetch(CHECKOUT_ID)
    assert seen.state is state
    assert seen.final is (state is State.SUCCEEDED)


@pytest.mark.parametrize("kind", ["NO_PRICE", "SUGGESTED_FIXED_PRICE"])
@pytest.mark.parametrize(
    ("number", "currency", "received"),
    [
        (25, "USDT", Money(25_000_000, "USDT")),
        ("12.345678", "USDC", Money(12_345_678, "USDC")),
        (b"0.10", "BTC", Money(10_000_000, "BTC")),
        (b"1e2", "ETH", Money(100 * 10**18, "ETH")),
    ],
)
async def test_an_open_price_is_what_was_received(
    wire: Wire, kind: str, number: Any, currency: str, received: Money
):
    body = checkout(type=kind, status="SUCCESS", request=paid("NUMBER", currency))
    text = number.decode() if isinstance(number, bytes) else str(number)
    wire.answers(str(body).replace("'NUMBER'", text).replace("'", '"').encode())
    seen = await wire.provider().fetch(CHECKOUT_ID)
    assert (seen.state, seen.received, seen.amount) == (State.SUCCEEDED, received, None)


@pytest.mark.parametrize(
    "request_",
    [
        None,
        {},
        {"paidAmount": None},
        {"paidAmount": 25},  # of what?
        paid(0),
        paid(-1),
        paid(25, "XYZ"),
        paid("0.0000001", "USDT"),  # less than the smallest part we count
        paid("1e99", "USDT"),
        paid(True),
        paid([25]),
    ],
)
async def test_an_open_price_whose_sum_cannot_be_told_is_for_a_person(wire: Wire, request_: Any):
    wire.answers(checkout(status="SUCCESS", request=request_))
    seen = await wire.provider().fetch(CHECKOUT_ID)
    assert (seen.state, seen.received, seen.final) == (State.CONFLICT, None, False)


async def test_coins_for_a_price_in_dollars_are_no_amount_received(wire: Wire):
    wire.answers(fixed(status="CONFLICT", request=paid(10, "USDT")))
    assert (await wire.provider().fetch(CHECKOUT_ID)).received is None
    same = Wire()
    same.answers(fixed("0.5", "ETH", status="CONFLICT", request=paid("0.2", "ETH")))
    assert (await same.provider().fetch(CHECKOUT_ID)).received == Money(2 * 10**17, "ETH")


async def test_the_body_says_which_checkout_it_is(wire: Wire):
    wire.answers(fixed(id="CCO-other", projectId="CAP-other", clientOrderId="cs_other"))
    seen = await wire.provider().fetch(CHECKOUT_ID)
    assert (seen.ref, seen.reference, seen.terms["project"]) == ("CCO-other", "cs_other", "CAP-other")


async def test_only_an_id_is_needed(wire: Wire):
    wire.answers({"id": CHECKOUT_ID})
    bare = Observation(ref=CHECKOUT_ID, state=State.OPEN, reference="")
    assert await wire.provider().fetch(CHECKOUT_ID) == bare


@pytest.mark.parametrize(("amount", "currency"), [(25, "XYZ"), (25, "usd"), (25, None), ("25.005", "USD")])
async def test_a_price_that_cannot_be_counted_is_no_amount(wire: Wire, amount: Any, currency: Any):
    wire.answers(fixed(amount, currency, status="SUCCESS"))
    seen = await wire.provider().fetch(CHECKOUT_ID)
    assert (seen.state, seen.amount, seen.currency) == (State.SUCCEEDED, None, currency)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2023-12-22T09:59:46.882256224Z", datetime(2023, 12, 22, 9, 59, 46, 882256, tzinfo=UTC)),
        ("2023-12-22T09:59:46.5Z", datetime(2023, 12, 22, 9, 59, 46, 500000, tzinfo=UTC)),
        ("2023-12-22T09:59:46Z", datetime(2023, 12, 22, 9, 59, 46, tzinfo=UTC)),
        ("2023-12-22T09:59:46.8822562249Z", None),
        ("2023-12-22T09:59:46", None),
        ("2023-12-22T09:59:46+01:00", None),
        ("2023-02-30T09:59:46Z", None),
        ("2023-12-22T24:00:00Z", None),
        (1703239186, None),
        (None, None),
        ({}, None),
    ],
)
async def test_a_moment_is_utc_to_the_nanosecond_or_none(wire: Wire, said: Any, at: datetime | None):
    wire.answers(fixed(lastUpdatedAt=said))
    assert (await wire.provider().fetch(CHECKOUT_ID)).at == at


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        "NEW",
        {},
        fixed(id=None),
        fixed(id=["x"]),
        fixed("abc"),
        fixed(None),
        fixed(True),
        fixed({}),
        fixed(10**61),
        fixed("1e100"),
        fixed(currency=840),
        fixed(currency="\ud800"),
        checkout(fixedAmount=25),
        checkout(status=7),
        checkout(type=["NO_PRICE"]),
        checkout(projectId=1),
        b'{"id": "x", "fixedAmount": {"amount": NaN, "currency": "USD"}}',
    ],
)
async def test_nonsense_is_a_failed_read(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises(Unreachable) as caught:
        await wire.provider().fetch(CHECKOUT_ID)
    assert caught.value.code == "nonsense"


KEYS = st.sampled_from(
    [*sorted(fixed()), "request", "paidAmount", "txHash", "lastUpdatedAt", "amount", "currency"]
)


@given(st.dictionaries(KEYS, json_values(KEYS)))
async def test_whatever_it_says_is_an_observation_or_a_failed_read(changes: dict[str, Any]):
    wire = Wire()
    wire.answers(checkout(**changes))
    try:
        seen = await wire.provider().fetch(CHECKOUT_ID)
    except Unreachable:
        return
    if seen.state is State.SUCCEEDED:
        assert changes["status"] == "SUCCESS"
        assert seen.received is not None or seen.terms["type"] == "FIXED_PRICE"


@pytest.mark.parametrize("ref", ["", "..", "../projects", "a/b", "a?b", "a b", "é", "x" * 129, "{id}"])
async def test_what_cannot_be_an_id_is_never_sent(wire: Wire, ref: str):
    with pytest.raises(NotFound):
        await wire.provider().fetch(ref)
    assert wire.requests == []
