"""A wire to the provider that is a plain function, and the object of the provider's document."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from checkout_server.providers.base import CreateAttempt
from checkout_server.providers.crossmint_intents import CrossmintIntents
from checkout_server.providers.crossmint_intents.settings import CrossmintIntentsSettings
from tests.providers import wire

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = "sk_staging_7ETNLmgFVsmmdiEhfqwjHPeJ"
VERIFIER = "https://verifier.example/intents.js"
INTENT_ID = "oi_8d6a4b1f-9c8a-4cba-b2c1-3a5b8c0d6f12"
AGENT = "9b3a1c20-1f2c-4f78-9f4d-6c5b8a3a8a01"
METHOD = "pm_8d6a4b1f-9c8a-4cba-b2c1-3a5b8c0d6f12"
MANDATES: list[dict[str, Any]] = [
    {"type": "maxAmount", "value": "100.00", "details": {"currency": "usd", "period": "monthly"}},
    {"type": "description", "value": "Weekly grocery purchases"},
]
OPTIONS: dict[str, Any] = {"agentId": AGENT, "paymentMethodId": METHOD, "mandates": MANDATES}
VERIFICATION = {
    "environment": "production",
    "publicApiKey": "key_publicSomething",
    "agentId": "agt_btxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "instructionId": "ins_btxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
}


def settings(**changes: Any) -> CrossmintIntentsSettings:
    return CrossmintIntentsSettings(**{"secret_key": KEY, "verifier_url": VERIFIER, **changes})


def intent(**changes: Any) -> dict[str, Any]:
    """The answer that the document shows to a creation."""
    return {
        "orderIntentId": INTENT_ID,
        "agentId": AGENT,
        "phase": "requires-verification",
        "payment": {"paymentMethodId": METHOD},
        "mandates": MANDATES,
        "verificationConfig": VERIFICATION,
        **changes,
    }


def attempt(**changes: Any) -> CreateAttempt:
    values: dict[str, Any] = {
        "id": "at_1",
        "serial": 1,
        "session_id": "cs_01hzsession",
        "amount": None,
        "order_id": "1001",
        "description": "Groceries",
        "email": None,
        "metadata": {},
        "locale": "en",
        "return_url": "https://pay.example/checkout/tok/return?outcome=return",
        "cancel_url": "https://pay.example/checkout/tok/return?outcome=cancel",
        "expires_at": NOW + timedelta(minutes=30),
        "created_at": NOW,
        "options": OPTIONS,
    }
    return CreateAttempt(**{**values, **changes})


def asking(**options: Any) -> CreateAttempt:
    """An attempt with these options in place of the usual ones; None leaves one out."""
    wanted = {**OPTIONS, **options}
    return attempt(options={name: value for name, value in wanted.items() if value is not None})


class Wire(wire.Wire):
    """Answers requests in order, the last answer for ever, and keeps what was sent."""

    @property
    def calls(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def provider(self, **changes: Any) -> CrossmintIntents:
        return CrossmintIntents(settings(**changes), clock=lambda: NOW, transport=httpx.MockTransport(self))
