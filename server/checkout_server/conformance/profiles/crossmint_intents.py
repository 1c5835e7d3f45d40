"""Crossmint order intents: approvals. No amount, no webhooks; what was agreed on is compared as terms."""

from __future__ import annotations

from checkout_server.conformance.profile import Profile
from checkout_server.demo.accounts.crossmint_intents import settings
from checkout_server.sandbox.crossmint_intents import SANDBOX

_MANDATES = [
    {"type": "maxAmount", "value": "50.00", "details": {"currency": "usd", "period": "monthly"}},
    {"type": "description", "value": "Coffee for the office"},
]

PROFILE = Profile(
    sandbox=SANDBOX,
    account=settings,
    order={"options": {"agentId": "agent-1", "paymentMethodId": "card-1", "mandates": _MANDATES}},
    creates=r"POST .*/order-intents$",
    reads=r"GET .*/order-intents/[^/]+$",
    cancels=r"DELETE .*/order-intents/[^/]+$",
    another={
        "id": {"orderIntentId": "oi_another"},
        "terms": {"agentId": "agent-2"},
    },
    unknown_status={"phase": "settling"},
    unpaid={"phase": "expired"},
    webhooks=False,
)
