"""What every use case works with: one object, made once at start, handed down."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from checkout_server.errors import InvalidField
from checkout_server.notify import Notifier
from checkout_server.providers import discover
from checkout_server.providers.base import Clock, Provider
from checkout_server.settings import Settings
from checkout_server.store.database import Database


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`owner` names this process in leases; `transport` carries webhooks to the merchant (tests hand a function)."""

    settings: Settings
    database: Database
    notifier: Notifier
    providers: Mapping[str, Provider[Any]]
    clock: Clock = utc_now
    transport: httpx.AsyncBaseTransport | None = None
    owner: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def build(
        cls,
        settings: Settings,
        *,
        clock: Clock = utc_now,
        provider_transport: httpx.AsyncBaseTransport | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> Context:
        database = Database(settings.database_url)
        known = discover()
        providers = {
            name: known[name](own, clock=clock, transport=provider_transport)
            for name, own in settings.providers.items()
        }
        return cls(
            settings=settings,
            database=database,
            notifier=Notifier(database),
            providers=providers,
            clock=clock,
            transport=transport,
        )

    def provider(self, name: str) -> Provider[Any]:
        """The provider of that name, if it is configured; `InvalidField` names those that are."""
        try:
            return self.providers[name]
        except KeyError:
            known = ", ".join(sorted(self.providers)) or "none"
            raise InvalidField(
                "provider_unknown", f"This provider is not configured. Configured: {known}.", param="provider"
            ) from None

    async def aclose(self) -> None:
        await self.notifier.stop()
        for provider in self.providers.values():
            await provider.aclose()
        await self.database.dispose()
