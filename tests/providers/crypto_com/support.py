"""A wire to the provider that is a plain function, and the objects of the provider's document."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
from hypothesis import strategies as st

from checkout_server.money import Money
from checkout_server.providers.base import CreateAttempt
from checkout_server.providers.crypto_com import CryptoCom
from checkout_server.providers.crypto_com.settings import CryptoComSettings

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


class Wire:
    """Answers with what is queued, in turn, the last one for ever; keeps every request."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._answers: list[Callable[[httpx.Request], httpx.Response]] = []

    def answers(self, *bodies: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        for body in bodies:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self._answers.append(
                lambda _, content=content: httpx.Response(status, content=content, headers=headers)
            )

    def fails(self, error: Exception) -> None:
        def fail(_: httpx.Request) -> httpx.Response:
            raise error

        self._answers.append(fail)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer(request)

    @property
    def sent(self) -> httpx.Request:
        (request,) = self.requests
        return request

    @property
    def form(self) -> dict[str, str]:
        pairs = parse_qsl(self.sent.content.decode("ascii"), strict_parsing=True)
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def provider(self, **changes: Any) -> CryptoCom:
        return CryptoCom(settings(**changes), clock=lambda: NOW, transport=httpx.MockTransport(self))
