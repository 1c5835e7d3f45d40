from __future__ import annotations

from typing import Any

import pytest

from checkout_server.providers.base import State, Unreachable
from tests.providers.crypto_com.support import (
    NOW,
    PAYMENT_ID,
    PUBLISHABLE,
    SESSION_ID,
    Wire,
    attempt,
    payment,
)

AT = int(NOW.timestamp())
BROWSER = {"create": "browser"}
FUND = {"amount": "25"}


def row(id: str, created: int, **changes: Any) -> dict[str, Any]:  # noqa: A002
    return payment(id=id, created=created, **{"order_id": "cs_other", **changes})


OLD = row("old", AT - 10)


async def test_ours_is_found_by_the_session_id(wire: Wire):
    wire.answers([row("newer", AT + 9), payment(expired_at=AT + 600), OLD])
    made = await wire.provider().find(attempt())
    assert made is not None
    assert made.ref == PAYMENT_ID
    assert made.public["payment_id"] == PAYMENT_ID
    assert made.public["publishable_key"] == PUBLISHABLE
    assert made.hosted_url == payment()["payment_url"]
    assert (wire.sent.method, str(wire.sent.url)) == ("GET", "https://pay.crypto.com/api/payments")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"items": [], "meta": {}},
        [OLD],
        [row("newer", AT + 9), OLD],
        {"items": [row("newer", AT + 9), OLD]},
        {"items": [row("newer", AT + 9)], "meta": {"current_page": 1, "total_pages": 1}},
        {"items": [row("newer", AT + 9)], "meta": {"total_count": 1}},
    ],
)
async def test_there_is_none_when_the_list_reaches_back(wire: Wire, body: object):
    wire.answers(body)
    assert await wire.provider().find(attempt()) is None


@pytest.mark.parametrize(
    "body",
    [
        [row("newer", AT + 9)],
        [row("same", AT)],
        [row("older, within the clocks' difference", AT - 4)],
        [OLD, row("out of order", AT + 9)],
        [row("newer", AT + 9), OLD, row("newest", AT + 20), OLD],
        [payment(id="undated", created=None, order_id="cs_other"), OLD],
        ["unreadable", OLD],
        {"items": [row("newer", AT + 9)], "meta": {"next": "abc"}},
        {"items": [row("newer", AT + 9)], "meta": {"total_count": 2}},
        {"items": [], "meta": {"total_count": 2}},
        {"items": [row("newer", AT + 9)], "meta": {"current_page": "1", "total_pages": "1"}},
        {"data": []},
        "nothing",
        None,
    ],
)
async def test_it_is_never_said_that_there_is_none_when_there_might_be(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises(Unreachable):
        await wire.provider().find(attempt())


async def test_counted_pages_are_followed(wire: Wire):
    wire.answers(
        {"items": [row("newer", AT + 9)], "meta": {"current_page": 1, "total_pages": 3}},
        {"items": [payment(), OLD], "meta": {"current_page": 2, "total_pages": 3}},
    )
    made = await wire.provider().find(attempt())
    assert made is not None
    assert made.ref == PAYMENT_ID
    assert [dict(r.url.params) for r in wire.requests] == [{}, {"page": "2"}]


async def test_a_page_that_was_not_asked_for_ends_the_reading(wire: Wire):
    wire.answers({"items": [row("newer", AT + 9)], "meta": {"page": 1, "total_pages": 3}})
    with pytest.raises(Unreachable):
        await wire.provider().find(attempt())
    assert len(wire.requests) == 2


@pytest.mark.parametrize(
    ("ours", "options", "found"),
    [
        # Newest first, as the provider lists them.
        ([("b", {}), ("a", {"status": "succeeded"})], {}, "a"),
        ([("b", {"status": "succeeded"}), ("a", {"status": "succeeded"})], {}, "a"),
        ([("b", {}), ("a", {"current_inbound_fund": FUND})], BROWSER, "a"),
        ([("b", {}), ("a", {})], BROWSER, "b"),
        ([("b", {"status": "cancelled"}), ("a", {})], BROWSER, "a"),
        ([("b", {"expired": True})], BROWSER, None),
        ([("b", {"expired": True, "current_inbound_fund": FUND})], BROWSER, "b"),
        ([("b", {"expired": True})], {}, "b"),
        ([("b", {"amount": 1})], {}, None),
        ([("b", {"amount": 1, "status": "succeeded"})], {}, "b"),
        ([("b", {"amount": 1, "status": "succeeded"}), ("a", {})], {}, "a"),
        ([("b", {"currency": "EUR"}), ("a", {})], {}, "a"),
        ([("b", {"amount": None})], {}, "b"),
    ],
)
async def test_which_of_several(
    wire: Wire, ours: list[tuple[str, dict[str, Any]]], options: dict[str, str], found: str | None
):
    rows = [row(name, AT + 9, order_id=SESSION_ID, **changes) for name, changes in ours]
    wire.answers([*rows, OLD])
    made = await wire.provider().find(attempt(options=options))
    assert (made and made.ref) == found


async def test_a_match_that_cannot_be_read_is_not_none(wire: Wire):
    wire.answers([row("b", AT + 9, order_id=SESSION_ID, amount="many"), OLD])
    with pytest.raises(Unreachable):
        await wire.provider().find(attempt())


async def test_somebody_elses_nonsense_hides_nothing(wire: Wire):
    wire.answers([row("b", AT + 9, amount="many"), payment(), OLD])
    made = await wire.provider().find(attempt())
    assert made is not None
    assert made.ref == PAYMENT_ID


async def test_the_list_is_observations(wire: Wire):
    wire.answers(
        {"items": [payment(status="succeeded")], "meta": {"current_page": 1, "total_pages": 2}},
        {"items": [OLD], "meta": {"current_page": 2, "total_pages": 2}},
    )
    seen = [(o.ref, o.state, o.reference) async for o in wire.provider().list()]
    assert seen == [(PAYMENT_ID, State.SUCCEEDED, SESSION_ID), ("old", State.OPEN, "cs_other")]


async def test_an_unreadable_row_is_told_after_all_others(wire: Wire):
    wire.answers([payment(), {"id": 7}, OLD])
    rows = wire.provider().list()
    assert [(await anext(rows)).ref, (await anext(rows)).ref] == [PAYMENT_ID, "old"]
    with pytest.raises(Unreachable, match="1 of the listed"):
        await anext(rows)
