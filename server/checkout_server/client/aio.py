"""The checkout's API for a store on asyncio. What each method does is told in `api.py`, where it has its twin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
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


class AsyncCheckout:
    """`Checkout`, awaited: the same arguments, answers, repetitions and errors. One for each event loop.

    `sleep` waits between two tries; give another loop's own (`trio.sleep`) where it is not asyncio's.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._client = httpx.AsyncClient(**options(url, api_key), transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def create_session(
        self, *, idempotency_key: str | None = None, **fields: Unpack[SessionFields]
    ) -> Session:
        return await self._do(calls.create_session(fields, idempotency_key))

    async def get_session(self, session_id: str) -> Session:
        return await self._do(calls.get_session(session_id))

    async def list_sessions(
        self, *, page_size: int = 50, **filters: Unpack[Filters]
    ) -> AsyncIterator[Session]:
        """`async for session in checkout.list_sessions(status="review"): …`"""
        call: Call[calls.Page] | None = calls.list_sessions(filters, page_size)
        while call is not None:
            page = await self._do(call)
            for session in page.sessions:
                yield session
            call = calls.following(call, page)

    async def refresh(self, session_id: str) -> Session:
        return await self._do(calls.refresh(session_id))

    async def cancel(self, session_id: str) -> Session:
        return await self._do(calls.cancel(session_id))

    async def resolve(self, session_id: str, status: str, note: str) -> Session:
        return await self._do(calls.resolve(session_id, status, note))

    async def refund(
        self,
        session_id: str,
        amount: str | None = None,
        reason: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Refund:
        return await self._do(calls.refund(session_id, amount, reason, idempotency_key))

    async def resolve_refund(self, session_id: str, refund_id: str, status: str) -> Refund:
        return await self._do(calls.resolve_refund(session_id, refund_id, status))

    async def deliver(self, session_id: str) -> int:
        return await self._do(calls.deliver(session_id))

    async def purge(self, *, older_than_days: int) -> int:
        return await self._do(calls.purge(older_than_days))

    async def providers(self) -> list[dict[str, Any]]:
        return await self._do(calls.providers())

    async def payments(self, provider: str, *, limit: int = 100) -> list[dict[str, Any]]:
        return await self._do(calls.payments(provider, limit))

    async def _do(self, call: Call[T]) -> T:
        wanted, tried = request(self._client, call), 0
        while True:
            outcome, tried = await self._try(wanted), tried + 1
            pause = pause_after(outcome, tried=tried, repeatable=call.repeatable)
            if pause is None:
                return answers.read(outcome, call.read)
            await self._sleep(pause)

    async def _try(self, wanted: httpx.Request) -> answers.Outcome:
        try:
            return await self._client.send(wanted)
        except httpx.RequestError as error:
            return error
