"""Webhook events: the envelope, and Svix's headers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from checkout_server.sandbox.delivery import Event

EventType = Literal[
    "orders.quote.created",
    "orders.quote.updated",
    "orders.payment.succeeded",
    "orders.payment.failed",
    "orders.delivery.initiated",
    "orders.delivery.completed",
    "orders.delivery.failed",
]


class Events:
    """Writes and signs events. `now` is in unix seconds. A message keeps its id however often it is sent."""

    def __init__(self, secret: str, now: Callable[[], int]) -> None:
        self._key = base64.b64decode(secret.removeprefix("whsec_"))
        self._now = now
        self._ids: dict[bytes, str] = {}

    def event(self, kind: EventType, order: Mapping[str, Any]) -> Event:
        """The event as of now: what happens to the order later does not change what was told."""
        envelope = {
            "type": kind,
            "actionId": f"act_{secrets.token_hex(8)}",
            "timestamp": datetime.fromtimestamp(self._now(), UTC).isoformat().replace("+00:00", "Z"),
            "data": order,
        }
        # UTF-8 as it is, not escaped: a receiver that signs another encoding of the body finds out here.
        text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
        return Event(kind, text.encode("utf-8", "replace"))

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        message_id = self._ids.setdefault(raw, f"msg_{secrets.token_hex(12)}")
        moment = str(self._now())
        key = self._key + b"-not" if wrong else self._key
        digest = hmac.digest(key, f"{message_id}.{moment}.".encode() + raw, hashlib.sha256)
        return {
            "svix-id": message_id,
            "svix-timestamp": moment,
            "svix-signature": "v1," + base64.b64encode(digest).decode(),
        }
