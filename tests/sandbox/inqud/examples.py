"""The JSON examples of the provider's document, transcribed as data. What it shows, the sandbox must answer."""

from __future__ import annotations

import json
from typing import Any

REQUEST: dict[str, Any] = json.loads("""
{"clientOrderId":"12345676890","expiresAt":"2024-12-01T12:00:00Z","name":"My website balance top up",
"returnUrl":"https://example.com/return","type":"NO_PRICE"}
""")

NO_PRICE: dict[str, Any] = json.loads("""
{"id":"CCO-81162548-7d14-4b07-b7f5-f2c6eb3e901b","projectId":"CAP-df02b127-6717-4a73-a231-5a57155308a5",
"projectName":"test","clientOrderId":"12345676890","status":"NEW","name":"My website balance top up",
"type":"NO_PRICE","returnUrl":"https://example.com/return",
"acquiringUrl":"https://paycrypto.inqud.com/checkout/CCO-81162548-7d14-4b07-b7f5-f2c6eb3e901b",
"createdAt":"2023-12-22T09:59:46.882256224Z","expiresAt":"2024-12-01T12:00:00Z"}
""")

SUGGESTED: dict[str, Any] = {
    **NO_PRICE,
    "type": "SUGGESTED_FIXED_PRICE",
    "merchantDomain": "paycrypto.inqud.com",
}

# "Full responses add" these (`providers/inqud.md`).
FULL = {
    "merchantDomain",
    "reason",
    "suggestedAmounts",
    "cryptoCurrencies",
    "estimatedPayAmounts",
    "minLimits",
    "maxLimits",
    "request",
    "lastUpdatedAt",
}
REQUEST_KEYS = {"paidAmount", "overpaid", "txHash", "paymentWindowEndsAt"}

# The published signature.
VECTOR = {
    "secret": "secret_value",
    "body": '{"field":"value"}',
    "digest": "7e36242a10fd65cbaacd7ff288df9fd3f9e75a46",
}
