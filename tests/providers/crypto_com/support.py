"""A wire to the provider that is a plain function, and the objects of the provider's document."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
from hypothesis import strategies as st

from checkout_server.money import Money
from checkout_server.providers.base import CreateAttempt
from checkout_server.providers.crypto_com import CryptoCom
from checkout_server.providers.crypto_com.settings import CryptoComSettings
from tests.providers import wire

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = "sk_test_7ETNLmgFVsmmdiEhfqwjHPeJ"
PUBLISHABLE = "pk_test_4fGh"
PAYMENT_ID = "fa176d2e-8f58-419d-a531-e2c8e4dc3fa9"
SESSION_ID = "cs_01hzsession"

# Texts that some parser may take for something else. (`st.text()` takes seconds for its first draw.)
_ODD = [
    "",
    "succeeded",
    "25",
    "-1",
    "1e9",
    "٣",
    "é",
    "\ud800",
    "\0",
    "x" * 300,
    "payment.refund_x",
    "../x",
    "USD",
]


def json_values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Anything that JSON can say, with these keys in its objects."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(_ODD)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


def settings(**changes: Any) -> CryptoComSettings:
    return CryptoComSettings(
        **{
            "secret_key": KEY,
            "publishable_key": PUBLISHABLE,
            "webhook_secret": "whsec-new, whsec-old",
            **changes,
        }
    )


def payment(**changes: Any) -> dict[str, Any]:
    """The payment object of the document, created for our session a moment after the attempt."""
    return {
        "id": PAYMENT_ID,
        "amount": 2500,
        "amount_refunded": 0,
        "created": int(NOW.timestamp()) + 1,
        "crypto_currency": "CRO",
        "crypto_amount": "1894.8",
        "currency": "USD",
        "customer_id": None,
        "data_url": f"https://pay.crypto.com/sdk/payments/{PAYMENT_ID}",
        "payment_url": "https://js.crypto.com/sdk/payments/checkout/set_wallet?publishableKey=XXX&sdkMeta=YYY",
        "return_url": "https://pay.example/checkout/tok/return?outcome=success",
        "cancel_url": "https://pay.example/checkout/tok/return?outcome=cancel",
        "description": "Crypto.com Tee (Unisex)",
        "live_mode": False,
        "metadata": {"order_id": "1001"},
        "order_id": SESSION_ID,
        "recipient": "Crypto.com Shop",
        "refunded": False,
        "status": "pending",
        **changes,
    }


def attempt(**changes: Any) -> CreateAttempt:
    return CreateAttempt(
        **{
            "id": "at_1",
            "serial": 1_795_000_000_000_000,
            "session_id": SESSION_ID,
            "amount": Money(2500, "USD"),
            "order_id": "1001",
            "description": "Tee & mug",
            "email": "shopper@example.com",
            "metadata": {"cart": "9"},
            "locale": "en",
            "return_url": "https://pay.example/checkout/tok/return?outcome=success",
            "cancel_url": "https://pay.example/checkout/tok/return?outcome=cancel",
            "expires_at": NOW + timedelta(minutes=30),
            "created_at": NOW,
            **changes,
        }
    )


class Wire(wire.Wire):
    @property
    def form(self) -> dict[str, str]:
        pairs = parse_qsl(self.sent.content.decode("ascii"), strict_parsing=True)
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def provider(self, **changes: Any) -> CryptoCom:
        return CryptoCom(settings(**changes), clock=lambda: NOW, transport=httpx.MockTransport(self))
