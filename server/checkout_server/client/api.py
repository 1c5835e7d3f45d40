"""The checkout's API for a store that blocks: Django, Flask, a script. `aio.py` is its twin, for asyncio."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx

from checkout_server.client import answers, calls
from checkout_server.client.calls import Call
from checkout_server.client.connection import options, request
from checkout_server.client.patience import pause_after
from checkout_server.client.session import Refund, Session
from checkout_server.client.wanted import Filters, SessionFields

T = TypeVar("T")


class Checkout:
    """`url` is the checkout's public address, `api_key` one of its `CHECKOUT_API_KEYS`. Threads may share it.

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
        self._client = httpx.Client(**options(url, api_key), transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def create_session(
        self, *, idempotency_key: str | None = None, **fields: Unpack[SessionFields]
    ) -> Session:
        """`provider`, `amount` (text such as `"25.00"`), `currency`, `order_id`, `return_url`, …: see `SessionFields`.

        Without `idempotency_key` a new one is made for this call. Give one of your own (the order's id, say) to
        be safe against a crash between this call and writing down what it answered.
        """
        return self._do(calls.create_session(fields, idempotency_key))

    def get_session(self, session_id: str) -> Session:
        return self._do(calls.get_session(session_id))

    def list_sessions(self, *, page_size: int = 50, **filters: Unpack[Filters]) -> Iterator[Session]:
        """Every session, newest first, fetched page by page (at most 100 each) as you go on."""
        call: Call[calls.Page] | None = calls.list_sessions(filters, page_size)
        while call is not None:
            page = self._do(call)
            yield from page.sessions
            call = calls.following(call, page)

    def refresh(self, session_id: str) -> Session:
        """Looks at the provider for at most three seconds; what the answer says may still be older than that."""
        return self._do(calls.refresh(session_id))

    def cancel(self, session_id: str) -> Session:
        """Cancels an open session at the provider; revokes an approval."""
        return self._do(calls.cancel(session_id))

    def resolve(self, session_id: str, status: str, note: str) -> Session:
        """A person's decision about a session in `review`."""
        return self._do(calls.resolve(session_id, status, note))

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
        return self._do(calls.refund(session_id, amount, reason, idempotency_key))

    def resolve_refund(self, session_id: str, refund_id: str, status: str) -> Refund:
        """Says what became of an `unknown` refund, after a look at the provider: `succeeded` or `failed`."""
        return self._do(calls.resolve_refund(session_id, refund_id, status))

    def deliver(self, session_id: str) -> int:
        """Sends a session's webhooks to the merchant again, delivered or not; answers how many."""
        return self._do(calls.deliver(session_id))

    def purge(self, *, older_than_days: int) -> int:
        """Deletes sessions that are over and not watched for so many days (30 or more); answers how many."""
        return self._do(calls.purge(older_than_days))

    def providers(self) -> list[dict[str, Any]]:
        """Those that the checkout is set up for: `name`, `title`, `kind`, `mode`, `capabilities`."""
        return self._do(calls.providers())

    def payments(self, provider: str, *, limit: int = 100) -> list[dict[str, Any]]:
        """The provider's own list, newest first, to be compared with yours: see `GET /v1/providers/{name}/payments`."""
        return self._do(calls.payments(provider, limit))

    def _do(self, call: Call[T]) -> T:
        wanted, tried = request(self._client, call), 0
        while True:
            outcome, tried = self._try(wanted), tried + 1
            pause = pause_after(outcome, tried=tried, repeatable=call.repeatable)
            if pause is None:
                return answers.read(outcome, call.read)
            self._sleep(pause)

    def _try(self, wanted: httpx.Request) -> answers.Outcome:
        try:
            return self._client.send(wanted)
        except httpx.RequestError as error:
            return error
