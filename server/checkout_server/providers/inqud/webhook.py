"""`X-Payload-Digest`: hex HMAC-SHA1 over the raw body.

Source: `providers/inqud.md`. The scheme signs no time, so nothing in it stops a replay: a webhook is told apart by its
content, and is never more than a reason to look.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from checkout_server.providers.base import Nudge, WebhookRejected
from checkout_server.providers.inqud.mapping import is_id, text

HEADER = "x-payload-digest"
_MAX_HEADER = 1024  # some twenty digests
_SHA1 = re.compile(r"[0-9a-fA-F]{40}", re.ASCII)
_STATUS = re.compile(r"[A-Z0-9_]{1,48}", re.ASCII)


def verify(headers: Mapping[str, str], raw: bytes, *, secrets: Sequence[bytes]) -> Nudge:
    """Raises `WebhookRejected` for whatever is not a checkout that the provider signed."""
    digests = _digests(headers.get(HEADER))
    # The bytes as they came: a body that is decoded and encoded again is another body.
    expected = [hmac.digest(secret, raw, hashlib.sha1) for secret in secrets]
    if not any(hmac.compare_digest(e, d) for e in expected for d in digests):
        raise WebhookRejected("signature_mismatch")
    return _nudge(raw)


def _digests(value: str | None) -> list[bytes]:
    """Every well-formed digest: a header that came twice is one with a comma by now."""
    if value is None:
        raise WebhookRejected("signature_missing")
    if len(value) > _MAX_HEADER:
        raise WebhookRejected("signature_malformed")
    digests = [bytes.fromhex(part.strip()) for part in value.split(",") if _SHA1.fullmatch(part.strip())]
    if not digests:
        raise WebhookRejected("signature_malformed")
    return digests


def _nudge(raw: bytes) -> Nudge:
    checkout = _json_object(raw)
    ref, status = checkout.get("id"), checkout.get("status")
    if not is_id(ref):
        raise WebhookRejected("unreadable")
    known = isinstance(status, str) and _STATUS.fullmatch(status)
    return Nudge(
        ref=ref,
        dedupe_key=f"sha256-{hashlib.sha256(raw).hexdigest()}",
        type=f"checkout.{str(status).lower()}" if known else "unknown",
        reference=text(checkout.get("clientOrderId")),
    )


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw.decode("utf-8"), parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise WebhookRejected("unreadable") from None
    if not isinstance(body, dict):
        raise WebhookRejected("unreadable")
    return body
