"""Looking for the order that a create made before its answer was lost, and the list that it looks in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from checkout_server.money import Money
from checkout_server.providers.base import CreateAttempt, Observation, State, Unreachable
from tests.providers.cryptopay.support import (
    ORDER_ID,
    SERIAL,
    SESSION_ID,
    Wire,
    attempt,
    confirmed,
    enveloped,
    listed,
    order,
    refusal,
    row,
    transaction,
)

OLDER = row(order_id="ORD-old", created_at="2026-03-01T11:00:00Z")
OTHERS = order(order_id="ORD-other", nonce=7, order_info='{"checkout_session": "cs_other"}')


def query(wire: Wire, index: int = 0) -> dict[str, str]:
    return dict(wire.requests[index].url.params)


async def test_by_nonce_and_session_in_rows_that_have_neither(wire: Wire):
    wire.answers(
        listed(row(order_id="ORD-other"), row(), OLDER),
        enveloped(OTHERS),
        enveloped(order()),
    )
    found = await wire.provider().find(attempt())
    assert found is not None
    assert (found.ref, found.terms["nonce"]) == (ORDER_ID, str(SERIAL))
    assert found.public["address"]
    assert wire.paths == [
        "GET /api/payment-orders/",
        "GET /api/payment-orders/ORD-other/",
        f"GET /api/payment-orders/{ORDER_ID}/",
    ]
    assert query(wire) == {"ordering": "-created_at", "page": "1", "page_size": "100", "blockchain": "base"}


async def test_rows_that_say_more_save_reading(wire: Wire):
    wire.answers(listed(OTHERS, order(order_id="ORD-2", nonce=SERIAL + 1), order()), enveloped(order()))
    found = await wire.provider().find(attempt())
    assert found is not None
    assert found.ref == ORDER_ID
    assert len(wire.requests) == 2


@pytest.mark.parametrize(
    "other",
    [
        row(amount="10.00"),
        row(currency="USDT"),
        row(created_at="2026-03-01T11:58:00Z"),
    ],
)
async def test_what_cannot_be_ours_is_not_read(wire: Wire, other: dict[str, Any]):
    wire.answers(listed(other, OLDER))
    assert await wire.provider().find(attempt()) is None
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "other",
    [
        order(nonce=SERIAL - 1),
        order(order_info='{"checkout_session": "cs_other"}'),
        order(order_info="{}"),
    ],
)
async def test_neither_the_number_nor_the_session_alone_is_enough(wire: Wire, other: dict[str, Any]):
    wire.answers(listed(row(), OLDER), enveloped(other))
    assert await wire.provider().find(attempt()) is None


async def test_paid_meanwhile_is_found_too(wire: Wire):
    wire.answers(listed(row(status="confirmed"), OLDER), enveloped(confirmed()))
    found = await wire.provider().find(attempt())
    assert found is not None
    assert found.ref == ORDER_ID


async def test_an_empty_account_surely_holds_none(wire: Wire):
    wire.answers(listed())
    assert await wire.provider().find(attempt()) is None


async def test_pages_are_followed_until_the_list_is_older_than_the_attempt(wire: Wire):
    wire.answers(
        listed(row(amount="1.00"), row(amount="2.00"), more=True),
        listed(row(amount="3.00"), OLDER, more=True),
    )
    assert await wire.provider().find(attempt()) is None
    assert [query(wire, index)["page"] for index in (0, 1)] == ["1", "2"]


async def test_a_list_without_end_proves_nothing(wire: Wire):
    wire.answers(listed(row(amount="1.00"), more=True))
    with pytest.raises(Unreachable, match="far enough"):
        await wire.provider().find(attempt())
    assert len(wire.requests) == 10


async def test_too_many_that_look_alike_prove_nothing(wire: Wire):
    wire.answers(listed(*(row() for _ in range(30)), OLDER))
    wire.answers(enveloped(OTHERS))
    with pytest.raises(Unreachable, match="Too many"):
        await wire.provider().find(attempt())
    assert len(wire.requests) <= 25


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"results": None},
        {"results": {}},
        enveloped([]),
        listed(row(created_at=None)),
        listed(row(created_at="yesterday")),
        listed(row(order_id="../x")),
        listed("x"),  # type: ignore[arg-type]
        listed(row(amount="a lot")),
        listed(row(created_at="2026-03-01T12:00:01Z"), row(created_at="2026-03-01T13:00:00Z")),
    ],
)
async def test_a_list_that_cannot_be_read_proves_nothing(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises(Unreachable):
        await wire.provider().find(attempt())


@pytest.mark.parametrize("data", [None, order(receiving_address=None), order(nonce=[])])
async def test_nor_does_an_order_that_cannot_be_read(wire: Wire, data: object):
    wire.answers(listed(row(), OLDER), enveloped(data))
    with pytest.raises(Unreachable):
        await wire.provider().find(attempt())


async def test_nor_one_that_is_ours_and_not_what_was_asked_for(wire: Wire):
    wire.answers(listed(row(), OLDER), enveloped(order(blockchain="ethereum")))
    with pytest.raises(Unreachable):
        await wire.provider().find(attempt())


async def test_trouble_while_looking_proves_nothing(wire: Wire):
    wire.answers(refusal("X"), status=500)
    with pytest.raises(Unreachable):
        await wire.provider().find(attempt())


async def test_the_sessions_own_network_is_looked_through(wire: Wire):
    wire.answers(listed())
    other: CreateAttempt = attempt(options={"blockchain": "tron"}, amount=Money.parse("1", "USDT"))
    await wire.provider().find(other)
    assert query(wire)["blockchain"] == "tron"


async def test_the_list_as_observations(wire: Wire):
    wire.answers(
        listed(
            row(status="confirmed"),
            row(order_id="ORD-2", status="processing"),
            confirmed(order_id="ORD-3", transaction=None),
            confirmed(order_id="ORD-4", transaction=transaction(confirmations=1)),
            more=True,
        ),
        listed(row(order_id="ORD-5", amount="a lot"), row(order_id="ORD-6", status="expired")),
    )
    found: list[Observation] = []

    async def read() -> None:
        async for each in wire.provider(min_confirmations=3).list():
            found.append(each)  # noqa: PERF401 - it ends with an error

    with pytest.raises(Unreachable, match="1 of the listed"):
        await read()
    assert [(each.ref, each.state) for each in found] == [
        (ORDER_ID, State.SUCCEEDED),
        ("ORD-2", State.PROCESSING),
        ("ORD-3", State.SUCCEEDED),
        ("ORD-4", State.PROCESSING),
        ("ORD-6", State.EXPIRED),
    ]
    assert [each.reference for each in found] == [None, None, SESSION_ID, SESSION_ID, None]
    assert "blockchain" not in query(wire)


async def test_a_moment_of_difference_between_the_clocks(wire: Wire):
    wire.answers(listed(row(created_at="2026-03-01T11:59:30Z"), OLDER), enveloped(order()))
    assert await wire.provider().find(attempt()) is not None
    late = attempt(created_at=attempt().created_at + timedelta(minutes=5))
    wire = Wire()
    wire.answers(listed(row(), OLDER))
    assert await wire.provider().find(late) is None


async def test_a_network_that_is_no_longer_configured_proves_nothing(wire: Wire):
    with pytest.raises(Unreachable):
        await wire.provider().find(attempt(options={"blockchain": "polygon"}))
    assert wire.requests == []
