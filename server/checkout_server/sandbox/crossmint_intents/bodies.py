"""The provider's JSON: the object of its document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from checkout_server.sandbox.crossmint_intents.records import Intent


class Bodies:
    """Makes response objects. What a test tampered with replaces the provider's own fields everywhere."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._tampered: dict[str, Mapping[str, Any]] = {}

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self._tampered[ref] = dict(fields)

    def intent(self, intent: Intent) -> dict[str, Any]:
        phase = intent.phase(self._now())
        body: dict[str, Any] = {
            "orderIntentId": intent.id,
            "agentId": intent.wish.agent_id,
            "phase": phase,
            "payment": {"paymentMethodId": intent.wish.payment_method_id},
            "mandates": intent.wish.mandates,
        }
        if intent.wish.expires_text is not None:
            body["expiresAt"] = intent.wish.expires_text
        if phase == "requires-verification":
            body["verificationConfig"] = self.verification(intent)
        return {**body, **self._tampered.get(intent.id, {})}

    def verification(self, intent: Intent) -> dict[str, str]:
        """What the verifier in the browser is given: public, and of no use without the shopper."""
        environment = "production" if intent.live else "test"
        return {
            "environment": environment,
            "publicApiKey": f"key_public_{environment}",
            "agentId": intent.agent,
            "instructionId": intent.instruction,
        }
