"""A wire to the provider that is a plain function, and the objects of the provider's document."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from hypothesis import strategies as st

from checkout_server.money import Money
from checkout_server.providers.base import CreateAttempt
from checkout_server.providers.inqud import Inqud
from checkout_server.providers.inqud.settings import InqudSettings
from tests.providers import wire

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PROJECT = "CAP-df02b127-6717-4a73-a231-5a57155308a5"
CHECKOUT_ID = "CCO-81162548-7d14-4b07-b7f5-f2c6eb3e901b"
SESSION_ID = "cs_01hzsession"
TOKEN_ID = "TOKEN-1"
SECRET = "tok-secret-7ETNLmgFVsmmdiEhfqwjHPeJ"
CHECKOUTS = f"https://api.inqud.com/v1/user/crypto-acquiring/{PROJECT}/checkouts"

# Texts that some parser may take for something else. (`st.text()` takes seconds for its first draw.)
_ODD = ["", "SUCCESS", "25", "-1", "1e9", "1e99", "٣", "é", "\ud800", "\0", "x" * 300, "../x", "USD", "USDT"]


def json_values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Anything that JSON can say, with these keys in its objects."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(_ODD)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


def settings(**changes: Any) -> InqudSettings:
    return InqudSettings(
        **{
            "project_id": PROJECT,
            "token_id": TOKEN_ID,
            "token_secret": SECRET,
            "webhook_secret": "hook-new, hook-old",
            **changes,
        }
    )


def checkout(**changes: Any) -> dict[str, Any]:
    """The checkout of the document, created for our session."""
    return {
        "id": CHECKOUT_ID,
        "projectId": PROJECT,
        "projectName": "test",
        "clientOrderId": SESSION_ID,
        "status": "NEW",
        "name": "Tee & mug",
        "type": "NO_PRICE",
        "returnUrl": "https://pay.example/checkout/tok/return?outcome=return",
        "acquiringUrl": f"https://paycrypto.inqud.com/checkout/{CHECKOUT_ID}",
        "createdAt": "2023-12-22T09:59:46.882256224Z",
        "expiresAt": "2026-03-01T12:30:00Z",
        **changes,
    }


def fixed(amount: Any = 25, currency: Any = "USD", **changes: Any) -> dict[str, Any]:
    """The same with a price."""
    price = {"amount": amount, "currency": currency}
    return checkout(type="FIXED_PRICE", fixedAmount=price, **changes)


def paid(amount: Any = 25, currency: Any = "USDT", **changes: Any) -> dict[str, Any]:
    """The `request` of a checkout that money came to."""
    return {"paidAmount": {"amount": amount, "currency": currency}, "txHash": "0xabc", **changes}


def attempt(**changes: Any) -> CreateAttempt:
    return CreateAttempt(
        **{
            "id": "at_1",
            "serial": 1,
            "session_id": SESSION_ID,
            "amount": Money(2500, "USD"),
            "order_id": "1001",
            "description": "Tee & mug",
            "email": "shopper@example.com",
            "metadata": {"cart": "9"},
            "locale": "en",
            "return_url": "https://pay.example/checkout/tok/return?outcome=return",
            "cancel_url": "https://pay.example/checkout/tok/return?outcome=cancel",
            "expires_at": NOW + timedelta(minutes=30, microseconds=5),
            "created_at": NOW,
            **changes,
        }
    )


class Wire(wire.Wire):
    def provider(self, **changes: Any) -> Inqud:
        return Inqud(settings(**changes), clock=lambda: NOW, transport=httpx.MockTransport(self))
