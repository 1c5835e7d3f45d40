"""The JSON body of a create, read one field at a time; `ApiError` 400 names the one that is wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from checkout_server.sandbox.inqud import wire
from checkout_server.sandbox.inqud.errors import invalid
from checkout_server.sandbox.inqud.records import TYPES, Order, Price

_URL = re.compile(r"[\x21-\x7e]+")
_CODE = re.compile(r"[A-Z0-9]{2,12}")
_LARGEST = Decimal(10) ** 30
_KNOWN = {"clientOrderId", "expiresAt", "name", "returnUrl", "type", "fixedAmount"}


def order_of(raw: bytes, now: datetime) -> Order:
    try:
        body = wire.read(raw)
    except (ValueError, RecursionError):
        raise invalid("The body cannot be read.") from None
    if not isinstance(body, dict):
        raise invalid("The body is an object.")
    unknown = sorted(body.keys() - _KNOWN)
    if unknown:
        raise invalid(f"{unknown[0]} is not a field of a checkout.")
    kind = body.get("type")
    if kind not in TYPES:
        raise invalid(f"type is one of {', '.join(TYPES)}.")
    expires = _moment(body)
    if expires is not None and expires <= now:
        raise invalid("expiresAt lies in the past.")
    return Order(
        type=kind,
        price=_price(kind, body.get("fixedAmount")),
        client_order_id=_text(body, "clientOrderId"),
        name=_text(body, "name"),
        return_url=_url(body, "returnUrl"),
        expires_at=expires,
    )


def _price(kind: str, value: Any) -> Price | None:
    if kind != "FIXED_PRICE":
        if value is not None:
            raise invalid(f"fixedAmount is not for {kind}.")
        return None
    amount = value.get("amount") if isinstance(value, dict) else None
    currency = value.get("currency") if isinstance(value, dict) else None
    # A number: its digits as text are not one.
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal) or not 0 < amount < _LARGEST:
        raise invalid("fixedAmount.amount is a number above zero.")
    if not isinstance(currency, str) or not _CODE.fullmatch(currency):
        raise invalid("fixedAmount.currency is the code of a currency.")
    return Price(Decimal(amount), currency)


def _text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(f"{name} is a string.")
    return value


def _url(body: dict[str, Any], name: str) -> str | None:
    value = _text(body, name)
    if not value:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if not _URL.fullmatch(value) or parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(f"{name} is an absolute http or https URL.")
    return value


def _moment(body: dict[str, Any]) -> datetime | None:
    value = _text(body, "expiresAt")
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise invalid("expiresAt is a moment such as 2024-12-01T12:00:00Z.") from None
    if moment.tzinfo is None:
        raise invalid("expiresAt is a moment such as 2024-12-01T12:00:00Z.")
    return moment.astimezone(UTC)
