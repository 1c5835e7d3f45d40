"""What a checkout answers, as the API documents it, and a client that gets these answers from a function."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, cast

import httpx
from standardwebhooks import Webhook

from checkout_server.client import AsyncCheckout, Checkout

SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
OTHER_SECRET = "whsec_" + "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Ro"


def session(**changes: Any) -> dict[str, Any]:
    """The JSON of an open session for 25.00 USD."""
    return {
        "id": "cs_1",
        "kind": "payment",
        "status": "open",
        "final": False,
        "paid": False,
        "version": 1,
        "provider": "crypto_com",
        "mode": "test",
        "provider_ref": "pay_1",
        "amount": "25.00",
        "currency": "USD",
        "amount_received": None,
        "amount_refunded": None,
        "order_id": "order-1",
        "metadata": {"shelf": "7"},
        "url": "http://localhost:8000/checkout/t0ken",
        "review_reason": None,
        "refunds": [],
        "created_at": "2026-11-21T10:00:00.000Z",
        "expires_at": "2026-11-21T10:30:00.000Z",
        **changes,
    }


def refund(**changes: Any) -> dict[str, Any]:
    return {
        "id": "re_1",
        "session_id": "cs_1",
        "status": "pending",
        "amount": "10.00",
        "currency": "USD",
        "reason": None,
        "provider_ref": None,
        "error": None,
        "created_at": "2026-11-21T10:00:00.000Z",
        **changes,
    }


class Server:
    """Gives one answer after the other and keeps the requests. An answer may be an error to raise."""

    def __init__(self, kind: str, closing: ExitStack, *answers: httpx.Response | Exception) -> None:
        self._kind = kind
        self._closing = closing
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    def client(self, url: str = "https://pay.example/sub/", key: str = "k-123") -> Checkout:
        """A client of this kind, which a test calls as if it were `Checkout`."""
        transport = httpx.MockTransport(self._answer)
        if self._kind == "sync":
            return self._closing.enter_context(Checkout(url, key, transport, sleep=self.pauses.append))
        client = self._closing.enter_context(Awaited(AsyncCheckout(url, key, transport, sleep=self._sleep)))
        return cast("Checkout", client)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        # A copy: an answer that two clients are given is read only once.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


class Awaited:
    """An `AsyncCheckout` whose every call is awaited at once, so that one test is true of both clients."""

    def __init__(self, client: AsyncCheckout) -> None:
        self._client = client
        self._loop = asyncio.Runner()

    def __enter__(self) -> Awaited:
        self._loop.run(self._client.__aenter__())
        return self

    def __exit__(self, *error: Any) -> None:
        self._loop.run(self._client.__aexit__(*error))
        self._loop.close()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **named: Any) -> Any:
            found = method(*args, **named)
            return self._each(found) if isinstance(found, AsyncIterator) else self._loop.run(found)

        return call

    def _each(self, found: AsyncIterator[Any]) -> Iterator[Any]:
        async def step() -> Any:
            return await anext(found, _END)

        while (item := self._loop.run(step())) is not _END:
            yield item


_END = object()


def signed(
    body: bytes | dict[str, Any],
    *,
    secret: str = SECRET,
    at: datetime | None = None,
    message_id: str = "msg_1",
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a webhook, signed by the reference library."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    moment = at or datetime.now(UTC)
    signature = Webhook(secret).sign(message_id, moment, raw.decode())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    return headers, raw


def event(**changes: Any) -> dict[str, Any]:
    """A webhook's body; the changes are the session's."""
    data = session(**changes)
    return {"type": f"session.{data['status']}", "timestamp": "2026-11-21T10:00:00.000Z", "data": data}
