"""Who else takes part: a clock that moves when told to, the wire that webhooks come by, and the merchant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx


class Clock:
    """Time that moves when a case says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Letter:
    """A webhook as the provider sent it: every header, and the body to the byte."""

    headers: dict[str, str]
    raw: bytes


class Post(httpx.AsyncBaseTransport):
    """Carries the provider's webhooks to the server and keeps a copy of each; `closed` ones come back as 503."""

    def __init__(self) -> None:
        self.to: httpx.AsyncBaseTransport | None = None
        self.letters: list[Letter] = []
        self.closed = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raw = await request.aread()
        self.letters.append(Letter(dict(request.headers), raw))
        if self.closed:
            self.closed -= 1
            return httpx.Response(503)
        if self.to is None:
            raise RuntimeError("the wire leads nowhere")
        return await self.to.handle_async_request(request)


class Store(httpx.AsyncBaseTransport):
    """The merchant's back end: keeps what it is told, in the order it comes. `check` verifies it."""

    def __init__(self, check: Callable[[httpx.Headers, bytes], None]) -> None:
        self._check = check
        self.told: list[dict[str, Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raw = await request.aread()
        self._check(request.headers, raw)
        self.told.append(httpx.Response(200, content=raw).json())
        return httpx.Response(200)

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.told]
