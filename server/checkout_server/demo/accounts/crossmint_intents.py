"""The sandbox's own staging key (`sandbox/crossmint_intents/settings.py`); it opens nothing else."""

from __future__ import annotations


def settings(url: str) -> dict[str, str]:
    return {
        "base_url": url,
        "secret_key": "sk_staging_demo",
        "verifier_url": f"{url}/verifier.js",
    }
