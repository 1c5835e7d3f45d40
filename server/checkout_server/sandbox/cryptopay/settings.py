"""The account that the sandbox plays: its keys, its wallets, and how its chain and its dashboard behave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class CryptoPaySettings(BaseModel):
    """`wallets` has one address for each network, as a merchant has: many orders share it.

    `confirmations` is how deep a transfer must be for the provider, `block_seconds` how long a block takes once money
    was sent by the page's button. `late` is what becomes of an order that is paid after its expiry, and `list_rows`
    whether listed orders are as short as in the document: neither is documented, so both can be had.
    `requests_per_hour` turns away what is more; None only counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    api_key: str = "cp_demo_key"
    username: str = "demo"
    password: str = "demo-password"  # noqa: S105 - opens nothing but the sandbox
    webhook_secret: str = "whsec_demo"  # noqa: S105
    tokens: Mapping[str, Mapping[str, int]] = Field(
        default_factory=lambda: {
            "base": {"USDC": 6, "ETH": 18, "DAI": 18},
            "ethereum": {"USDC": 6, "USDT": 6, "ETH": 18, "DAI": 18},
            "polygon": {"USDC": 6, "POL": 18},
            "tron": {"USDT": 6},
        }
    )
    # Nobody's: what is sent to one of these by mistake is lost, and on a test network only.
    wallets: Mapping[str, str] = Field(
        default_factory=lambda: {
            "base": "0x00000000000000000000C0ffee00000000000001",
            "ethereum": "0x00000000000000000000C0FfEE00000000000002",
            "tron": "TSandboxSandboxSandboxSandbox00001",
        }
    )
    confirmations: int = 3
    block_seconds: float = 1.0
    late: Literal["confirm", "keep"] = "confirm"
    list_rows: Literal["documented", "full"] = "documented"
    requests_per_hour: int | None = None
