"""What the project holds: intents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Phase = Literal["requires-verification", "requires-payment-method", "active", "expired"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `mandates` are kept as they were sent."""

    agent_id: str
    payment_method_id: str
    mandates: list[dict[str, Any]]
    expires_at: datetime | None
    expires_text: str | None


@dataclass(slots=True)
class Intent:
    """`fails` is how many verifications in the browser will still be refused."""

    id: str
    wish: Wish
    live: bool
    agent: str  # as the verifier knows it: another id than the one that was sent
    instruction: str
    stage: Phase = "requires-verification"
    fails: int = 0

    def phase(self, now: datetime) -> Phase:
        over = self.wish.expires_at is not None and now >= self.wish.expires_at
        return "expired" if over else self.stage
