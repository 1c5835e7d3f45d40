"""What the checkout's API answers with, typed. Fields that are not known here stay readable in `data`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

T = TypeVar("T")
_AMOUNT = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)


class Malformed(ValueError):
    """JSON that is not the object it should be. The text names the field, never its value."""


@dataclass(frozen=True, slots=True)
class Refund:
    """`amount` in major units. `status` is `pending`, `succeeded`, `failed` or `unknown`: then look at the provider."""

    id: str
    session_id: str
    status: str
    amount: Decimal
    currency: str
    reason: str | None
    error: str | None
    data: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, data: object) -> Refund:
        """Raises `Malformed`."""
        values = _object(data)
        return cls(
            id=_get(values, "id", str),
            session_id=_get(values, "session_id", str),
            status=_get(values, "status", str),
            amount=_amount(values, "amount"),
            currency=_get(values, "currency", str),
            reason=_maybe(values, "reason", str),
            error=_maybe(values, "error", str),
            data=values,
        )


@dataclass(frozen=True, slots=True)
class Session:
    """A checkout session, as the API and the webhooks tell it. Amounts are exact, in major units of `currency`.

    Deliver when `paid`, after comparing `order_id`, `amount` and `currency` with your own order; a higher
    `version` is newer. `embed` is HTML for a store's page, `webview_url` what an app opens. `data` is the whole JSON
    object.
    """

    id: str
    kind: str
    status: str
    final: bool
    paid: bool
    version: int
    provider: str
    mode: str | None
    provider_ref: str | None
    order_id: str
    amount: Decimal | None
    currency: str | None
    amount_received: Decimal | None
    amount_refunded: Decimal | None
    url: str
    webview_url: str
    embed: str
    metadata: Mapping[str, str]
    review_reason: str | None
    refunds: tuple[Refund, ...]
    created_at: datetime
    expires_at: datetime | None
    data: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, data: object) -> Session:
        """Raises `Malformed` for anything but a session."""
        values = _object(data)
        return cls(
            id=_get(values, "id", str),
            kind=_get(values, "kind", str),
            status=_get(values, "status", str),
            final=_get(values, "final", bool),
            paid=_get(values, "paid", bool),
            version=_get(values, "version", int),
            provider=_get(values, "provider", str),
            mode=_maybe(values, "mode", str),
            provider_ref=_maybe(values, "provider_ref", str),
            order_id=_get(values, "order_id", str),
            amount=_maybe_amount(values, "amount"),
            currency=_maybe(values, "currency", str),
            amount_received=_maybe_amount(values, "amount_received"),
            amount_refunded=_maybe_amount(values, "amount_refunded"),
            url=_get(values, "url", str),
            webview_url=_maybe(values, "webview_url", str) or "",
            embed=_maybe(values, "embed", str) or "",
            metadata=_maybe(values, "metadata", dict) or {},
            review_reason=_maybe(values, "review_reason", str),
            refunds=tuple(Refund.from_json(each) for each in _maybe(values, "refunds", list) or ()),
            created_at=_moment(values, "created_at"),
            expires_at=None if values.get("expires_at") is None else _moment(values, "expires_at"),
            data=values,
        )


def _object(data: object) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Malformed("not a JSON object")
    return data


def _get(values: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = values.get(name)
    # A bool is an int to Python, but not to JSON.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Malformed(f"{name} is missing or of the wrong type")
    return value


def _maybe(values: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    return None if values.get(name) is None else _get(values, name, kind)


def _amount(values: Mapping[str, Any], name: str) -> Decimal:
    text = _get(values, name, str)
    # Decimal itself would take NaN, signs, and exponents that fill the memory of whoever writes them out.
    if not _AMOUNT.fullmatch(text):
        raise Malformed(f"{name} is not an amount")
    return Decimal(text)


def _maybe_amount(values: Mapping[str, Any], name: str) -> Decimal | None:
    return None if values.get(name) is None else _amount(values, name)


def _moment(values: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_get(values, name, str))
    except ValueError:
        raise Malformed(f"{name} is not a time") from None
    if moment.tzinfo is None:
        raise Malformed(f"{name} has no time zone")
    return moment
