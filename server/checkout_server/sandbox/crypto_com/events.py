"""Webhook events: the envelope and the `Pay-Signature` header."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Literal

from checkout_server.sandbox.delivery import Event

EventType = Literal[
    "payment.created",
    "payment.fulfill",
    "payment.captured",
    "payment.refund_requested",
    "payment.refund_transferred",
]


class Events:
    """Writes and signs events. `now` is in unix seconds."""

    def __init__(self, secret: str, now: Callable[[], int]) -> None:
        self._secret = secret
        self._now = now

    def event(self, kind: EventType, body: Mapping[str, Any]) -> Event:
        """The event as of now: what happens to the payment later does not change what was told."""
        envelope = {
            "id": str(uuid.uuid4()),
            "object_type": "event",
            "type": kind,
            "created": self._now(),
            "data": {"object": body},
        }
        # UTF-8 as it is, not escaped: a receiver that signs another encoding of the body finds out here.
        text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
        return Event(kind, text.encode("utf-8", "replace"))

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        secret = self._secret + "-not" if wrong else self._secret
        moment = str(self._now())
        digest = hmac.new(secret.encode(), f"{moment}.".encode() + raw, hashlib.sha256)
        return {"Pay-Signature": f"t={moment},v1={digest.hexdigest()}"}
