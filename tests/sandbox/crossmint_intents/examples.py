"""The JSON of the provider's document, transcribed as data. What it shows, the sandbox must take and answer."""

from __future__ import annotations

import json
from typing import Any

# The document's request, with values for its `<string>`s.
WISH: dict[str, Any] = json.loads("""
{
  "agentId": "9b3a1c20-1f2c-4f78-9f4d-6c5b8a3a8a01",
  "payment": {
    "paymentMethodId": "pm_8d6a4b1f-9c8a-4cba-b2c1-3a5b8c0d6f12"
  },
  "mandates": [
    {
      "type": "maxAmount",
      "value": "100.00",
      "details": {
        "currency": "usd",
        "period": "monthly"
      }
    },
    {
      "type": "description",
      "value": "Weekly grocery purchases"
    }
  ],
  "expiresAt": "2027-11-07T05:31:56Z"
}
""")

INTENT: dict[str, Any] = json.loads("""
{
  "orderIntentId": "oi_8d6a4b1f-9c8a-4cba-b2c1-3a5b8c0d6f12",
  "agentId": "9b3a1c20-1f2c-4f78-9f4d-6c5b8a3a8a01",
  "phase": "requires-verification",
  "payment": {
    "paymentMethodId": "pm_8d6a4b1f-9c8a-4cba-b2c1-3a5b8c0d6f12"
  },
  "mandates": [
    {
      "type": "maxAmount",
      "value": "100.00",
      "details": {
        "currency": "usd",
        "period": "monthly"
      }
    },
    {
      "type": "description",
      "value": "Weekly grocery purchases"
    }
  ],
  "verificationConfig": {
    "environment": "production",
    "publicApiKey": "key_publicSomething",
    "agentId": "agt_btxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "instructionId": "ins_btxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
  }
}
""")


def shape(value: Any) -> Any:
    """The keys and types of an answer, and of each mandate."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return type(value).__name__
