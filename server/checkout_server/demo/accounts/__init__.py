"""The merchant's accounts at the sandboxes: `<provider>.py` here, or `account.py` of a provider's package, are found
by being there. `settings(url)` is the account; `CURRENCIES`, if it has them, are what the demo store can sell in."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from checkout_server import plugins


def provider_settings(sandbox_url: str) -> dict[str, dict[str, Any]]:
    """What `Settings` holds under each provider's name; `sandbox_url` is where the sandboxes stand, such as
    `http://localhost:8001`."""
    return {
        name: dict(account.settings(f"{sandbox_url.rstrip('/')}/{name}"))
        for name, account in _modules().items()
    }


def currencies() -> dict[str, tuple[str, ...]]:
    """What each provider's demo account can be paid in, where it says so."""
    return {name: own.CURRENCIES for name, own in _modules().items() if hasattr(own, "CURRENCIES")}


def _modules() -> dict[str, ModuleType]:
    found = {
        module.name: importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    }
    for package in plugins.packages():
        own = plugins.part(package, "account")
        if own is not None:
            found[package.PROVIDER.name] = own
    return found
