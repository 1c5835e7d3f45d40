"""Svix: `svix-id`, `svix-timestamp`, `svix-signature: v1,<base64> v1,<base64>…` over `"{id}.{timestamp}." + raw body`.

Source: `providers/crossmint.md`, "Webhooks". Each secret is `whsec_` and the key in base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from checkout_server.providers.base import Nudge, WebhookRejected
from checkout_server.providers.config import secrets_of
from checkout_server.providers.crossmint.ids import is_id

TOLERANCE = 300  # seconds, both ways
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret starts with
_MAX_SIGNATURES = 4096  # characters: some eighty signatures

_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_TYPE = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)


def signing_keys(secrets: SecretStr) -> tuple[bytes, ...]:
    """The keys within the secrets of one setting. Raises `ValueError` for what is none."""
    return tuple(_key(secret.decode()) for secret in secrets_of(secrets))


def verify(headers: Mapping[str, str], raw: bytes, *, keys: Sequence[bytes], now: datetime) -> Nudge:
    """Raises `WebhookRejected` for whatever is not an event that the provider signed within the tolerance."""
    message_id, stamp, signatures = _parts(headers)
    # The bytes as they came: a body that is decoded and encoded again is another body.
    signed = f"{message_id}.{stamp}.".encode() + raw
    expected = [hmac.digest(key, signed, hashlib.sha256) for key in keys]
    if not any(hmac.compare_digest(e, s) for e in expected for s in signatures):
        raise WebhookRejected("signature_mismatch")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE:
        raise WebhookRejected("timestamp_out_of_tolerance")
    event = _json_object(raw)
    kind = event.get("type")
    return Nudge(
        ref=_order_id(event),
        dedupe_key=message_id,
        type=kind if isinstance(kind, str) and _TYPE.fullmatch(kind) else "unknown",
    )


def _parts(headers: Mapping[str, str]) -> tuple[str, str, list[bytes]]:
    """The id and the timestamp as they are written, since that is what was signed, and every `v1` signature."""
    found = [headers.get(f"svix-{name}") for name in ("id", "timestamp", "signature")]
    if any(value is None for value in found):
        raise WebhookRejected("signature_missing")
    message_id, stamp, listed = (value or "" for value in found)
    # Any other version is ignored: it may be weaker, or made with another kind of key.
    pairs = [item.partition(",") for item in listed[:_MAX_SIGNATURES].split(" ")]
    signatures = [_unbased(text) for version, _, text in pairs if version == "v1"]
    known = [signature for signature in signatures if signature is not None]
    readable = _MESSAGE_ID.fullmatch(message_id) and _TIMESTAMP.fullmatch(stamp)
    if not readable or not known or len(listed) > _MAX_SIGNATURES:
        raise WebhookRejected("signature_malformed")
    return message_id, stamp, known


def _order_id(event: Mapping[str, Any]) -> str:
    """The envelope is `{type, data | payload}`, with the order there or in its `order`."""
    for name in ("data", "payload"):
        body = event.get(name)
        for order in (body.get("order"), body) if isinstance(body, dict) else ():
            ref = order.get("orderId") if isinstance(order, dict) else None
            if is_id(ref):
                return ref
    raise WebhookRejected("unreadable")


def _key(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError("not a signing secret")
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    if not key:
        raise ValueError("an empty signing secret")
    return key


def _unbased(text: str) -> bytes | None:
    """32 bytes in base64, or None."""
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == hashlib.sha256().digest_size else None


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        event = json.loads(raw.decode("utf-8"), parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise WebhookRejected("unreadable") from None
    if not isinstance(event, dict):
        raise WebhookRejected("unreadable")
    return event
