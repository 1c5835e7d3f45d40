"""What a session may say for Crossmint only, in the provider's own words, and the order that comes of it."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, StringConstraints, ValidationError, model_validator

from checkout_server.providers.base import CreateAttempt, InvalidOption
from checkout_server.providers.crossmint.line_items import CamelModel, LineItem, filled, only_or_all
from checkout_server.providers.crossmint.settings import CrossmintSettings

_Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]
_Email = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^@\s]+@[^@\s]+$")]


class Recipient(CamelModel):
    """Who receives the goods: an e-mail address or a wallet; where, for things that are shipped."""

    email: _Email | None = None
    wallet_address: _Text | None = None
    physical_address: dict[str, str | None] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.email is None) == (self.wallet_address is None):
            raise ValueError("name one of email and walletAddress")
        return self


class Payment(CamelModel):
    """`method` is an open word of the provider's: `card`, or the name of a chain."""

    method: _Text | None = None
    currency: _Text | None = None
    receipt_email: _Email | None = None
    payer_address: _Text | None = None


class Options(CamelModel):
    """`lineItems` is one item or a list; `recipient` and `payment` replace what the session's e-mail would make."""

    line_items: Annotated[
        list[LineItem] | None, BeforeValidator(lambda value: [value] if isinstance(value, dict) else value)
    ] = None
    recipient: Recipient | None = None
    payment: Payment = Payment()


def order(attempt: CreateAttempt, settings: CrossmintSettings) -> dict[str, Any]:
    """The body of `POST /orders`. Raises `InvalidOption` for what can be refused before anything is sent."""
    options = _options(attempt)
    body: dict[str, Any] = {
        "lineItems": _line_items(attempt, options, settings),
        "payment": payment(attempt, settings),
        "locale": locale(attempt.locale, settings.locales),
    }
    if options.recipient is not None:
        body["recipient"] = options.recipient.sent()
    elif attempt.email:
        body["recipient"] = {"email": attempt.email}
    return body


def payment(attempt: CreateAttempt, settings: CrossmintSettings) -> dict[str, Any]:
    """`payment` of an order; whoever changes it later has to send all of it again."""
    wanted = _options(attempt).payment
    price = attempt.amount
    currency = wanted.currency or (price.currency.lower() if price else settings.currency)
    if price is not None and currency.upper() != price.currency:
        raise InvalidOption(
            "options.payment.currency",
            f"The session is in {price.currency}; leave its amount out to be quoted.",
        )
    defaults = {"method": settings.method, "currency": currency}
    if attempt.email:
        defaults["receiptEmail"] = attempt.email
    return {**defaults, **wanted.sent(), "currency": currency}


def locale(wanted: str, spoken: tuple[str, ...]) -> str:
    """The tag for a shopper's language among those that the checkout is known to speak; else the first of these."""
    tags = {tag.lower(): tag for tag in reversed(spoken)}
    languages = {tag.partition("-")[0].lower(): tag for tag in reversed(spoken)}
    exact = tags.get(wanted.replace("_", "-").lower())
    # English is what the provider assumes when nobody says anything.
    other = spoken[0] if spoken else "en-US"
    return exact or languages.get(wanted.replace("_", "-").partition("-")[0].lower()) or other


def _line_items(attempt: CreateAttempt, options: Options, settings: CrossmintSettings) -> Any:
    if options.line_items:
        return only_or_all(options.line_items)
    if settings.default_items is None:
        raise InvalidOption("options.lineItems", "Say what is bought: Crossmint delivers it, too.")
    values = {"order_id": attempt.order_id}
    if attempt.amount is not None:
        values |= {"amount": attempt.amount.text, "currency": attempt.amount.currency.lower()}
    try:
        return filled(settings.default_items, values)
    except KeyError as missing:
        raise InvalidOption(
            "amount", f"The configured line items need the session's {missing.args[0]}."
        ) from None


def _options(attempt: CreateAttempt) -> Options:
    try:
        return Options.model_validate(dict(attempt.options))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in ("options", *first["loc"]))
        raise InvalidOption(where, first["msg"].removeprefix("Value error, ")) from None
