"""The provider's objects in our words. Extra keys are ignored, missing ones are None, nonsense is refused.

Sources: the provider's document and `providers/crypto-com-pay.md` (statuses, extra keys, amounts in smallest units).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

from checkout_server.money import EXPONENTS, FIAT, Money
from checkout_server.providers.base import (
    Created,
    Observation,
    RefundObservation,
    RefundState,
    State,
)
from checkout_server.providers.config import is_safe_url
from checkout_server.providers.crypto_com.settings import CryptoComSettings

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,60}", re.ASCII)
_TOO_LARGE = 10**60
_LAST_SECOND = 253_402_300_799  # of the year 9999: what is later is not in seconds

# How this provider counts is known for cents, for three currencies without any, and for CRO (10**18 base units).
# What it calls the smallest unit of a dinar or of another coin is not, and a wrong guess is wrong a hundredfold.
_WITHOUT_CENTS = frozenset({"CLP", "JPY", "KRW"})

_REFUND_MARK = re.compile(r"Refund (\S{1,128})", re.ASCII)


class Nonsense(Exception):
    """An answer whose shape cannot be what was asked for; the text names the field."""


def is_countable(currency: str) -> bool:
    """Whether the provider and we surely mean the same smallest unit."""
    if currency in FIAT:
        return EXPONENTS[currency] == 2 or currency in _WITHOUT_CENTS
    return currency == "CRO"


def is_id(value: Any) -> TypeGuard[str]:
    """Whether a value can stand in a path of the API without changing which path it is."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def observation(body: Any) -> Observation:
    """A payment. `captured` without `succeeded` is not paid; an unknown status is still open."""
    payment = _object(body)
    currency = _word(payment, "currency")
    amount = _money(payment, "amount", currency)
    state = _state(payment)
    refunded = _money(payment, "amount_refunded", currency)
    if refunded is None and payment.get("refunded") is True:
        refunded = amount
    live = payment.get("live_mode")
    return Observation(
        ref=_id(payment, "id"),
        state=state,
        amount=amount,
        currency=currency,
        mode=("live" if live else "test") if isinstance(live, bool) else None,
        # Every payment of ours carries one: none at all, or one that cannot be ours, is another, not silence.
        reference=text(payment.get("order_id")) or "",
        received=amount if state is State.SUCCEEDED else None,
        refunded=refunded,
        final=state in (State.SUCCEEDED, State.CANCELLED),
        at=_moment(payment.get("settled_at")),
    )


def created(body: Any, settings: CryptoComSettings) -> Created:
    """What the page needs to show a payment that exists: its id and the keyed address of the SDK."""
    payment = _object(body)
    ref = _id(payment, "id")
    url = payment.get("payment_url")
    return Created(
        ref=ref,
        public={"payment_id": ref, **component(settings)},
        hosted_url=url if isinstance(url, str) and is_safe_url(url, loopback=settings.is_sandbox) else None,
        expires_at=_moment(payment.get("expired_at")),
    )


def component(settings: CryptoComSettings) -> dict[str, str | None]:
    """What the button is loaded with; None twice where there is no publishable key, hence no button."""
    return {"publishable_key": settings.publishable_key, "sdk_url": settings.sdk_src}


def refund_mark(attempt_id: str) -> str:
    """The description by which `refund` recognises our own refund when its answer was lost."""
    return f"Refund {attempt_id}"


def refund(body: Any, *, payment_ref: str | None = None) -> RefundObservation:
    """A refund. `pending`, the `prepared` of the document's sample and every unknown status are pending."""
    item = _object(body)
    currency = _word(item, "currency")
    mark = _REFUND_MARK.fullmatch(text(item.get("description")) or "")
    of = item.get("payment_id")
    return RefundObservation(
        ref=_id(item, "id"),
        payment_ref=payment_ref if of is None and payment_ref else _id(item, "payment_id"),
        state=RefundState.SUCCEEDED if _word(item, "status") == "succeeded" else RefundState.PENDING,
        amount=_money(item, "amount", currency),
        attempt_id=mark[1] if mark else None,
    )


def text(value: Any, limit: int = 255) -> str | None:
    """A value as text when that is what it is: short, printable, and storable (no lone surrogates)."""
    return value if isinstance(value, str) and len(value) <= limit and value.isprintable() else None


def seconds(value: Any) -> int | None:
    """A moment as the provider writes it, in seconds since 1970."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LAST_SECOND:
        return value
    return None


def _state(payment: Mapping[str, Any]) -> State:
    status = _word(payment, "status")
    if status == "succeeded":
        return State.SUCCEEDED
    if status == "cancelled":
        return State.CANCELLED
    if status != "pending":
        return State.OPEN
    # The shape of the fund is undocumented: only that there is one is read. One in an expired payment was too late,
    # too little or of the wrong kind, or is still being confirmed: nobody is told "expired", and pays again.
    funded, over = bool(payment.get("current_inbound_fund")), payment.get("expired") is True
    if funded:
        return State.CONFLICT if over else State.PROCESSING
    return State.EXPIRED if over else State.OPEN


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


def _money(item: Mapping[str, Any], key: str, currency: str | None) -> Money | None:
    units = _units(item, key)
    if units is None or currency is None or not is_countable(currency):
        return None
    return Money(units, currency)


def _units(item: Mapping[str, Any], key: str) -> int | None:
    """An integer, or its digits as text, as JSON writers do beyond 2**53. A fraction is nonsense, never rounded."""
    value = item.get(key)
    if value is None:
        return None
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _TOO_LARGE:
        return value
    raise Nonsense(key)


def _moment(value: Any) -> datetime | None:
    stamp = seconds(value)
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
