"""What a session says for this provider only, checked before anything is sent."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from checkout_server.money import MoneyError
from checkout_server.providers.base import CreateAttempt, InvalidOption
from checkout_server.providers.crossmint_intents.mandates import TAGS, Mandate, MaxAmount

# Seconds may be missing and fractions of any length, as in the pattern that the provider's document prints.
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::([0-5][0-9])(?:\.[0-9]+)?)?Z",
    re.ASCII,
)


def moment(text: str) -> datetime:
    """`2027-01-31T10:00:00Z` to the second. Raises `ValueError` for another form, and for a day that never comes."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError("a time in UTC such as 2027-01-31T10:00:00Z")
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        raise ValueError(f"there is no day {match[1]}") from None
    hour, minute = map(int, match[2].split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, int(match[3] or 0), tzinfo=UTC)


def _is_moment(text: str) -> str:
    moment(text)
    return text


_Id = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,255}$")]


class Options(BaseModel):
    """`agentId` and `paymentMethodId` are the provider's; `expiresAt` ends the permission, not the checkout."""

    model_config = ConfigDict(extra="forbid", strict=True)

    agentId: _Id  # noqa: N815 - the provider's own names, so that a merchant finds them in its document
    paymentMethodId: _Id  # noqa: N815
    mandates: Annotated[list[Mandate], Field(min_length=1, max_length=20)]
    expiresAt: Annotated[str, AfterValidator(_is_moment)] | None = None  # noqa: N815

    @property
    def until(self) -> datetime | None:
        return None if self.expiresAt is None else moment(self.expiresAt)

    def sent(self) -> dict[str, Any]:
        """The body of the request."""
        body = {
            "agentId": self.agentId,
            "payment": {"paymentMethodId": self.paymentMethodId},
            "mandates": [mandate.sent() for mandate in self.mandates],
        }
        return body if self.expiresAt is None else {**body, "expiresAt": self.expiresAt}


def options_of(attempt: CreateAttempt, now: datetime) -> Options:
    """Raises `InvalidOption` with the path of the field that is wrong, such as `options.mandates.0.value`."""
    if attempt.amount is not None:
        raise InvalidOption("amount", "An approval has no amount: its limits stand in options.mandates.")
    try:
        options = Options.model_validate(dict(attempt.options))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        path = [str(part) for part in first["loc"] if part not in TAGS]
        raise InvalidOption(".".join(["options", *path]), first["msg"]) from None
    for number, mandate in enumerate(options.mandates):
        if isinstance(mandate, MaxAmount):
            _check_limit(number, mandate)
    if options.until is not None and options.until <= now:
        raise InvalidOption("options.expiresAt", "The permission would be over already.")
    return options


def _check_limit(number: int, limit: MaxAmount) -> None:
    try:
        _ = limit.money
    except MoneyError as error:
        raise InvalidOption(f"options.mandates.{number}.value", str(error)) from None
