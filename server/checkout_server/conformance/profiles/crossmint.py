"""Crossmint orders: decimal text within a quote, Svix's headers, and neither mode nor reference in any answer."""

from __future__ import annotations

from typing import Any

from checkout_server.conformance.profile import Headers, Profile
from checkout_server.demo.accounts.crossmint import settings
from checkout_server.money import Money
from checkout_server.sandbox.crossmint import SANDBOX


def _priced(money: Money) -> dict[str, Any]:
    return {"quote": {"totalPrice": {"amount": money.text, "currency": money.currency.lower()}}}


def _both(first: Headers, second: Headers) -> Headers:
    """`v1,… v1,…`: of one message at one moment."""
    signatures = f"{first['svix-signature']} {second['svix-signature']}"
    return {**first, "svix-signature": signatures}


PROFILE = Profile(
    sandbox=SANDBOX,
    account=settings,
    order={"amount": "25.00", "currency": "USD", "customer": {"email": "shopper@example.com"}},
    open_order={
        "options": {
            "lineItems": {"collectionLocator": "crossmint:demo-store", "callData": {"totalPrice": "12.34"}}
        }
    },
    creates=r"POST .*/orders$",
    reads=r"GET .*/orders/[^/]+$",
    priced=_priced,
    another={
        "currency": _priced(Money(2500, "EUR")),
        "id": {"orderId": "another-order"},
        # A price that is none of ours: finer than its currency.
        "terms": {"quote": {"totalPrice": {"amount": "25.001", "currency": "usd"}}},
    },
    unknown_status={"phase": "payment", "payment": {"status": "settling"}},
    unpaid={"phase": "payment", "payment": {"status": "awaiting-payment"}},
    both=_both,
)
