"""When a request is sent again, and after how long: decided here for both clients, from what came of the last try."""

from __future__ import annotations

import httpx

from checkout_server.client.answers import Outcome
from checkout_server.retry_after import retry_after

TRIES = 3
LONGEST_PAUSE = 10.0  # seconds
_TRY_LATER = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# Requests that cannot be sent as they are: a URL without http(s), a key with a line break.
_NEVER = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


def pause_after(outcome: Outcome, *, tried: int, repeatable: bool) -> float | None:
    """Seconds until the next try, or None when this outcome stands. `tried` counts the tries so far.

    What is `repeatable` may arrive twice: it is sent again when the connection broke or the answer was 429 or 503.
    Anything else is only when there was no connection to send it on.
    """
    if tried >= TRIES:
        return None
    pause: float = 0.5 * 2 ** (tried - 1)
    if isinstance(outcome, httpx.TransportError):
        again = repeatable and not isinstance(outcome, _NEVER)
        return pause if again or isinstance(outcome, _NOT_SENT) else None
    if isinstance(outcome, httpx.RequestError):  # it was answered, in a way that nobody can read
        return None
    if not repeatable or outcome.status_code not in _TRY_LATER:
        return None
    asked = retry_after(outcome.headers, most=LONGEST_PAUSE)
    return pause if asked is None else asked
