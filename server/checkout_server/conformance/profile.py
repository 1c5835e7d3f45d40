"""What the suite cannot know of a provider by itself. Written once for each provider, in ten minutes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checkout_server import plugins
from checkout_server.money import Money
from checkout_server.sandbox.base import Sandbox

_SECRET = "whsec_bmV3ZXIgdGhhbiB0aGUgb25lIGJlZm9yZSBpdC4u"  # noqa: S105 - signs nothing but the suite's own webhooks

Fields = Mapping[str, Any]
Headers = Mapping[str, str]


def _same_order(currency: str) -> Fields:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How the suite speaks with one provider's adapter and sandbox.

    "Fields" are raw ones, as `Sandbox.tamper` sets them: what the provider answers in place of its own.
    """

    sandbox: type[Sandbox]
    # The adapter's settings at a sandbox that answers under this address, such as `http://localhost:8001/mine`.
    account: Callable[[str], Fields]
    # The request of a session: `amount`, `currency`, `options`, whatever the provider needs. No ids, no addresses.
    order: Fields
    # What else a session needs in another currency, such as the network of a coin.
    order_in: Callable[[str], Fields] = _same_order

    # The same without a price, where the adapter declares `open_price`.
    open_order: Fields = field(default_factory=dict)

    # Which requests create, read, cancel and refund, as patterns searched in "METHOD /path".
    creates: str
    reads: str
    cancels: str | None = None
    refunds: str | None = None

    # The fields of a payment that is priced like this; None where the provider sets the price.
    priced: Callable[[Money], Fields] | None = None
    # Fields that say another currency, mode, id, reference or term than ours. One that is not here must not be in
    # the adapter's observations either.
    another: Mapping[str, Fields] = field(default_factory=dict)
    # A status that no document names.
    unknown_status: Fields
    # What a payment that was paid says when it no longer is; None where no status could say so.
    unpaid: Fields | None = None

    # The setting that holds the webhook's secrets, with commas between, and a secret that it would take.
    secret_setting: str = "webhook_secret"  # noqa: S105
    another_secret: str = _SECRET
    # One set of headers out of two, where the scheme has room for several signatures: `both(first, second)`.
    both: Callable[[Headers, Headers], Headers] | None = None
    # False where the provider sends none: then none is ever accepted.
    webhooks: bool = True

    @property
    def name(self) -> str:
        return self.sandbox.name


def profiles() -> dict[str, Profile]:
    """Every profile by its provider's name: those of this package, and the `profile.py` of each provider's package."""
    package = importlib.import_module("checkout_server.conformance.profiles")
    found: dict[str, Profile] = {}
    for module in pkgutil.iter_modules(package.__path__):
        profile: Profile = importlib.import_module(f"{package.__name__}.{module.name}").PROFILE
        found[profile.name] = profile
    for installed in plugins.packages():
        own = plugins.part(installed, "profile")
        if own is not None:
            found[own.PROFILE.name] = own.PROFILE
    return found
