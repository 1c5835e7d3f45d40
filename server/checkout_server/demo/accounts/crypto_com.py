"""The sandbox's own test keys (`sandbox/crypto_com/settings.py`); they open nothing else."""

from __future__ import annotations

CURRENCIES = ("USD", "JPY", "CRO")


def settings(url: str) -> dict[str, str]:
    return {
        "base_url": f"{url}/api",
        "sdk_url": f"{url}/sdk",
        "publishable_key": "pk_test_demo",
        "secret_key": "sk_test_demo",
        "webhook_secret": "whsec_demo",
    }
