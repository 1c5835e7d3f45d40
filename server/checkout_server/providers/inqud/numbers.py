"""Amounts as Inqud writes them: JSON numbers in major units. They become text and text becomes them; never a float."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from checkout_server.money import Money, MoneyError

# A JSON number, or its digits as text. Longer ones are nobody's money, and larger exponents only fill memory.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,59})(?:\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_TOO_LARGE = 10**60

# Every JSON reader keeps this many digits of a number; beyond, one that reads it as a double would round.
SAFE_DIGITS = 15


def is_safe(amount: Money) -> bool:
    """Whether an amount comes through as a JSON number unchanged, however it is read over there."""
    return len(amount.text.replace(".", "").lstrip("0")) <= SAFE_DIGITS


def body_of(fields: Mapping[str, str], amount: Money | None) -> bytes:
    """The JSON of a create. With `amount` it ends in `"fixedAmount":{"amount":19.99,"currency":"USD"}`, digit by digit."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    if amount is not None:
        currency = json.dumps(amount.currency)
        text = f'{text[:-1]},"fixedAmount":{{"amount":{amount.text},"currency":{currency}}}}}'
    return text.encode("utf-8", "replace")


def decimal_of(value: Any) -> Decimal | None:
    """The exact value of what `http.ApiClient` makes of a JSON number: an int, or the text of any other. Else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value) if abs(value) < _TOO_LARGE else None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def money_of(value: Any, currency: Any) -> Money | None:
    """An amount, or None where it cannot be held exactly: an unknown currency, a part of its smallest unit, a sign."""
    exact = decimal_of(value)
    if exact is None:
        return None
    try:
        return Money.parse(format(exact, "f"), currency)
    except MoneyError:
        return None
