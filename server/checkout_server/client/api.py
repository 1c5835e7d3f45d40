"""The checkout's API, for a merchant's back end. Blocking: call it from a thread where the rest is async."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlsplit

import httpx

from checkout_server.client.errors import CheckoutApiError
from checkout_server.client.session import Malformed, Refund, Session

T = TypeVar("T")

# A create waits for the provider: longer than the checkout itself waits for it.
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
TRIES = 3
LONGEST_PAUSE = 10.0
_TRY_LATER = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Checkout:
    """`url` is the checkout's public address, `api_key` one of its `CHECKOUT_API_KEYS`.

    Every method raises `CheckoutApiError`. What is safe to repeat is repeated, at most twice: reads, and writes
    under an idempotency key, when the connection broke or the answer was 429 or 503; any other write only when
    there was no connection to send it on.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        transport: httpx.BaseTransport | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sleep = sleep
        self._client = httpx.Client(
            base_url=url.rstrip("/") + "/v1/",
            headers={"Authorization": f"Bearer {api_key}", "Accept": "application/json"},
            timeout=TIMEOUT,
            transport=transport,
            trust_env=not _is_this_machine(url),  # no proxy on the way to ourselves
            follow_redirects=False,  # a redirect would carry the key to whoever is named in it
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def create_session(self, *, idempotency_key: str | None = None, **fields: Any) -> Session:
        """`provider`, `amount` (text such as `"25.00"`), `currency`, `order_id`, `return_url`, …: see `POST /v1/sessions`.

        Without `idempotency_key` a new one is made for this call. Give one of your own (the order's id, say) to
        be safe against a crash between this call and writing down what it answered.
        """
        return self._session("POST", "sessions", fields, idempotency_key or secrets.token_urlsafe(24))

    def get_session(self, session_id: str) -> Session:
        return self._session("GET", _path(session_id))

    def list_sessions(self, *, page_size: int = 50, **filters: str) -> Iterator[Session]:
        """Every session, newest first, fetched page by page as you go on. `filters` are query parameters."""
        after: str | None = None
        while True:
            query = {**filters, "limit": str(page_size), **({} if after is None else {"after": after})}
            page = self._send("GET", "sessions", params=query)
            for data in _items(page):
                yield _read(Session.from_json, data)
            after = page.get("next")
            if not isinstance(after, str):
                return

    def refresh(self, session_id: str) -> Session:
        """Looks at the provider for at most three seconds; what the answer says may still be older than that."""
        return self._session("POST", _path(session_id, "refresh"))

    def cancel(self, session_id: str) -> Session:
        return self._session("POST", _path(session_id, "cancel"))

    def resolve(self, session_id: str, status: str, note: str) -> Session:
        """A person's decision about a session in `review`."""
        return self._session("POST", _path(session_id, "resolve"), {"status": status, "note": note})

    def refund(
        self,
        session_id: str,
        amount: str | None = None,
        reason: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Refund:
        """Gives back `amount` (text, major units), or all that is left. A repeated key refunds once.

        Without `idempotency_key` a new one is made: then never call this again because an answer was lost.
        """
        wanted = {"amount": amount, "reason": reason}
        body = {name: value for name, value in wanted.items() if value is not None}
        key = idempotency_key or secrets.token_urlsafe(24)
        return _read(Refund.from_json, self._send("POST", _path(session_id, "refunds"), body=body, key=key))

    def deliver(self, session_id: str) -> int:
        """Sends a session's webhooks to the merchant again, delivered or not; answers how many."""
        told = self._send("POST", _path(session_id, "deliver")).get("messages")
        if not isinstance(told, int):
            raise _unreadable("messages is missing")
        return told

    def purge(self, *, older_than_days: int) -> int:
        """Deletes sessions that are over and not watched for so many days (30 or more); answers how many."""
        told = self._send("POST", "purge", body={"older_than_days": older_than_days}).get("sessions")
        if not isinstance(told, int):
            raise _unreadable("sessions is missing")
        return told

    def payments(self, provider: str, *, limit: int = 100) -> list[dict[str, Any]]:
        """The provider's own list, newest first, to be compared with yours: see `GET /v1/providers/{name}/payments`."""
        path = f"providers/{quote(provider, safe='')}/payments"
        return _items(self._send("GET", path, params={"limit": str(limit)}))

    def _session(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str | None = None
    ) -> Session:
        return _read(Session.from_json, self._send(method, path, body=body, key=key))

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        headers = {} if key is None else {"Idempotency-Key": key}
        repeatable = method == "GET" or key is not None
        request = self._client.build_request(method, path, params=params, json=body, headers=headers)
        for left in reversed(range(TRIES)):
            pause = 0.5 * 2 ** (TRIES - left - 1)
            try:
                response = self._client.send(request)
            except httpx.TransportError as error:
                if left and (repeatable or isinstance(error, _NOT_SENT)):
                    self._sleep(pause)
                    continue
                raise _unreachable(error) from error
            if left and repeatable and response.status_code in _TRY_LATER:
                self._sleep(_retry_after(response, pause))
                continue
            return _answer(response)
        raise AssertionError("the last try returns or raises")


def _is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def _path(session_id: str, action: str | None = None) -> str:
    path = f"sessions/{quote(session_id, safe='')}"
    return path if action is None else f"{path}/{action}"


def _retry_after(response: httpx.Response, otherwise: float) -> float:
    given = response.headers.get("retry-after", "")
    return min(float(given), LONGEST_PAUSE) if given.isascii() and given.isdigit() else otherwise


def _answer(response: httpx.Response) -> dict[str, Any]:
    body: Any = None
    with suppress(ValueError, RecursionError):  # not JSON: told apart below
        body = response.json()
    request_id = response.headers.get("x-request-id")
    if not response.is_success:
        raise CheckoutApiError.from_answer(response.status_code, body, request_id)
    if not isinstance(body, dict):
        raise _unreadable("not a JSON object")
    return body


def _items(page: Mapping[str, Any]) -> list[Any]:
    items = page.get("data")
    if not isinstance(items, list):
        raise _unreadable("data is missing")
    return items


def _read(read: Callable[[object], T], data: object) -> T:
    try:
        return read(data)
    except Malformed as error:
        raise _unreadable(str(error)) from None


def _unreachable(error: httpx.TransportError) -> CheckoutApiError:
    message = f"The checkout cannot be reached ({type(error).__name__})."
    return CheckoutApiError(message, type="network", code="unreachable")


def _unreadable(why: str) -> CheckoutApiError:
    return CheckoutApiError(
        f"The checkout's answer cannot be read: {why}.", type="answer", code="malformed_answer"
    )
