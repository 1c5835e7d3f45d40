"""The provider's JSON. Amounts are decimal text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from checkout_server.money import Money
from checkout_server.sandbox.crossmint.records import Line, Order


class Bodies:
    """Makes response objects. What a test tampered with is laid over the provider's own fields, at any depth."""

    def __init__(self) -> None:
        self._tampered: dict[str, Mapping[str, Any]] = {}

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self._tampered[ref] = dict(fields)

    def created(self, order: Order) -> dict[str, Any]:
        return {"clientSecret": order.client_secret, "order": self.answer(order)}

    def answer(self, order: Order) -> dict[str, Any]:
        """The order as the API returns it, with what a component needs to take the payment: a secret, too."""
        body = self.documented(order)
        if order.payment_status == "awaiting-payment":
            preparation = hashlib.sha256(order.client_secret.encode()).hexdigest()
            body["payment"]["preparation"] = {"clientSecret": f"pi_{preparation}"}
        return self._as_tampered(order, body)

    def order(self, order: Order) -> dict[str, Any]:
        """The order without secrets, as events and the control API have it."""
        return self._as_tampered(order, self.documented(order))

    def documented(self, order: Order) -> dict[str, Any]:
        """As it is, before anybody tampered with it."""
        body: dict[str, Any] = {
            "orderId": order.id,
            "phase": order.phase,
            "locale": order.locale,
            "lineItems": [self._line(line) for line in order.lines],
            "quote": {"status": order.quote_status, "totalPrice": price(order.total)},
            "payment": self._payment(order),
        }
        if order.quote_status != "valid":
            del body["quote"]["totalPrice"]
        return body

    def _as_tampered(self, order: Order, body: dict[str, Any]) -> dict[str, Any]:
        return _laid_over(body, self._tampered.get(order.id, {}))

    def _line(self, line: Line) -> dict[str, Any]:
        quote: dict[str, Any] = {"status": "invalid" if line.unavailable else "valid"}
        if line.unavailable:
            quote["unavailabilityReason"] = line.unavailable
        else:
            quote["totalPrice"] = price(line.price)
        return {**line.asked, "quote": quote, "delivery": {"status": line.delivery}}

    def _payment(self, order: Order) -> dict[str, Any]:
        body: dict[str, Any] = {**order.payment, "status": order.payment_status}
        if order.failure is not None:
            body["failureReason"] = order.failure
        if order.refunded is not None:
            body["refunded"] = price(order.refunded)
        return body


def price(money: Money) -> dict[str, str]:
    return {"amount": money.text, "currency": money.currency.lower()}


def _laid_over(body: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(body)
    for name, value in fields.items():
        old = merged.get(name)
        both = isinstance(value, dict) and isinstance(old, dict)
        merged[name] = _laid_over(old, value) if both and isinstance(old, dict) else value
    return merged
