"""Reading the list of payments, whose paging the document does not describe.

It answers with a bare array, or with `{"items": […], "meta": {…}}` (seen in third-party code). Only a `meta` that
counts pages in the open is followed; otherwise one answer is all there is to read, and we say so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from checkout_server.providers.base import CreateAttempt, Observation, State, Unreachable
from checkout_server.providers.crypto_com.mapping import Nonsense, observation, seconds
from checkout_server.providers.http import ApiClient

_MAX_PAGES = 10
_CLOCK_SKEW = 5  # seconds by which the provider's clock may differ from ours
_MONEY = frozenset({State.SUCCEEDED, State.PROCESSING, State.CONFLICT})
_DEAD = frozenset({State.CANCELLED, State.EXPIRED})


@dataclass(frozen=True, slots=True)
class Page:
    """Payments, newest first; `last` when the provider made clear that there are no older ones."""

    rows: list[Any]
    last: bool


async def pages(api: ApiClient) -> AsyncIterator[Page]:
    """The list from the newest payment on, for as far as it can be followed."""
    read = 0
    for number in range(1, _MAX_PAGES + 1):
        body = await api.get("payments", params={"page": str(number)} if number > 1 else None)
        rows, meta = _rows(body)
        current, total = _counted(meta)
        if number > 1 and current != number:
            return  # the parameter was not understood: this is some page we did not ask for
        read += len(rows)
        yield Page(rows, last=_is_last(meta, current, total, read))
        if not rows or current is None or total is None or current >= total:
            return


def _is_last(meta: Any, current: int | None, total: int | None, read: int) -> bool:
    if total is not None:
        return current == total
    count = meta.get("total_count") if isinstance(meta, dict) else None
    return read == (count if type(count) is int else 0)


async def find(api: ApiClient, attempt: CreateAttempt) -> Any | None:
    """The payment that carries the attempt's session, as the provider wrote it; None when there surely is none.

    `order_id` is not unique: with the publishable key anybody can create payments, and a shopper who opens the
    button twice makes two. So, in this order: our amount with money, our amount without, another amount with
    money (a person must see it). Among equals with money the first to be created; without, the last, which is
    the one in front of the shopper. Another amount without money is nobody's. In the browser the next click
    creates the next payment, hence one that is over is not found there: the session is still payable.

    That there is none is only known when the list reaches back beyond the attempt; else `Unreachable`.
    """
    seen: list[Any] = []
    reached = False
    async for page in pages(api):
        seen += page.rows
        reached = page.last or _reaches(seen, attempt.created_at)
        if reached:
            break
    candidates = [row for row in seen if isinstance(row, dict) and row.get("order_id") == attempt.session_id]
    best = _best(candidates, attempt)
    if best is None and not (reached and all(isinstance(row, dict) for row in seen)):
        raise Unreachable("The list of payments does not reach back far enough to say that there is none.")
    return best


def _best(rows: list[dict[str, Any]], attempt: CreateAttempt) -> dict[str, Any] | None:
    """The row to believe in; `rows` are newest first."""
    ranked: list[tuple[tuple[bool, bool, int], int]] = []
    for index, row in enumerate(rows):
        try:
            seen = observation(row)
        except Nonsense as error:
            raise Unreachable(f"A listed payment cannot be read ({error}).") from None
        right, money = _is_priced_like(attempt, seen), seen.state in _MONEY
        over = seen.state in _DEAD and attempt.options.get("create") == "browser"
        if money or (right and not over):
            ranked.append(((right, money, index if money else -index), index))
    return rows[max(ranked)[1]] if ranked else None


def _is_priced_like(attempt: CreateAttempt, seen: Observation) -> bool:
    """What was not said is no difference: a payment of ours is rather looked at than created twice."""
    ours = attempt.amount
    return ours is not None and seen.currency in (None, ours.currency) and seen.amount in (None, ours)


async def observations(api: ApiClient) -> AsyncIterator[Observation]:
    """Every payment that can be read. One that cannot is reported after the others, so that it hides none of them."""
    unreadable = 0
    async for page in pages(api):
        for row in page.rows:
            try:
                seen = observation(row)
            except Nonsense:
                unreadable += 1
            else:
                yield seen
    if unreadable:
        raise Unreachable(f"{unreadable} of the listed payments cannot be read.")


def _rows(body: Any) -> tuple[list[Any], Any]:
    meta = None
    if isinstance(body, dict):
        body, meta = body.get("items"), body.get("meta")
    if not isinstance(body, list):
        raise Unreachable("Crypto.com Pay answered with something that is not a list of payments.")
    return body, meta


def _counted(meta: Any) -> tuple[int | None, int | None]:
    """`(current page, number of pages)` where `meta` counts them, in one of the two usual wordings."""
    if not isinstance(meta, dict):
        return None, None
    current = meta.get("current_page", meta.get("page"))
    total = meta.get("total_pages")
    if type(current) is not int or type(total) is not int or not 1 <= current <= total:
        return None, None
    return current, total


def _reaches(rows: list[Any], moment: datetime) -> bool:
    """Whether the rows are in the documented order and the last is surely older than `moment`."""
    stamps = [seconds(row.get("created")) if isinstance(row, dict) else None for row in rows]
    known = [stamp for stamp in stamps if stamp is not None]
    if not known or len(known) != len(stamps) or known != sorted(known, reverse=True):
        return False
    return known[-1] < moment.timestamp() - _CLOCK_SKEW
