"""The merchant's accounts at the sandboxes. A module `<provider>.py` with `settings(sandbox_url)` is found by being there."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def provider_settings(sandbox_url: str) -> dict[str, dict[str, Any]]:
    """What `Settings` holds under each provider's name; `sandbox_url` is where the sandboxes stand, such as
    `http://localhost:8001`."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        account = importlib.import_module(f"{__name__}.{module.name}")
        found[module.name] = dict(account.settings(f"{sandbox_url.rstrip('/')}/{module.name}"))
    return found
