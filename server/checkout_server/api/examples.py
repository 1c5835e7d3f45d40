"""One of each answer, for OpenAPI. A test holds them against what the server really answers."""

from __future__ import annotations

from typing import Any

_ID = "cs_00t3za00z789bp7szyd5hxn"
_PAGE = "https://pay.shop.example/checkout/DVn_yWAOzMWwhHG936p6S3zhAWwugeoP"

REFUND: dict[str, Any] = {
    "id": "re_00t3zb5e4k1q0v9x2m7c8dd",
    "session_id": _ID,
    "status": "pending",
    "amount": "10.00",
    "currency": "USD",
    "reason": "requested_by_customer",
    "provider_ref": "4639e9bb-f85c-4f62-9d52-56dc0a8eb51b",
    "error": None,
    "created_at": "2026-11-21T10:05:00.000Z",
}
SESSION: dict[str, Any] = {
    "id": _ID,
    "kind": "payment",
    "status": "open",
    "final": False,
    "paid": False,
    "version": 2,
    "provider": "crypto_com",
    "mode": "test",
    "provider_ref": "fa176d2e-8f58-419d-a531-e2c8e4dc3fa9",
    "amount": "25.00",
    "currency": "USD",
    "amount_received": None,
    "amount_refunded": None,
    "order_id": "order-1001",
    "description": "Crypto.com Tee (Unisex)",
    "customer": {"email": "ada@example.com"},
    "metadata": {"size": "XL"},
    "return_url": "https://shop.example/orders/1001/done",
    "cancel_url": "https://shop.example/cart",
    "embed_origins": [],
    "locale": "en",
    "options": {},
    "url": _PAGE,
    "webview_url": f"{_PAGE}?view=webview",
    "embed": f'<checkout-embed session-url="{_PAGE}" label="Checkout: Shop">'
    f'<a href="{_PAGE}">Checkout: Shop</a></checkout-embed>',
    "delivery": None,
    "last_failure": None,
    "review_reason": None,
    "resolution": None,
    "refunds": [],
    "left_at": None,
    "paid_at": None,
    "created_at": "2026-11-21T10:00:00.000Z",
    "expires_at": "2026-11-21T10:30:00.000Z",
}
EVENT: dict[str, Any] = {
    "seq": 1,
    "type": "session.created",
    "version": 1,
    "at": "2026-11-21T10:00:00.000Z",
    "data": {},
}
PROVIDER: dict[str, Any] = {
    "name": "crypto_com",
    "title": "Crypto.com Pay",
    "kind": "payment",
    "mode": "test",
    "capabilities": ["cancel", "find", "hosted", "list", "partial_refund", "refund"],
}
PAYMENT: dict[str, Any] = {
    "provider_ref": "fa176d2e-8f58-419d-a531-e2c8e4dc3fa9",
    "session_id": _ID,
    "state": "open",
    "mode": "test",
    "amount": "25.00",
    "currency": "USD",
    "amount_refunded": "0.00",
}
SNAPSHOT: dict[str, Any] = {
    "status": "open",
    "final": False,
    "paid": False,
    "version": 2,
    "telling": False,
    "redirect": None,
    "redirect_after_ms": 0,
    "already_paid": False,
    "checking": False,
    "unavailable": False,
    "payable": True,
    "failure": None,
    "text": {
        "amount": "$25.00",
        "until": "Open until 10:30 AM UTC.",
        "confirmations": "",
        "received": "",
        "refunded": "",
        "failure": "",
        "needs": "",
        "delivery": "",
        "review": "",
        "already_paid": "This order was paid.",
        "paid_at": "",
        "returning": "Returning to Shop…",
    },
    "expires_at": "2026-11-21T10:30:00.000Z",
    "now": "2026-11-21T10:00:01.000Z",
}
