"""What is wrong with settings that are meant for real money. Pure: `serve` refuses by it, `doctor` reports it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from checkout_server.providers.base import ProviderSettings
from checkout_server.providers.config import is_loopback
from checkout_server.settings import DEMO_KEY, Settings


def problems(settings: Settings) -> list[str]:
    """A line for each reason not to serve; it names the variable, never its value."""
    return [*_keys(settings), *_secrets(settings), *_providers(settings)]


def advice(settings: Settings) -> list[str]:
    """What works and should still not stay so."""
    found = []
    public = urlsplit(settings.public_url)
    if public.scheme == "http" and not is_loopback(public.hostname):
        found.append("CHECKOUT_PUBLIC_URL: is plain http; shoppers and providers need https")
    if is_loopback(public.hostname):
        found.append("CHECKOUT_PUBLIC_URL: is this machine; no shopper and no provider reaches it")
    if any(len(key.get_secret_value()) < 24 for key in settings.api_keys):
        found.append("CHECKOUT_API_KEYS: a key is shorter than 24 characters and may be guessed")
    if settings.webhook_url is None:
        found.append("CHECKOUT_WEBHOOK_URL: is not set; the back end must ask the API what was paid")
    if settings.merchant_contact is None:
        found.append("CHECKOUT_MERCHANT_CONTACT: is not set; shoppers with a problem find nobody to ask")
    return found


def sandboxes(settings: Settings) -> list[str]:
    """Names of the providers that a sandbox stands in for."""
    return [name for name, own in settings.providers.items() if any(_sandbox_fields(own))]


def _keys(settings: Settings) -> Iterator[str]:
    keys = [key.get_secret_value() for key in settings.api_keys]
    if not keys:
        yield "CHECKOUT_API_KEYS: is not set; without a key no back end can create a session"
    if DEMO_KEY in keys:
        yield "CHECKOUT_API_KEYS: holds the demo's key, which everybody knows; make one with: openssl rand -hex 32"


def _secrets(settings: Settings) -> Iterator[str]:
    if not settings.return_secrets:
        yield "CHECKOUT_RETURN_SECRETS: is not set; it signs what shoppers carry back to the store"
    if settings.webhook_url is not None and not settings.webhook_secrets:
        yield "CHECKOUT_WEBHOOK_SECRETS: is not set, while CHECKOUT_WEBHOOK_URL is; unsigned webhooks are not sent"


def _providers(settings: Settings) -> Iterator[str]:
    if not settings.providers:
        yield "No provider is configured: set CHECKOUT_<PROVIDER>__SECRET_KEY and so on (see docs)"
    if settings.allow_sandbox:
        return
    for name, own in settings.providers.items():
        for field in _sandbox_fields(own):
            yield (
                f"CHECKOUT_{name.upper()}__{field.upper()}: is a sandbox (this machine, or plain http); "
                "set CHECKOUT_ALLOW_SANDBOX=1 to mark every page TEST and go on"
            )


def _sandbox_fields(settings: ProviderSettings) -> Iterator[str]:
    for field, value in settings.model_dump().items():
        if field.endswith("_url") and isinstance(value, str) and value:
            parts = urlsplit(value)
            if parts.scheme == "http" or is_loopback(parts.hostname):
                yield field
