"""Webhook events: the envelope and the `X-Webhook-Signature` header."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from checkout_server.sandbox.cryptopay.errors import iso
from checkout_server.sandbox.delivery import Event

EventType = Literal["payment.pending", "payment.confirmed", "payment.failed", "order.expired"]


class Events:
    def __init__(self, secret: str, now: Callable[[], datetime]) -> None:
        self._secret = secret
        self._now = now

    def event(self, kind: EventType, data: Mapping[str, Any]) -> Event:
        """The event as of now: what happens to the order later does not change what was told."""
        body = {
            "event": kind,
            "data": data,
            "timestamp": iso(self._now()),
            "webhook_id": f"wh_{uuid.uuid4().hex}",
        }
        # UTF-8 as it is, not escaped: a receiver that signs another encoding of the body finds out here.
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return Event(kind, text.encode("utf-8", "replace"))

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        secret = self._secret + "-not" if wrong else self._secret
        return {"X-Webhook-Signature": hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}
