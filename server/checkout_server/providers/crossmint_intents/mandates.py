"""The mandates of an intent: what the agent may do, one rule each. As a merchant asks for them, and as the API holds them.

Source: the provider's document and `providers/crossmint-order-intents.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from checkout_server.money import FIAT, Money, MoneyError

Period = Literal["weekly", "monthly", "yearly"]


def _printable(text: str) -> str:
    if not text.replace("\n", " ").isprintable():
        raise ValueError("control characters are not text")
    return text


Words = Annotated[
    str, StringConstraints(min_length=1, max_length=1000, pattern=r"\S"), AfterValidator(_printable)
]
Email = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^\s@]+@[^\s@]+$"), AfterValidator(_printable)
]


def _currency(code: str) -> str:
    if code.upper() not in FIAT:
        raise ValueError("a currency of cards, such as usd")
    return code.lower()


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Limit(_Part):
    """`period` left out: what the limit counts by is the provider's business, and the page does not say it either."""

    currency: Annotated[str, AfterValidator(_currency)]
    period: Period | None = None


class MaxAmount(_Part):
    """The most that may be spent. `value` is decimal text in major units, never a JSON number."""

    type: Literal["maxAmount"]
    value: str
    details: Limit

    @property
    def money(self) -> Money:
        """Raises `MoneyError` for what is not an exact, positive amount."""
        money = Money.parse(self.value, self.details.currency.upper())
        if money.units == 0:
            raise MoneyError("amount_not_positive", "An amount is more than zero.")
        return money

    def sent(self) -> dict[str, Any]:
        details = self.details.model_dump(exclude_none=True)
        return {"type": self.type, "value": self.money.text, "details": details}

    def shown(self) -> dict[str, str | None]:
        money = self.money
        return {
            "type": self.type,
            "value": money.text,
            "currency": money.currency,
            "period": self.details.period,
        }


class Text(_Part):
    """What it is for (`description`), or what the shopper asked the agent to do (`prompt`)."""

    type: Literal["description", "prompt"]
    value: Words

    def sent(self) -> dict[str, Any]:
        return {"type": self.type, "value": self.value}

    def shown(self) -> dict[str, str | None]:
        return {"type": self.type, "value": self.value}


class Person(_Part):
    email: Email


class Consumer(_Part):
    """For whom the agent buys."""

    type: Literal["consumer"]
    details: Person

    def sent(self) -> dict[str, Any]:
        return {"type": self.type, "details": {"email": self.details.email}}

    def shown(self) -> dict[str, str | None]:
        return {"type": self.type, "value": self.details.email}


Mandate = Annotated[MaxAmount | Text | Consumer, Field(discriminator="type")]
# What pydantic puts between a mandate's number and its field, which is no part of the path.
TAGS = frozenset({"maxAmount", "description", "prompt", "consumer"})


def terms(mandates: Iterable[Any]) -> dict[str, str]:
    """Mandates, as sent or as answered, in words to compare: by meaning (`100` is `100.00`) and in no order.

    Limits are always named, so that one which is gone, or was added, is another term. Words that an answer leaves out
    are not: it may not repeat them. A type that is not known says nothing here.
    """
    held = [mandate for mandate in mandates if isinstance(mandate, Mapping)]
    found = {"maxAmount": _joined(_limit(each) for each in _of(held, "maxAmount"))}
    for kind in ("description", "prompt", "consumer"):
        said = [_said(each, kind) for each in _of(held, kind)]
        if said:
            found[kind] = _joined(said)
    return found


def _of(mandates: Sequence[Mapping[str, Any]], kind: str) -> Iterator[Mapping[str, Any]]:
    return (mandate for mandate in mandates if mandate.get("type") == kind)


def _joined(said: Iterable[str]) -> str:
    return " | ".join(sorted(said))


def _limit(mandate: Mapping[str, Any]) -> str:
    details = mandate.get("details")
    details = details if isinstance(details, Mapping) else {}
    value, currency, period = mandate.get("value"), details.get("currency"), details.get("period")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(currency, str) and currency.upper() in FIAT and (period is None or isinstance(period, str)):
        try:
            return " ".join(filter(None, (str(Money.parse(value, currency.upper())), period)))
        except MoneyError:
            pass  # no amount of ours: compared as it was sent
    return _raw(mandate)


def _said(mandate: Mapping[str, Any], kind: str) -> str:
    details = mandate.get("details")
    value = mandate.get("value")
    if kind == "consumer":
        email = details.get("email") if isinstance(details, Mapping) else None
        value = email.lower() if isinstance(email, str) else None
    return _raw(value.strip()) if isinstance(value, str) else _raw(mandate)


def _raw(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))[:2000]
