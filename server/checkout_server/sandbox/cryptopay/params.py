"""The body of a create, read one field at a time; `ApiError` 400 names the one that is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from checkout_server.sandbox.cryptopay.errors import ApiError, invalid, refused
from checkout_server.sandbox.cryptopay.records import Wanted

_DECIMAL = re.compile(r"[0-9]{1,30}(?:\.([0-9]{1,30}))?", re.ASCII)
_URL = re.compile(r"[\x21-\x7e]+")


async def read_object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise ApiError(400, "VALIDATION_ERROR", "JSON parse error.") from None
    if not isinstance(body, dict):
        raise ApiError(400, "VALIDATION_ERROR", "Invalid data. Expected an object.")
    return body


def read_wanted(body: Mapping[str, Any], tokens: Mapping[str, Mapping[str, int]], now: datetime) -> Wanted:
    """`tokens` are the decimals of each token on each network."""
    amount, currency, blockchain = (_text(body, name) for name in ("amount", "currency", "blockchain"))
    if blockchain not in tokens:
        raise refused("INVALID_BLOCKCHAIN", "Blockchain not supported.", "blockchain")
    decimals = tokens[blockchain].get(currency)
    if decimals is None:
        raise refused("UNSUPPORTED_CURRENCY", "Currency not supported on blockchain.", "currency")
    digits = _DECIMAL.fullmatch(amount)
    if digits is None or not amount.strip("0.") or len(digits[1] or "") > decimals:
        raise refused("INVALID_AMOUNT", "Amount must be positive number.", "amount")
    info = _text(body, "order_info")
    try:
        json.loads(info)
    except (ValueError, RecursionError):
        raise refused("INVALID_ORDER_INFO", "Order info must be valid JSON.", "order_info") from None
    return Wanted(
        amount=amount,
        currency=currency,
        blockchain=blockchain,
        order_info=info,
        nonce=_nonce(body),
        webhook_url=_url(body, "webhook_url"),
        redirect_url=_url(body, "redirect_url"),
        expires_at=_expiry(body, now),
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None:
        raise invalid(name, "This field is required.")
    if not isinstance(value, str):
        raise invalid(name, "Not a valid string.")
    if not value:
        raise invalid(name, "This field may not be blank.")
    return value


def _nonce(body: Mapping[str, Any]) -> int:
    value = body.get("nonce")
    if value is None:
        raise invalid("nonce", "This field is required.")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise invalid("nonce", "A valid integer is required.")
    return value


def _url(body: Mapping[str, Any], name: str) -> str | None:
    if body.get(name) in (None, ""):
        return None
    value = _text(body, name)
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if not _URL.fullmatch(value) or parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(name, "Enter a valid URL.")
    return value


def _expiry(body: Mapping[str, Any], now: datetime) -> datetime | None:
    if body.get("expires_at") is None:
        return None
    try:
        at = datetime.fromisoformat(_text(body, "expires_at"))
    except ValueError:
        raise invalid("expires_at", "Datetime has wrong format.") from None
    if at.tzinfo is None or at <= now:
        raise invalid("expires_at", "Must be a time in the future, with its zone.")
    return at
