"""The sandbox's own login (`sandbox/cryptopay/settings.py`); it opens nothing else.

The network is a *test* network to every real wallet: whoever scans the demo's QR code with one sends no real money. The
token's contract is nobody's.
"""

from __future__ import annotations

from typing import Any

CURRENCIES = ("USDC", "ETH")


def settings(url: str) -> dict[str, Any]:
    return {
        "base_url": url,
        "username": "demo",
        "password": "demo-password",
        "webhook_secret": "whsec_demo",
        "mode": "test",
        "blockchain": "base",
        "networks": {
            "base": {
                "title": "Base",
                "chain_id": 84532,
                "tokens": {
                    "ETH": {"decimals": 18},
                    "USDC": {"contract": "0x0000000000000000000000000000000005a4db0c", "decimals": 6},
                },
            },
            "ethereum": {"title": "Ethereum", "chain_id": 11155111},
            "tron": {"title": "Tron"},
        },
    }
