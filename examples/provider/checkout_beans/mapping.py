"""An invoice in the contract's words. Extra fields are ignored, missing ones are None, nonsense is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from checkout_beans.settings import BeansSettings
from checkout_server.money import Money, MoneyError
from checkout_server.providers.base import Created, Observation, State
from checkout_server.providers.config import is_safe_url

# Every status that Bean Counter documents. One that is not here is open: neither a success nor an end.
STATES = {
    "open": State.OPEN,
    "counting": State.PROCESSING,
    "paid": State.SUCCEEDED,
    "void": State.CANCELLED,
    "expired": State.EXPIRED,
}
_ENDS = (State.SUCCEEDED, State.CANCELLED, State.EXPIRED)
# Ids, codes and statuses alike: what may stand in a path, a log and a database without doing anything there.
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,128}", re.ASCII)
_LAST_SECOND = 253_402_300_799  # of the year 9999


class Nonsense(Exception):
    """An answer whose shape cannot be what was asked for; the text names the field."""


def word(value: Any) -> str | None:
    return value if isinstance(value, str) and _WORD.fullmatch(value) and value.strip(".") else None


def created(body: Any, settings: BeansSettings) -> Created:
    """What the page gets to see of an invoice: nothing in `public` may be secret."""
    invoice = _object(body)
    ref, url = _ref(invoice), invoice.get("pay_url")
    return Created(
        ref=ref,
        public={"invoice_id": ref, "script_url": settings.script_url},
        hosted_url=url if isinstance(url, str) and is_safe_url(url, loopback=settings.is_sandbox) else None,
        expires_at=_moment(invoice, "expires_at"),
    )


def observation(body: Any) -> Observation:
    invoice = _object(body)
    state = STATES.get(word(invoice.get("status")) or "", State.OPEN)
    amount, live = _amount(invoice), invoice.get("live")
    return Observation(
        ref=_ref(invoice),
        state=state,
        amount=amount,
        currency=_text(invoice, "currency"),
        mode=("live" if live else "test") if isinstance(live, bool) else None,
        # Every invoice of ours carries one. None at all is another one, not silence.
        reference=word(invoice.get("reference")) or "",
        received=amount if state is State.SUCCEEDED else None,
        final=state in _ENDS,
        at=_moment(invoice, "paid_at"),
    )


def found(body: Any) -> Mapping[str, Any] | None:
    """The first of a list of invoices."""
    listed = _object(body).get("data")
    if not isinstance(listed, list):
        raise Nonsense("data")
    return _object(listed[0]) if listed else None


def _object(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Nonsense("not an object")
    return body


def _ref(invoice: Mapping[str, Any]) -> str:
    ref = word(invoice.get("id"))
    if ref is None:
        raise Nonsense("id")
    return ref


def _text(invoice: Mapping[str, Any], name: str) -> str | None:
    value = invoice.get(name)
    if value is not None and word(value) is None:
        raise Nonsense(name)
    return word(value)


def _amount(invoice: Mapping[str, Any]) -> Money | None:
    """An integer in minor units, which is what we count in, too. True is no number, and neither is 25.0."""
    units, currency = invoice.get("amount"), _text(invoice, "currency")
    if units is None or currency is None:
        return None
    if not isinstance(units, int) or isinstance(units, bool) or units < 0:
        raise Nonsense("amount")
    try:
        return Money(units, currency)
    except MoneyError:  # a currency that is not known here: its name is told all the same, and is another
        return None


def _moment(invoice: Mapping[str, Any], name: str) -> datetime | None:
    """Seconds since 1970."""
    stamp = invoice.get(name)
    if not isinstance(stamp, int) or isinstance(stamp, bool) or not 0 < stamp <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(stamp, UTC)
