"""A session as the server holds it: what it was made with, what the provider gave, and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checkout_server.facts import Facts
from checkout_server.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One checkout. `id` is for the merchant and logs, `token` for the shopper's URL; `facts` hold the truth."""

    id: str
    token: str
    provider: str
    account: str
    order_id: str
    return_url: str
    locale: str
    created_at: datetime
    watch_until: datetime
    facts: Facts
    description: str | None = None
    email: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    cancel_url: str | None = None
    embed_origins: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    public: Mapping[str, Any] = field(default_factory=dict)
    hosted_url: str | None = None
    left_at: datetime | None = None
    signalled_at: datetime | None = None  # when the shopper's browser last said that it had paid
    version: int = 1

    # the refresh job
    observed_at: datetime | None = None  # when the last applied fetch began
    refresh_requested_at: datetime | None = None
    next_at: datetime | None = None
    urgency: int = 0
    tries: int = 0  # fetches in a row that failed
    last_miss: str | None = None  # why the last one did

    @property
    def status(self) -> str:
        return self.facts.status

    @property
    def amount(self) -> Money | None:
        return self.facts.expected

    @property
    def expires_at(self) -> datetime:
        return self.facts.expires_at

    @property
    def provider_ref(self) -> str | None:
        return self.facts.provider_ref

    @property
    def created_in_browser(self) -> bool:
        """The shopper's browser creates the payment; its id is bound when the server has seen it match."""
        return self.options.get("create") == "browser"
