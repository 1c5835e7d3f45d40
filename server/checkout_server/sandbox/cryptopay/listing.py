"""The list of orders: filters, ordering and pages, as `GET /api/payment-orders/?status=…&page=2` asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from checkout_server.sandbox.cryptopay.errors import not_found
from checkout_server.sandbox.cryptopay.records import Order

PATH = "/api/payment-orders/"
_PAGE_SIZE = 20
_MOST = 100
_KEYS: dict[str, Callable[[Order], Any]] = {
    "created_at": lambda order: (order.created_at, order.number),
    "amount": lambda order: order.wanted.value,
    "status": lambda order: order.status,
}


def listed(
    orders: Sequence[Order], query: Mapping[str, str], row: Callable[[Order], dict[str, Any]]
) -> dict[str, Any]:
    """`{count, next, previous, results}`; `orders` come newest first, which is the order unless `ordering` says another."""
    found = [order for order in orders if _matches(order, query)]
    field = query.get("ordering", "")
    key = _KEYS.get(field.removeprefix("-"))
    if key is not None:
        found.sort(key=key, reverse=field.startswith("-"))
    size = min(_number(query.get("page_size")) or _PAGE_SIZE, _MOST)
    page = _number(query.get("page", "1"))
    last = max(1, -(-len(found) // size))
    if page is None or page > last:
        raise not_found("Invalid page.")
    return {
        "count": len(found),
        "next": _link(query, page + 1) if page < last else None,
        "previous": _link(query, page - 1) if page > 1 else None,
        "results": [row(order) for order in found[(page - 1) * size : page * size]],
    }


def _matches(order: Order, query: Mapping[str, str]) -> bool:
    has = {
        "status": order.status,
        "blockchain": order.wanted.blockchain,
        "currency": order.wanted.currency,
    }
    return all(query.get(name) in (None, "", value) for name, value in has.items())


def _number(text: str | None) -> int | None:
    """A positive number of few digits, or None."""
    fits = text is not None and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) or None if fits and text else None


def _link(query: Mapping[str, str], page: int) -> str:
    return f"{PATH}?{urlencode({**query, 'page': page})}"
