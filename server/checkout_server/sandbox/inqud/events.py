"""Webhooks: the checkout as it is, and the `X-Payload-Digest` header."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from checkout_server.sandbox.delivery import Event
from checkout_server.sandbox.inqud import wire


class Events:
    """Writes and signs webhooks. Without a secret there are none."""

    def __init__(self, secret: str | None) -> None:
        self._secret = secret

    def events(self, body: Mapping[str, Any]) -> list[Event]:
        """The webhook as of now: what happens to the checkout later does not change what was told."""
        return [Event(str(body["status"]), wire.raw_of(body))] if self._secret else []

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        secret = f"{self._secret}-not" if wrong else str(self._secret)
        return {"X-Payload-Digest": hmac.new(secret.encode(), raw, hashlib.sha1).hexdigest()}
