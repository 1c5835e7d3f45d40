"""The JSON examples of the provider's document, transcribed as data. What it shows, the sandbox must answer."""

from __future__ import annotations

import json
from typing import Any

PAYMENT_CREATED: dict[str, Any] = json.loads("""
{
  "id": "fa176d2e-8f58-419d-a531-e2c8e4dc3fa9",
  "amount": 2500,
  "amount_refunded": 0,
  "created": 1555098161,
  "crypto_currency": "CRO",
  "crypto_amount": "1894.8",
  "currency": "USD",
  "data_url": "https://pay.crypto.com/sdk/payments/fa176d2e-8f58-419d-a531-e2c8e4dc3fa9",
  "payment_url": "https://js.crypto.com/sdk/payments/checkout/set_wallet?publishableKey=XXX&sdkMeta=YYY",
  "return_url": "http://YOUR_WEBSITE.com/orders/123/complete",
  "cancel_url": "http://YOUR_WEBSITE.com/orders/123/fail",
  "description": "Crypto.com Tee (Unisex)",
  "live_mode": false,
  "metadata": {
    "customer_name": "John Doe"
  },
  "order_id": "640cf83d-a316-4030-9878-71be1d98b737",
  "recipient": "Crypto.com Shop",
  "refunded": false,
  "status": "pending"
}
""")

# "Retrieve a payment", "Cancel a payment" and "List all payments" show this with their statuses.
PAYMENT: dict[str, Any] = {**PAYMENT_CREATED, "customer_id": None}

REFUND_CREATED: dict[str, Any] = json.loads("""
{
  "id": "4639e9bb-f85c-4f62-9d52-56dc0a8eb51b",
  "status": "pending",
  "payment_id": "8ddee625-d175-4c55-a5e0-5ed8c68e3cd1",
  "currency": "USD",
  "amount": 100,
  "reason": "requested_by_customer",
  "description": "Refund for Order#33",
  "created": 1555098162
}
""")

REFUND: dict[str, Any] = json.loads("""
{
  "id": "bbaa1ac7-a5ae-4a36-8f21-14d34ecb0b15",
  "currency": "USD",
  "amount": 5000,
  "debit_currency": "TUSD",
  "debit_amount": 0,
  "created": 1618283181,
  "reason": "Requested by customer",
  "description": "testing",
  "payment_id": "5e28e539-a7dd-4257-8b77-d2299d514959",
  "status": "prepared",
  "live_mode": true
}
""")

ERROR: dict[str, Any] = json.loads("""
{
  "error": {
    "type": "invalid_request_error",
    "code": "resource_missing",
    "param": "id"
  }
}
""")

EVENT: dict[str, Any] = json.loads("""
{"id":"920a4e24-169e-4205-85bd-348c1b834231","object_type":"event","type":"payment.created","created":1492774570,
"data":{"object":{"id":"246dce08-019c-4bcb-871d-e8733295e027","amount":1900,"amount_refunded":0,"created":1492774570,
"crypto_currency":"CRO","crypto_amount":"107.5","currency":"EUR","customer_id":null,
"data_url":"https://pay.crypto.com/sdk/payments/246dce08-019c-4bcb-871d-e8733295e027",
"payment_url":"https://js.crypto.com/sdk/payments/checkout/set_wallet?publishableKey=XXX&id=246dce08-019c-4bcb-871d-e8733295e027&sdkMeta=YYY",
"return_url":null,"cancel_url":null,"description":"Test payment","live_mode":true,
"metadata":{"customer_name":"Test","customer_email":"test@example.com"},"order_id":"Order ID","recipient":"Test",
"refunded":false,"status":"pending"}}}
""")


def assert_like(answer: Any, example: Any, path: str = "$") -> None:
    """The example's keys are all there, each with a value of the example's type. Null in either says nothing."""
    if example is None or answer is None:
        return
    assert type(answer) is type(example), f"{path}: {answer!r} is not like {example!r}"
    if isinstance(example, dict) and not path.endswith(".metadata"):
        missing = sorted(example.keys() - answer.keys())
        assert not missing, f"{path}: {missing} missing"
        for key, value in example.items():
            assert_like(answer[key], value, f"{path}.{key}")
