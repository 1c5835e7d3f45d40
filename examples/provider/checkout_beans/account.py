"""The sandbox's own test account (`sandbox/__init__.py`); it opens nothing else."""

from __future__ import annotations


def settings(url: str) -> dict[str, str]:
    return {
        "base_url": f"{url}/api",
        "script_url": f"{url}/counter.js",
        "account_id": "acct_demo",
        "secret_key": "bk_test_demo",
        "webhook_secret": "demo-webhook-secret",
    }
