"""The JSON examples of the provider's document, transcribed as data. What it shows, the sandbox must answer."""

from __future__ import annotations

import json
from typing import Any

REQUEST: dict[str, Any] = json.loads(r"""
{
  "amount": "100.00",
  "currency": "USDC",
  "blockchain": "base",
  "order_info": "{\"product\": \"Premium Plan\", \"quantity\": 1}",
  "nonce": 1640995200123456,
  "webhook_url": "https://your-site.com/webhooks/cryptopay",
  "redirect_url": "https://your-site.com/payment/success",
  "expires_at": "2024-01-01T12:00:00Z"
}
""")

CREATED: dict[str, Any] = json.loads(r"""
{
  "success": true,
  "data": {
    "id": 123,
    "order_id": "ORD-abc123def456",
    "amount": "100.00",
    "currency": "USDC",
    "blockchain": "base",
    "status": "pending",
    "receiving_address": "0x1234567890123456789012345678901234567890",
    "payment_url": "https://pay.cryptopay.com/order/ORD-abc123def456",
    "qr_code_url": "/qr/ORD-abc123def456",
    "order_info": "{\"product\": \"Premium Plan\", \"quantity\": 1}",
    "nonce": 1640995200123456,
    "created_at": "2024-01-01T10:00:00Z",
    "expires_at": "2024-01-01T12:00:00Z",
    "transaction": null
  }
}
""")

CONFIRMED: dict[str, Any] = json.loads(r"""
{
  "success": true,
  "data": {
    "id": 123,
    "order_id": "ORD-abc123def456",
    "amount": "100.00",
    "currency": "USDC",
    "blockchain": "base",
    "status": "confirmed",
    "receiving_address": "0x1234567890123456789012345678901234567890",
    "payment_url": "https://pay.cryptopay.com/order/ORD-abc123def456",
    "order_info": "{\"product\": \"Premium Plan\", \"quantity\": 1}",
    "nonce": 1640995200123456,
    "created_at": "2024-01-01T10:00:00Z",
    "confirmed_at": "2024-01-01T10:15:00Z",
    "transaction": {
      "transaction_hash": "0xabcdef1234567890...",
      "block_number": 12345678,
      "confirmations": 15,
      "status": "confirmed"
    }
  }
}
""")

LIST: dict[str, Any] = json.loads("""
{
  "count": 150,
  "next": "/api/payment-orders/?page=2",
  "previous": null,
  "results": [
    {
      "id": 123,
      "order_id": "ORD-abc123def456",
      "amount": "100.00",
      "currency": "USDC",
      "status": "confirmed",
      "created_at": "2024-01-01T10:00:00Z"
    }
  ]
}
""")

# `providers/cryptopay.md`, "API" and "Webhooks".
ERROR: dict[str, Any] = {
    "success": False,
    "error": {"code": "INVALID_AMOUNT", "message": "…", "details": {}},
    "timestamp": "2024-01-01T10:00:00Z",
}
EVENT: dict[str, Any] = {
    "event": "payment.confirmed",
    "data": {
        "order_id": "ORD-abc123def456",
        "transaction_hash": "0xabcdef1234567890...",
        "amount": "100.00",
        "currency": "USDC",
        "blockchain": "base",
        "status": "confirmed",
        "confirmations": 15,
        "block_number": 12345678,
        "from_address": "0x1234567890123456789012345678901234567890",
        "to_address": "0x1234567890123456789012345678901234567890",
        "order_info": "{}",
        "created_at": "2024-01-01T10:00:00Z",
        "confirmed_at": "2024-01-01T10:15:00Z",
    },
    "timestamp": "2024-01-01T10:15:00Z",
    "webhook_id": "wh_1",
}
