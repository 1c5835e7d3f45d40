"""A wire to the provider that is a plain function, and the objects of the provider's document."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from hypothesis import strategies as st

from checkout_server.money import Money
from checkout_server.providers.base import CreateAttempt
from checkout_server.providers.cryptopay import CryptoPay
from checkout_server.providers.cryptopay.settings import CryptoPaySettings
from tests.providers import wire

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://api.cryptopay.example"
KEY = "cp_live_7ETNLmgFVsmmdiEhfqwjHPeJ"
ORDER_ID = "ORD-abc123def456"
SESSION_ID = "cs_01hzsession"
SERIAL = 1772366400123456
ADDRESS = "0x1234567890123456789012345678901234567890"
CONTRACT = "0xAbCdefAbCdefAbCdefAbCdefAbCdefAbCdefAbCd"
HASH = "0xabcdef1234567890"
INFO = json.dumps({"checkout_session": SESSION_ID, "order_id": "1001"}, separators=(",", ":"))
NETWORKS = {
    "base": {
        "chain_id": 8453,
        "tokens": {"USDC": {"contract": CONTRACT, "decimals": 6}, "ETH": {"decimals": 18}},
    },
    "bnb-chain": {
        "chain_id": 56,
        "tokens": {
            "USDT": {"contract": CONTRACT, "decimals": 18},
            "DAI": {"contract": CONTRACT, "decimals": 2},
        },
    },
    "tron": {"title": "TRON"},
}

_ODD = [
    "",
    "confirmed",
    "failed",
    "25",
    "-1",
    "1e9",
    "٣",
    "é",
    "\ud800",
    "\0",
    "x" * 300,
    "../x",
    "USDC",
    ADDRESS,
]


def json_values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Anything that JSON can say, with these keys in its objects."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(_ODD)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


def settings(**changes: Any) -> CryptoPaySettings:
    values = {
        "base_url": URL,
        "api_key": KEY,
        "webhook_secret": "whsec-new, whsec-old",
        "blockchain": "base",
        "networks": NETWORKS,
        **changes,
    }
    return CryptoPaySettings(**{name: value for name, value in values.items() if value is not None})


def order(**changes: Any) -> dict[str, Any]:
    """The order of the document, as `data` of an answer, created for our session."""
    return {
        "id": 123,
        "order_id": ORDER_ID,
        "amount": "100.00",
        "currency": "USDC",
        "blockchain": "base",
        "status": "pending",
        "receiving_address": ADDRESS,
        "payment_url": f"https://pay.cryptopay.com/order/{ORDER_ID}",
        "qr_code_url": f"/qr/{ORDER_ID}",
        "order_info": INFO,
        "nonce": SERIAL,
        "created_at": "2026-03-01T12:00:01Z",
        "expires_at": "2026-03-01T12:30:00Z",
        "transaction": None,
        **changes,
    }


def transaction(**changes: Any) -> dict[str, Any]:
    return {
        "transaction_hash": HASH,
        "block_number": 12345678,
        "confirmations": 15,
        "status": "confirmed",
        **changes,
    }


def confirmed(**changes: Any) -> dict[str, Any]:
    return order(
        **{
            "status": "confirmed",
            "confirmed_at": "2026-03-01T12:15:00Z",
            "transaction": transaction(),
            **changes,
        }
    )


def enveloped(data: Any) -> dict[str, Any]:
    return {"success": True, "data": data, "timestamp": "2026-03-01T12:00:01Z"}


def refusal(code: str, **details: list[str]) -> dict[str, Any]:
    error = {"code": code, "message": "As the provider puts it.", "details": details}
    return {"success": False, "error": error, "timestamp": "2026-03-01T12:00:01Z"}


def row(**changes: Any) -> dict[str, Any]:
    """An order as the document's list shows it."""
    keys = ("id", "order_id", "amount", "currency", "status", "created_at")
    whole = order(**changes)
    return {key: whole[key] for key in keys}


def listed(*rows: dict[str, Any], more: bool = False) -> dict[str, Any]:
    link = "/api/payment-orders/?page=2" if more else None
    return {"count": len(rows), "next": link, "previous": None, "results": list(rows)}


def attempt(**changes: Any) -> CreateAttempt:
    return CreateAttempt(
        **{
            "id": "at_1",
            "serial": SERIAL,
            "session_id": SESSION_ID,
            "amount": Money.parse("100", "USDC"),
            "order_id": "1001",
            "description": "Tee & mug",
            "email": "shopper@example.com",
            "metadata": {"cart": "9"},
            "locale": "en",
            "return_url": "https://pay.example/checkout/tok/return?outcome=return",
            "cancel_url": "https://pay.example/checkout/tok/return?outcome=cancel",
            "expires_at": NOW + timedelta(minutes=30),
            "created_at": NOW,
            **changes,
        }
    )


Answer = Callable[[httpx.Request], httpx.Response]


class Wire(wire.Wire):
    def gives(self, data: Any) -> None:
        """An answer in its envelope."""
        self.answers(enveloped(data))

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def provider(self, **changes: Any) -> CryptoPay:
        return CryptoPay(settings(**changes), clock=lambda: NOW, transport=httpx.MockTransport(self))
