"""Inqud's checkout in our words. Extra keys are ignored, missing ones are None, nonsense is refused.

Sources: the provider's document and `providers/inqud.md` (statuses, `request`, nanosecond timestamps). That
`paidAmount` has the shape of `fixedAmount` is inferred; where it has not, an open price is for a person to settle.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard

from checkout_server.money import Money
from checkout_server.providers.base import Created, Observation, State
from checkout_server.providers.config import is_safe_url
from checkout_server.providers.inqud.numbers import decimal_of, money_of
from checkout_server.providers.inqud.settings import InqudSettings

FIXED: Final = "FIXED_PRICE"

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z", re.ASCII)


class Nonsense(Exception):
    """An answer whose shape cannot be what was asked for; the text names the field."""


def is_id(value: Any) -> TypeGuard[str]:
    """Whether a value can stand in a path of the API without changing which path it is."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def created(body: Any, settings: InqudSettings, terms: Mapping[str, str]) -> Created:
    """What the page needs to show a checkout that exists: its id and the widget's script."""
    checkout = _object(body)
    ref = _id(checkout, "id")
    url = checkout.get("acquiringUrl")
    return Created(
        ref=ref,
        public={"checkout_id": ref, "widget_url": settings.widget_url if settings.widget else None},
        hosted_url=url if isinstance(url, str) and is_safe_url(url, loopback=settings.is_sandbox) else None,
        expires_at=moment(checkout.get("expiresAt")),
        terms=terms,
    )


def observation(body: Any) -> Observation:
    """A checkout. `SUCCESS` of an open price whose sum cannot be told is for a person, never paid as it is."""
    checkout = _object(body)
    kind = _word(checkout, "type")
    amount, currency = _price(checkout)
    request = checkout.get("request")
    request = request if isinstance(request, dict) else {}
    paid = _paid(request)
    # A price in dollars is paid in coins: only what came in the price's own currency says how much of it came.
    received = paid if kind != FIXED or (paid is not None and paid.currency == currency) else None
    transaction = text(request.get("txHash"), 128)
    state = _state(_word(checkout, "status"), money_seen=bool(transaction) or _is_something(request))
    if state is State.SUCCEEDED and kind != FIXED and received is None:
        state = State.CONFLICT
    said = {"project": _word(checkout, "projectId"), "type": kind}
    return Observation(
        ref=_id(checkout, "id"),
        state=state,
        amount=amount,
        currency=currency,
        # Every checkout of ours carries one: none at all, or one that cannot be ours, is another, not silence.
        reference=text(checkout.get("clientOrderId")) or "",
        received=received,
        transaction=transaction or None,
        terms={name: word for name, word in said.items() if word is not None},
        final=state is State.SUCCEEDED,
        at=moment(checkout.get("lastUpdatedAt")),
    )


def text(value: Any, limit: int = 255) -> str | None:
    """A value as text when that is what it is: short, printable, and storable (no lone surrogates)."""
    return value if isinstance(value, str) and len(value) <= limit and value.isprintable() else None


def moment(value: Any) -> datetime | None:
    """`2023-12-22T09:59:46.882256224Z`: UTC with up to nine digits, of which the first six are kept."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        whole = datetime.fromisoformat(match[1])
    except ValueError:
        return None
    return whole.replace(microsecond=int((match[2] or "")[:6].ljust(6, "0")), tzinfo=UTC)


def _state(status: str | None, *, money_seen: bool) -> State:
    """Three statuses are known; others exist. What is not known is open, or, with money in it, under way."""
    if status == "SUCCESS":
        return State.SUCCEEDED
    if status == "CONFLICT":
        return State.CONFLICT
    return State.PROCESSING if money_seen else State.OPEN


def _price(checkout: Mapping[str, Any]) -> tuple[Money | None, str | None]:
    """`fixedAmount`, and its currency as the provider's own word even where no amount can be built from it."""
    price = checkout.get("fixedAmount")
    if price is None:
        return None, None
    if not isinstance(price, dict) or decimal_of(price.get("amount")) is None:
        raise Nonsense("fixedAmount")
    currency = _word(price, "currency")
    return money_of(price.get("amount"), currency), currency


def _paid(request: Mapping[str, Any]) -> Money | None:
    paid = request.get("paidAmount")
    money = money_of(paid.get("amount"), paid.get("currency")) if isinstance(paid, dict) else None
    return money if money is not None and money.units else None


def _is_something(request: Mapping[str, Any]) -> bool:
    """Whether `paidAmount` is more than nothing, even in a currency that we cannot count."""
    paid = request.get("paidAmount")
    exact = decimal_of(paid.get("amount") if isinstance(paid, dict) else paid)
    return exact is not None and exact > 0


def _object(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Nonsense("not an object")
    return body


def _id(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if not is_id(value):
        raise Nonsense(key)
    return value


def _word(item: Mapping[str, Any], key: str) -> str | None:
    value = item.get(key)
    if value is not None and text(value, 64) is None:
        raise Nonsense(key)
    return text(value, 64)
