"""`Pay-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…]`: HMAC-SHA256 over `"{t}." + raw body`.

Source: the provider's document, "Verifying signatures". It is the shape that Stripe made common.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from checkout_server.providers.base import Nudge, WebhookRejected
from checkout_server.providers.crypto_com.mapping import is_id, text

HEADER = "pay-signature"
TOLERANCE = 300  # seconds, both ways
_MAX_HEADER = 2048  # some thirty signatures

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_TYPE = re.compile(r"[a-z0-9_.]{1,64}", re.ASCII)
_REFUND_EVENT = "payment.refund_"
_PAYMENT_EVENTS = frozenset({"payment.created", "payment.fulfill", "payment.captured"})


def verify(headers: Mapping[str, str], raw: bytes, *, secrets: Sequence[bytes], now: datetime) -> Nudge:
    """Raises `WebhookRejected` for whatever is not an event that the provider signed within the tolerance."""
    stamp, signatures = parse_header(headers.get(HEADER))
    # The bytes as they came: a body that is decoded and encoded again is another body.
    signed = stamp.encode() + b"." + raw
    expected = [hmac.digest(secret, signed, hashlib.sha256) for secret in secrets]
    if not any(hmac.compare_digest(e, s) for e in expected for s in signatures):
        raise WebhookRejected("signature_mismatch")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE:
        raise WebhookRejected("timestamp_out_of_tolerance")
    return _nudge(raw)


def parse_header(value: str | None) -> tuple[str, list[bytes]]:
    """The timestamp as it is written, since that is what was signed, and every well-formed `v1` signature."""
    if value is None:
        raise WebhookRejected("signature_missing")
    if len(value) > _MAX_HEADER:
        raise WebhookRejected("signature_malformed")
    pairs = [item.strip().partition("=") for item in value.split(",")]
    stamps = [found for prefix, _, found in pairs if prefix == "t"]
    # Any other scheme is ignored, as the document asks: it may be weaker.
    signatures = [
        bytes.fromhex(found) for prefix, _, found in pairs if prefix == "v1" and _SHA256.fullmatch(found)
    ]
    if len(stamps) != 1 or not _TIMESTAMP.fullmatch(stamps[0]) or not signatures:
        raise WebhookRejected("signature_malformed")
    return stamps[0], signatures


def _nudge(raw: bytes) -> Nudge:
    event = _json_object(raw)
    data = event.get("data")
    item = data.get("object") if isinstance(data, dict) else None
    if not isinstance(item, dict):
        raise WebhookRejected("unreadable")
    kind = event.get("type")
    kind = kind if isinstance(kind, str) and _TYPE.fullmatch(kind) else "unknown"
    ref, refund_ref = _refs(kind, item)
    event_id = event.get("id")
    return Nudge(
        ref=ref,
        dedupe_key=event_id if is_id(event_id) else f"sha256-{hashlib.sha256(raw).hexdigest()}",
        type=kind,
        reference=None if refund_ref else text(item.get("order_id")),
        refund_ref=refund_ref,
    )


def _refs(kind: str, item: Mapping[str, Any]) -> tuple[str, str | None]:
    """The payment, and the refund if it is about one.

    An event to come may be about something that belongs to a payment: then `payment_id` is what to look at.
    """
    item_id, payment_id = item.get("id"), item.get("payment_id")
    about_refund = kind.startswith(_REFUND_EVENT)
    if about_refund or (kind not in _PAYMENT_EVENTS and is_id(payment_id)):
        ref, refund_ref = payment_id, item_id if about_refund else None
    else:
        ref, refund_ref = item_id, None
    if not is_id(ref):
        raise WebhookRejected("unreadable")
    return ref, refund_ref if is_id(refund_ref) else None


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        event = json.loads(raw.decode("utf-8"), parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise WebhookRejected("unreadable") from None
    if not isinstance(event, dict):
        raise WebhookRejected("unreadable")
    return event
