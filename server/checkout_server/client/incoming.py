"""What reaches a store from outside: webhooks, which it may act on, and return URLs, which it may only show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from standardwebhooks import Webhook, WebhookVerificationError

from checkout_server.client.errors import WebhookRejected
from checkout_server.client.session import Malformed, Session
from checkout_server.hints import ReturnHint, ReturnRejected, verify_hint

TOLERANCE = timedelta(minutes=5)
# An HMAC-SHA256 is always these 44 characters. The library stumbles over anything else in the header.
_SIGNATURE = re.compile(r"v1,[A-Za-z0-9+/]{43}=", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


class Headers(Protocol):
    """The headers of a request, of whatever framework: not all of them are a `Mapping`."""

    def items(self) -> Iterable[tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A verified webhook. `id` stays the same when it is delivered again; order by `session.version`, not by arrival."""

    id: str
    type: str  # "session.<status>"
    at: datetime
    session: Session


def verify_webhook(headers: Headers, raw_body: bytes, secrets: Sequence[str]) -> WebhookEvent:
    """Checks the signature over the bytes as they came, with each secret in turn, and reads the event.

    `secrets` are `whsec_…`, several while they are rotated. Raises `WebhookRejected`, nothing else, whatever
    the bytes.
    """
    given = {str(name).lower(): str(value) for name, value in headers.items()}
    message_id, signatures = given.get("webhook-id", ""), given.get("webhook-signature", "")
    if not message_id or not signatures or not given.get("webhook-timestamp"):
        raise WebhookRejected("headers")
    _check_time(given["webhook-timestamp"])
    try:
        body = raw_body.decode("utf-8")
    except UnicodeDecodeError:
        raise WebhookRejected("payload") from None
    given["webhook-signature"] = " ".join(_SIGNATURE.findall(signatures))
    if not any(_matches(_verifier(secret), body, given) for secret in secrets):
        raise WebhookRejected("signature")
    return _event(message_id, body)


def verify_return(url_or_params: str | Mapping[str, str], secrets: Sequence[str]) -> ReturnHint:
    """What the shopper's browser carried back: to be shown at once, never to deliver on. Raises `ReturnRejected`."""
    try:
        return verify_hint(url_or_params, secrets)
    except (ValueError, TypeError):  # a URL that Python cannot take apart, or parameters that are not text
        raise ReturnRejected("missing") from None


def _check_time(text: str) -> None:
    # Stricter than the library, which takes any float; it stays the one that compares what was signed.
    if not _SECONDS.fullmatch(text):
        raise WebhookRejected("time")
    try:
        age = datetime.now(UTC) - datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):  # OSError: what the platform's clock cannot hold
        raise WebhookRejected("time") from None
    if abs(age) > TOLERANCE:
        raise WebhookRejected("time")


def _verifier(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except Exception:  # noqa: BLE001 - the library leaks its own errors and binascii's
        raise WebhookRejected("secret") from None


def _matches(verifier: Webhook, body: str, headers: dict[str, str]) -> bool:
    try:
        verifier.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: headers that UTF-8 cannot carry
        return False
    return True


def _event(message_id: str, body: str) -> WebhookEvent:
    try:
        payload: Any = json.loads(body)
        kind, at = payload["type"], datetime.fromisoformat(payload["timestamp"])
        session = Session.from_json(payload["data"])
    except (Malformed, ValueError, TypeError, KeyError, RecursionError):
        raise WebhookRejected("payload") from None
    if not isinstance(kind, str) or at.tzinfo is None:
        raise WebhookRejected("payload")
    return WebhookEvent(message_id, kind, at, session)
