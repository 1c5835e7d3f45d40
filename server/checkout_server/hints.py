"""The signed hint on the return URL: what a store may show at once, never what it may deliver on.

Standard library only: `client.py` verifies with it in a merchant's back end.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

_NAMES = ("checkout_session", "checkout_order", "checkout_status", "checkout_version", "checkout_t")
SIGNATURE = "checkout_sig"
TOLERANCE = timedelta(hours=24)


class ReturnRejected(Exception):
    """The hint is missing, altered, or too old. `reason` is `missing`, `signature` or `time`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the return hint was rejected: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ReturnHint:
    """What the shopper's browser carried back. There is no `paid` here on purpose: ask the API, or wait for the webhook."""

    session: str
    order: str
    status: str
    version: int
    at: datetime


def add_hint(url: str, hint: ReturnHint, secret: str) -> str:
    """`url` with the hint and its signature added to the query; what was there stays as it was."""
    values = (hint.session, hint.order, hint.status, str(hint.version), str(int(hint.at.timestamp())))
    pairs = [*zip(_NAMES, values, strict=True), (SIGNATURE, _sign(values, secret))]
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
    # As text, for taking an app's URL apart and putting it together again turns `app://` into `app:`.
    base, mark, fragment = url.partition("#")
    joint = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
    return f"{base}{joint}{added}{mark}{fragment}"


def verify_hint(
    url: str | Mapping[str, str],
    secrets: Sequence[str],
    *,
    now: datetime | None = None,
    tolerance: timedelta = TOLERANCE,
) -> ReturnHint:
    """Reads the hint from a return URL, a query string or its parameters. Raises `ReturnRejected`, nothing else.

    Every secret is tried, so that they can be rotated.
    """
    query = url if isinstance(url, Mapping) else _query(url)
    given, signature = [query.get(name) for name in _NAMES], query.get(SIGNATURE)
    values = [value for value in given if value is not None]
    if len(values) != len(_NAMES) or signature is None:
        raise ReturnRejected("missing")
    wanted = [_sign(values, secret) for secret in secrets]
    matches = [hmac.compare_digest(want.encode(), signature.encode("utf-8", "replace")) for want in wanted]
    if not any(matches):
        raise ReturnRejected("signature")
    session, order, status, version, at = values
    hint = ReturnHint(session, order, status, int(version), datetime.fromtimestamp(int(at), UTC))
    if abs((now or datetime.now(UTC)) - hint.at) > tolerance:
        raise ReturnRejected("time")
    return hint


def _query(url: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(url).query or url, keep_blank_values=True))
    except ValueError:
        raise ReturnRejected("missing") from None


def _sign(values: Sequence[str], secret: str) -> str:
    message = json.dumps(["checkout-return-v1", *values], separators=(",", ":")).encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
