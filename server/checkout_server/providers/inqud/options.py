"""What a session may say for Inqud only, and what a checkout of each type can take."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from checkout_server.money import MoneyError
from checkout_server.providers.base import CreateAttempt, InvalidOption
from checkout_server.providers.inqud.mapping import FIXED
from checkout_server.providers.inqud.numbers import SAFE_DIGITS, is_safe

Type = Literal["NO_PRICE", "FIXED_PRICE", "SUGGESTED_FIXED_PRICE"]


class Options(BaseModel):
    """`type`: `FIXED_PRICE` by default where the session has an amount, `NO_PRICE` where it has none.

    With `NO_PRICE` the shopper says how much; with `SUGGESTED_FIXED_PRICE` the amounts come from the widget's
    settings at Inqud and cannot be given with a request.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Type | None = None


def type_of(attempt: CreateAttempt) -> Type:
    """The checkout's type. Raises `InvalidOption` or `MoneyError` for what it cannot take."""
    wanted = _options(attempt).type or (FIXED if attempt.amount is not None else "NO_PRICE")
    amount = attempt.amount
    if wanted != FIXED:
        if amount is not None:
            raise InvalidOption("amount", f"A {wanted} checkout has no amount of its own: leave it out.")
        return wanted
    if amount is None:
        raise InvalidOption("amount", "A FIXED_PRICE checkout needs an amount.")
    if amount.units == 0:
        raise MoneyError("amount_not_positive", "An amount is more than zero.")
    if not is_safe(amount):
        raise InvalidOption(
            "amount",
            f"Inqud takes amounts as JSON numbers, which are exact up to {SAFE_DIGITS} digits; this one has more.",
        )
    return wanted


def _options(attempt: CreateAttempt) -> Options:
    try:
        return Options.model_validate(dict(attempt.options))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = first["loc"][0] if first["loc"] else ""
        raise InvalidOption(f"options.{name}".rstrip("."), first["msg"]) from None
