"""The body of a request to create: each field as the document describes it; `ApiError` 400 names the one at fault."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from checkout_server.sandbox.crossmint_intents.errors import ApiError, invalid
from checkout_server.sandbox.crossmint_intents.records import Wish

_FORM = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?Z", re.ASCII)
_AMOUNT = re.compile(r"\d{1,18}(\.\d{1,18})?", re.ASCII)
_PERIODS = ("weekly", "monthly", "yearly")


async def wish(request: Request) -> Wish:
    """Reads and checks the body."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise ApiError(400, "invalid", "The body is not JSON") from None
    if not isinstance(body, dict):
        raise ApiError(400, "invalid", "The body is not an object")
    payment = body.get("payment")
    if not isinstance(payment, dict):
        raise invalid("payment", "is required")
    given = body.get("mandates")
    if not isinstance(given, list):
        raise invalid("mandates", "is required")
    text = body.get("expiresAt")
    return Wish(
        agent_id=_string(body, "agentId"),
        payment_method_id=_string(payment, "paymentMethodId", "payment."),
        mandates=[_mandate(f"mandates.{number}", each) for number, each in enumerate(given)],
        expires_at=None if text is None else _moment("expiresAt", text),
        expires_text=text,
    )


def _mandate(where: str, given: Any) -> dict[str, Any]:
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "maxAmount":
        details = _object(given, "details", f"{where}.")
        if not _AMOUNT.fullmatch(_string(given, "value", f"{where}.")):
            raise invalid(f"{where}.value", "is not an amount")
        _string(details, "currency", f"{where}.details.")
        if details.get("period", "weekly") not in _PERIODS:
            raise invalid(f"{where}.details.period", "is weekly, monthly or yearly")
    elif kind in ("description", "prompt"):
        _string(given, "value", f"{where}.")
    elif kind == "consumer":
        _string(_object(given, "details", f"{where}."), "email", f"{where}.details.")
    else:
        raise invalid(f"{where}.type", "is not a type of mandate")
    return dict(given)


def _object(given: dict[str, Any], name: str, where: str = "") -> dict[str, Any]:
    value = given.get(name)
    if not isinstance(value, dict):
        raise invalid(f"{where}{name}", "is required")
    return value


def _string(given: dict[str, Any], name: str, where: str = "") -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"{where}{name}", "is a string, and required")
    return value


def _moment(name: str, value: Any) -> datetime:
    """A time in UTC of a day that the calendar has, as the document's pattern spells it out."""
    match = _FORM.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise invalid(name, "does not match the pattern")
    try:
        return datetime(*(int(part or 0) for part in match.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        raise invalid(name, "does not match the pattern") from None
