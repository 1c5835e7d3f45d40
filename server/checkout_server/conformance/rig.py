"""What a bench is made of: the server's settings and context around one provider, and nothing that waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
from standardwebhooks import Webhook

from checkout_server.conformance.case import Broken, holds
from checkout_server.conformance.line import Line
from checkout_server.conformance.people import Clock, Store
from checkout_server.conformance.profile import Profile
from checkout_server.context import Context
from checkout_server.providers.base import Provider
from checkout_server.settings import Settings, load_settings

PAGE = "http://checkout.test"
SANDBOX = "http://localhost:8001"
STORE = "http://store.test"
KEY = "the-merchant-s-key"
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - signs what this process tells itself


async def at_once(seconds: float) -> None:
    """The sandbox's pauses (webhook retries, latency) take no time."""


def settings_for(profile: Profile, database_url: str, secret: str | None) -> Settings:
    account = dict(profile.account(f"{SANDBOX}/{profile.name}"))
    if secret is not None:
        old = account[profile.secret_setting]
        account[profile.secret_setting] = secret.format(old=old, new=profile.another_secret)
    return load_settings(
        database_url=database_url,
        public_url=PAGE,
        api_keys=[KEY],
        return_secrets=["signs-the-way-back"],
        webhook_url=f"{STORE}/webhooks",
        webhook_secrets=[_SECRET],
        worker=False,
        **{profile.name: account},
    )


def context_for(
    settings: Settings,
    profile: Profile,
    provider: type[Provider[Any]] | None,
    clock: Clock,
    line: Line,
    store: Store,
) -> Context:
    ctx = Context.build(settings, clock=clock, provider_transport=line, transport=store)
    if profile.name not in ctx.providers:
        raise Broken(f"no provider is called {profile.name!r}")
    if provider is None:
        return ctx
    own = ctx.providers[profile.name].settings
    return replace(ctx, providers={profile.name: provider(own, clock=clock, transport=line)})


def checked(clock: Clock) -> Callable[[httpx.Headers, bytes], None]:
    def check(headers: httpx.Headers, raw: bytes) -> None:
        # The reference library reads the wall clock; the bench's own is what was signed.
        expected = Webhook(_SECRET).sign(headers["webhook-id"], clock(), raw.decode())
        holds("the merchant's webhook is signed", expected in headers["webhook-signature"].split())

    return check


def do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    """For SQLAlchemy's "connect": a bench's database need not survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")
