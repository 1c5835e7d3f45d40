"""`X-Webhook-Signature`: hex HMAC-SHA256 of the raw body, without a time (`providers/cryptopay.md`).

An old webhook sent again is as good as a new one: it only makes us look, and what we then see is of now.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence

from checkout_server.providers.base import Nudge, WebhookRejected
from checkout_server.providers.cryptopay.mapping import is_id
from checkout_server.providers.cryptopay.options import session_in

HEADER = "x-webhook-signature"

_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_EVENT = re.compile(r"[a-z0-9_.]{1,64}", re.ASCII)


def verify(headers: Mapping[str, str], raw: bytes, *, secrets: Sequence[bytes]) -> Nudge:
    """Raises `WebhookRejected` for whatever is not an event about an order that the provider signed."""
    given = headers.get(HEADER)
    if given is None:
        raise WebhookRejected("signature_missing")
    if not _SHA256.fullmatch(given):
        raise WebhookRejected("signature_malformed")
    signature = bytes.fromhex(given)
    # The bytes as they came: a body that is decoded and encoded again is another body.
    expected = [hmac.digest(secret, raw, hashlib.sha256) for secret in secrets]
    if not any(hmac.compare_digest(one, signature) for one in expected):
        raise WebhookRejected("signature_mismatch")
    return _nudge(raw)


def _nudge(raw: bytes) -> Nudge:
    try:
        event = json.loads(raw.decode("utf-8"), parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise WebhookRejected("unreadable") from None
    data = event.get("data") if isinstance(event, dict) else None
    if not isinstance(event, dict) or not isinstance(data, dict) or not is_id(ref := data.get("order_id")):
        raise WebhookRejected("unreadable")
    kind = event.get("event")
    return Nudge(
        ref=ref,
        # Not `webhook_id`: nobody says whether it names this message or the endpoint that it goes to.
        dedupe_key=f"sha256-{hashlib.sha256(raw).hexdigest()}",
        type=kind if isinstance(kind, str) and _EVENT.fullmatch(kind) else "unknown",
        reference=session_in(data.get("order_info")),
    )
