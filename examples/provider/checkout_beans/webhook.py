"""`Bean-Time: <unix seconds>` and `Bean-Signature: <hex>`, HMAC-SHA256 over the time, a point and the raw body."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from checkout_beans.mapping import word
from checkout_server.providers.base import Nudge, WebhookRejected

TOLERANCE = 300  # seconds, both ways

_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def verify(headers: Mapping[str, str], raw: bytes, *, secrets: Sequence[bytes], now: datetime) -> Nudge:
    """Raises `WebhookRejected` and nothing else, whatever the bytes are."""
    time, signature = headers.get("bean-time", ""), headers.get("bean-signature", "")
    if not _TIME.fullmatch(time) or not _SHA256.fullmatch(signature):
        raise WebhookRejected("signature_malformed")
    # The bytes as they came: a body that is decoded and encoded again is another body.
    expected = [hmac.new(each, time.encode() + b"." + raw, hashlib.sha256).hexdigest() for each in secrets]
    if not any(hmac.compare_digest(each, signature) for each in expected):
        raise WebhookRejected("signature_mismatch")
    if abs(now.timestamp() - int(time)) > TOLERANCE:
        raise WebhookRejected("timestamp_out_of_tolerance")
    event = _object(raw)
    ref, key = word(event.get("invoice")), word(event.get("id"))
    if ref is None or key is None:
        raise WebhookRejected("unreadable")
    return Nudge(
        ref=ref,
        dedupe_key=key,
        type=word(event.get("type")) or "unknown",
        reference=word(event.get("reference")),
    )


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        event = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise WebhookRejected("unreadable") from None
    if not isinstance(event, dict):
        raise WebhookRejected("unreadable")
    return event
