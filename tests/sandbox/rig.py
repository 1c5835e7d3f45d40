"""A sandbox in a test: its own clock, a receiver for its webhooks, and the calls a test makes most."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx

from checkout_server.sandbox import Sandbox, SandboxSettings, create_sandbox

URL = "https://sandbox.test"
HOOK = "https://shop.test/webhooks/crypto_com"
SECRET = "whsec_of_these_tests"
KEY = ("sk_test_demo", "")
ORDER = {
    "amount": "2500",
    "currency": "USD",
    "description": "Crypto.com Tee (Unisex)",
    "order_id": "640cf83d-a316-4030-9878-71be1d98b737",
    "return_url": "http://YOUR_WEBSITE.com/orders/123/complete",
    "cancel_url": "http://YOUR_WEBSITE.com/orders/123/fail",
    "metadata[customer_name]": "John Doe",
}


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.forward(seconds)
        await asyncio.sleep(0)


class Rig:
    """`async with Rig() as rig`. `answers` holds what the merchant answers to the next webhooks; then 200."""

    def __init__(
        self,
        sandboxes: Sequence[type[Sandbox]] | None = None,
        *,
        retry_pace: float = 1.0,
        **own: Any,
    ) -> None:
        self.time = Time()
        self.inbox: list[httpx.Request] = []
        self.answers: list[int | Exception] = []
        own = {"webhook_url": HOOK, "webhook_secret": SECRET, "refund_delay": None, **own}
        self.app = create_sandbox(
            SandboxSettings(
                public_url=URL,
                providers={"crypto_com": own},
                retry_pace=retry_pace,
                clock=self.time.clock,
                sleep=self.time.sleep,
                transport=httpx.MockTransport(self._receive),
            ),
            sandboxes=sandboxes,
        )
        self.sandbox: Sandbox = self.app.state.sandboxes["crypto_com"]
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=URL)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()
        await self.sandbox.deliveries.aclose()

    def _receive(self, request: httpx.Request) -> httpx.Response:
        self.inbox.append(request)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)

    async def get(self, path: str, auth: Any = KEY) -> httpx.Response:
        return await self.http.get(f"/crypto_com/api{path}", auth=auth)

    async def post(self, path: str, data: Any = None, auth: Any = KEY) -> httpx.Response:
        return await self.http.post(f"/crypto_com/api{path}", data=data, auth=auth)

    async def create(self, auth: Any = KEY, **changes: str) -> dict[str, Any]:
        """A payment, with the webhook of its creation taken out of the inbox."""
        answer = await self.post("/payments", {**ORDER, **changes}, auth)
        assert answer.status_code == 200, answer.text
        await self.settle()
        self.inbox.clear()
        payment: dict[str, Any] = answer.json()
        return payment

    async def fetch(self, ref: str, auth: Any = KEY) -> dict[str, Any]:
        answer = await self.get(f"/payments/{ref}", auth)
        assert answer.status_code == 200, answer.text
        payment: dict[str, Any] = answer.json()
        return payment

    async def do(self, ref: str, do: str, **more: Any) -> httpx.Response:
        return await self.http.post(f"/_control/crypto_com/payments/{ref}", json={"do": do, **more})

    async def paid(self, **changes: str) -> dict[str, Any]:
        payment = await self.create(**changes)
        answer = await self.do(payment["id"], "pay", webhook="drop")
        assert answer.status_code == 200, answer.text
        return await self.fetch(payment["id"])

    async def settle(self) -> None:
        await self.sandbox.deliveries.settle()

    async def told(self) -> list[dict[str, Any]]:
        """The events that arrived at the merchant, in the order of arrival."""
        await self.settle()
        return [json.loads(request.content) for request in self.inbox]


def signed(request: httpx.Request, secret: str = SECRET) -> bool:
    """Whether `Pay-Signature` is right, by the document's four steps and none of the sandbox's code."""
    parts = dict(part.split("=", 1) for part in request.headers["Pay-Signature"].split(","))
    message = parts["t"].encode() + b"." + request.content
    expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return parts.keys() == {"t", "v1"} and hmac.compare_digest(parts["v1"], expected)
