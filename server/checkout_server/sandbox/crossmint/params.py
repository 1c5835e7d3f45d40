"""Request bodies of the orders API; `ApiError` 400 names what is wrong."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from checkout_server.money import Money, MoneyError
from checkout_server.sandbox.crossmint.errors import invalid
from checkout_server.sandbox.crossmint.records import Line

_LOCATORS = {
    "collectionLocator": "callData",
    "tokenLocator": "executionParameters",
    "productLocator": None,
}
_PAYMENT = {"method", "currency", "receiptEmail", "payerAddress"}


async def body_of(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise invalid("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise invalid("The body is an object.")
    return body


def payment_of(value: Any) -> dict[str, Any]:
    """All of `payment`, as creating and changing an order take it."""
    if not isinstance(value, dict):
        raise invalid("payment is an object.")
    unknown = sorted(value.keys() - _PAYMENT)
    if unknown:
        raise invalid(f"payment has no {unknown[0]}.")
    for name in ("method", "currency"):
        if not value.get(name):
            raise invalid(f"payment.{name} is required.")
    for name, item in value.items():
        if not isinstance(item, str):
            raise invalid(f"payment.{name} is a string.")
    if "@" not in value.get("receiptEmail", "@"):
        raise invalid("payment.receiptEmail is an e-mail address.")
    return dict(value)


def recipient_of(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or ("email" in value) == ("walletAddress" in value):
        raise invalid("recipient has an email or a walletAddress.")
    if "@" not in str(value.get("email", "@")):
        raise invalid("recipient.email is an e-mail address.")
    return dict(value)


def lines_of(value: Any, currency: str, price: str) -> list[Line]:
    """Line items with their prices; one without a price of its own costs `price`."""
    items = value if isinstance(value, list) else [value]
    if not items:
        raise invalid("lineItems has at least one item.")
    return [Line(_item(item), _price(item, currency, price)) for item in items]


def _item(item: Any) -> dict[str, Any]:
    found = [name for name in _LOCATORS if isinstance(item, dict) and item.get(name)]
    if len(found) != 1 or not isinstance(item[found[0]], str):
        raise invalid("Each line item has a collectionLocator, a tokenLocator or a productLocator.")
    extra = item.keys() - {found[0], _LOCATORS[found[0]]}
    if extra:
        raise invalid(f"A line item with a {found[0]} has no {min(extra)}.")
    return dict(item)


def _price(item: dict[str, Any], currency: str, price: str) -> Money:
    asked = item.get("callData", {}).get("totalPrice", price)
    try:
        return Money.parse(asked, currency.upper())
    except MoneyError as error:
        raise invalid(f"The line item cannot be priced: {error}") from None
