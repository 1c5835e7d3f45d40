"""The account's orders, newest first, page by page; and among them the one that an attempt made.

The list is `{count, next, previous, results}` without envelope. Its rows are shorter than orders: the document shows them
without nonce and `order_info`, so what may be ours is read in full.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from checkout_server.providers.base import CreateAttempt, Observation, Unreachable
from checkout_server.providers.cryptopay.mapping import Nonsense, is_id, moment, observation
from checkout_server.providers.cryptopay.settings import CryptoPaySettings
from checkout_server.providers.http import ApiClient

ORDERS = "api/payment-orders/"
_PAGE_SIZE = 100  # the most that is allowed
_MAX_PAGES = 10
_MAX_READS = 20  # of orders that look like ours: each costs a request of the hourly thousand
_CLOCK_SKEW = timedelta(seconds=60)

Read = Callable[[str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first; `last` when the provider says that there are no older ones."""

    rows: list[Any]
    last: bool


async def pages(api: ApiClient, **filters: str) -> AsyncIterator[Page]:
    for number in range(1, _MAX_PAGES + 1):
        query = {"ordering": "-created_at", "page": str(number), "page_size": str(_PAGE_SIZE), **filters}
        body = await api.get(ORDERS, params=query)
        rows = body.get("results") if isinstance(body, dict) else None
        if not isinstance(rows, list):
            raise Unreachable("CryptoPay answered with something that is not a list of orders.")
        last = body.get("next") is None
        yield Page(rows, last)
        if last:
            return


async def find(
    api: ApiClient, read: Read, attempt: CreateAttempt, blockchain: str, settings: CryptoPaySettings
) -> Any | None:
    """The order with the attempt's nonce and our session, in full; None when there surely is none.

    That there is none is only known when the list reaches back beyond the attempt; else `Unreachable`.
    """
    since = attempt.created_at - _CLOCK_SKEW
    reads = 0
    previous: datetime | None = None
    async for page in pages(api, blockchain=blockchain):
        for row in page.rows:
            at, ref = _when_and_which(row)
            if previous is not None and at > previous + _CLOCK_SKEW:
                raise Unreachable("CryptoPay's list of orders is not in the order that was asked for.")
            previous = at
            if at < since:
                return None
            if not _may_be(row, attempt, settings):
                continue
            reads += 1
            if reads > _MAX_READS:
                raise Unreachable("Too many orders look like the one that is looked for.")
            order = await read(ref)
            if _is(order, attempt, settings):
                return order
        if page.last:
            return None
    raise Unreachable("The list of orders does not reach back far enough to say that there is none.")


async def observations(api: ApiClient, settings: CryptoPaySettings) -> AsyncIterator[Observation]:
    """Every order that can be read. One that cannot is reported after the others, so that it hides none of them."""
    unreadable = 0
    async for page in pages(api):
        for row in page.rows:
            try:
                seen = observation(row, settings, whole=False)
            except Nonsense:
                unreadable += 1
            else:
                yield seen
    if unreadable:
        raise Unreachable(f"{unreadable} of the listed orders cannot be read.")


def _when_and_which(row: Any) -> tuple[datetime, str]:
    at = moment(row.get("created_at")) if isinstance(row, dict) else None
    ref = row.get("order_id") if isinstance(row, dict) else None
    if at is None or not is_id(ref):
        raise Unreachable("A listed order cannot be read.")
    return at, ref


def _may_be(row: Any, attempt: CreateAttempt, settings: CryptoPaySettings) -> bool:
    """Whether nothing that the row says speaks against it."""
    try:
        seen = observation(row, settings, whole=False)
    except Nonsense as error:
        raise Unreachable(f"A listed order cannot be read ({error}).") from None
    amount = attempt.amount
    return (
        amount is not None
        and seen.amount in (None, amount)
        and seen.currency in (None, amount.currency)
        and seen.reference in (None, attempt.session_id)
        and seen.terms.get("nonce") in (None, str(attempt.serial))
    )


def _is(order: Any, attempt: CreateAttempt, settings: CryptoPaySettings) -> bool:
    try:
        seen = observation(order, settings)
    except Nonsense as error:
        raise Unreachable(f"An order cannot be read ({error}).") from None
    return seen.reference == attempt.session_id and seen.terms.get("nonce") == str(attempt.serial)
