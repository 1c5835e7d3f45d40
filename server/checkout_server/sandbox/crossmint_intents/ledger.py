"""The provider's rules: what may become of an intent, and what may not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from checkout_server.sandbox.crossmint_intents.errors import ApiError, not_found
from checkout_server.sandbox.crossmint_intents.records import Intent, Phase, Wish


class Ledger:
    """All intents of the project, in memory. Methods raise `ApiError` as the API answers it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._intents: dict[str, Intent] = {}
        self._deleted: dict[str, Intent] = {}

    def create(self, wish: Wish, *, live: bool) -> Intent:
        agent, instruction = (f"{kind}_bt{uuid.uuid4().hex[:30]}" for kind in ("agt", "ins"))
        intent = Intent(f"oi_{uuid.uuid4()}", wish, live, agent, instruction)
        self._intents[intent.id] = intent
        return intent

    def intent(self, ref: str, *, live: bool | None = None) -> Intent:
        """One intent; a key of one environment does not see the other's. `live=None` sees both."""
        intent = self._intents.get(ref)
        if intent is None or (live is not None and intent.live != live):
            raise not_found()
        return intent

    def known(self, ref: str) -> Intent:
        """The same with those that were deleted: a test may still ask what became of one."""
        intent = self._intents.get(ref) or self._deleted.get(ref)
        if intent is None:
            raise not_found()
        return intent

    def is_deleted(self, ref: str) -> bool:
        return ref in self._deleted

    def intents(self, *, live: bool | None = None, deleted: bool = False) -> list[Intent]:
        """Newest first."""
        held = [*self._deleted.values(), *self._intents.values()] if deleted else [*self._intents.values()]
        return [intent for intent in reversed(held) if live is None or intent.live == live]

    def delete(self, intent: Intent) -> None:
        self.intent(intent.id)
        self._deleted[intent.id] = self._intents.pop(intent.id)

    def verify(self, agent: str, instruction: str) -> Intent:
        """The shopper has shown who they are: the one way to `active`."""
        held = self._intents.values()
        found = [each for each in held if (each.agent, each.instruction) == (agent, instruction)]
        if not found:
            raise not_found()
        (intent,) = found
        self._must_be(intent, "requires-verification")
        if intent.fails:
            intent.fails -= 1
            raise ApiError(402, "verification_failed", "The verification was not successful")
        intent.stage = "active"
        return intent

    def approve(self, intent: Intent) -> None:
        intent.fails = 0
        self.verify(intent.agent, intent.instruction)

    def fail(self, intent: Intent) -> None:
        self._must_be(intent, "requires-verification")
        intent.fails += 1

    def move(self, intent: Intent, before: Phase, after: Phase) -> None:
        self._must_be(intent, before)
        intent.stage = after

    def expire(self, intent: Intent) -> None:
        if intent.phase(self.now()) == "expired":
            raise ApiError(409, "intent_expired", "The order intent is expired")
        self.intent(intent.id)
        intent.stage = "expired"

    def _must_be(self, intent: Intent, phase: Phase) -> None:
        self.intent(intent.id)
        is_in = intent.phase(self.now())
        if is_in != phase:
            raise ApiError(409, f"intent_{is_in.replace('-', '_')}", f"The order intent is in phase {is_in}")
