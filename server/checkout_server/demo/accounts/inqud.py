"""The sandbox's own test token (`sandbox/inqud/settings.py`); it opens nothing else."""

from __future__ import annotations

CURRENCIES = ("USD", "USDC")


def settings(url: str) -> dict[str, str]:
    return {
        "base_url": url,
        "widget_url": f"{url}/widget.js",
        "project_id": "CAP-df02b127-6717-4a73-a231-5a57155308a5",
        "token_id": "demo-token",
        "token_secret": "demo-token-secret",
        "webhook_secret": "demo-webhook-secret",
    }
