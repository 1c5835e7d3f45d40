"""The sandbox's own keys (`sandbox/crossmint/settings.py`); they open nothing else. It prices an item by `totalPrice`."""

from __future__ import annotations

from typing import Any

CURRENCIES = ("USD",)


def settings(url: str) -> dict[str, Any]:
    return {
        "base_url": url,
        "client_key": "ck_staging_demo",
        "secret_key": "sk_staging_demo",
        "webhook_secret": "whsec_Y3Jvc3NtaW50IHNhbmRib3ggc2VjcmV0",
        "line_items": {"collectionLocator": "crossmint:demo-store", "callData": {"totalPrice": "{amount}"}},
        "locales": "en-US,es-ES,de-DE,fr-FR",
    }
