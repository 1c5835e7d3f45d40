"""What a sandbox is told: where it stands, who is told of payments, and how time passes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Settings of all sandboxes. What only one provider knows (keys, secrets) goes into `providers[<name>]`.

    `public_url` is where a browser finds the sandbox; a provider answers under `<public_url>/<name>/`.
    Webhooks go to `providers[<name>]["webhook_url"]`, or to `<checkout_url>/webhooks/<name>`, or nowhere.
    `retry_pace` makes retries of webhooks quicker (below 1) or slower. `transport` carries outgoing webhooks; tests hand a function in it.
    """

    public_url: str = "http://localhost:8001"
    checkout_url: str | None = None
    merchant: str = "Demo Store"
    retry_pace: float = 1.0
    providers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    clock: Clock = _now
    sleep: Sleep = asyncio.sleep
    transport: httpx.AsyncBaseTransport | None = None

    def provider_url(self, name: str) -> str:
        """The absolute address a provider's paths hang under, without a slash at the end."""
        return f"{self.public_url.rstrip('/')}/{name}"

    def webhook_url(self, name: str) -> str | None:
        own = self.providers.get(name, {}).get("webhook_url")
        if own is not None:
            return str(own)
        return f"{self.checkout_url.rstrip('/')}/webhooks/{name}" if self.checkout_url else None
