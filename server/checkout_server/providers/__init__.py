"""Adapters to payment providers. A module here, or an entry point of the group `checkout_ui.providers`, is found by being there."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from checkout_server import plugins
from checkout_server.providers.base import Provider

_NOT_PROVIDERS = {"base", "config", "http"}


@cache
def discover() -> dict[str, type[Provider[Any]]]:
    """Every provider class by name: our own modules first, then installed packages; a name is never taken twice."""
    found: dict[str, type[Provider[Any]]] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name not in _NOT_PROVIDERS:
            provider = importlib.import_module(f"{__name__}.{module.name}").PROVIDER
            found[provider.name] = provider
    for package in plugins.packages():
        provider = package.PROVIDER
        if found.setdefault(provider.name, provider) is not provider:
            raise RuntimeError(
                f"two providers are called {provider.name!r}; the second is {package.__name__}"
            )
    return found
