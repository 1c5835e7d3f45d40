"""A wire to the provider that is a plain function, and orders as `providers/crossmint.md` describes them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from checkout_server.money import Money
from checkout_server.providers.base import CreateAttempt
from checkout_server.providers.crossmint import Crossmint
from checkout_server.providers.crossmint.settings import CrossmintSettings
from tests.providers import wire

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SERVER_KEY = "sk_staging_7ETNLmgFVsmmdiEhfqwjHPeJ"
CLIENT_KEY = "ck_staging_4fGh"
SECRET = "whsec_" + base64.b64encode(b"the newer signing secret").decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"the older signing secret").decode()
ORDER_ID = "5ddc0090-7f63-4f6a-b68d-a91f8253b02e"
CLIENT_SECRET = "eyJhbGciOiJIUzI1NiJ9.eyJvcmRlciI6Ij8+LyJ9.aB-_c+/="
ITEM = {"collectionLocator": "crossmint:my-collection", "callData": {"totalPrice": "25.00"}}


def settings(**changes: Any) -> CrossmintSettings:
    return CrossmintSettings(
        **{
            "secret_key": SERVER_KEY,
            "client_key": CLIENT_KEY,
            "webhook_secret": f"{SECRET}, {OLD_SECRET}",
            **changes,
        }
    )


def order(payment: Any = None, quote: Any = None, delivery: Any = "awaiting-payment", **changes: Any) -> Any:
    """An order that waits for its payment. `payment` and `quote` change fields of these, `delivery` is the item's."""
    return {
        "orderId": ORDER_ID,
        "phase": "payment",
        "locale": "en-US",
        "lineItems": [{**ITEM, "quote": {"status": "valid"}, "delivery": {"status": delivery}}],
        "quote": {"status": "valid", "totalPrice": {"amount": "25.00", "currency": "usd"}, **(quote or {})},
        "payment": {
            "status": "awaiting-payment",
            "method": "card",
            "currency": "usd",
            "preparation": {"clientSecret": "pi_secret"},
            **(payment or {}),
        },
        **changes,
    }


def created(**changes: Any) -> Any:
    return {"clientSecret": CLIENT_SECRET, "order": order(**changes)}


def attempt(**changes: Any) -> CreateAttempt:
    return CreateAttempt(
        **{
            "id": "at_1",
            "serial": 1,
            "session_id": "cs_01hzsession",
            "amount": Money(2500, "USD"),
            "order_id": "1001",
            "description": "Tee & mug",
            "email": "shopper@example.com",
            "metadata": {},
            "locale": "en",
            "return_url": "https://pay.example/checkout/tok/return?outcome=return",
            "cancel_url": "https://pay.example/checkout/tok/return?outcome=cancel",
            "expires_at": NOW + timedelta(minutes=30),
            "created_at": NOW,
            "options": {"lineItems": ITEM},
            **changes,
        }
    )


class Wire(wire.Wire):
    def provider(self, **changes: Any) -> Crossmint:
        return Crossmint(settings(**changes), clock=lambda: NOW, transport=httpx.MockTransport(self))
