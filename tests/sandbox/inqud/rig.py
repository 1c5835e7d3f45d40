"""Inqud's sandbox in a test: a clock, a receiver for its webhooks, and the calls a test makes most."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Self

import httpx

from checkout_server.sandbox import Sandbox, SandboxSettings, create_sandbox
from tests.sandbox.inqud.examples import REQUEST
from tests.sandbox.rig import URL, Time

HOOK = "https://shop.test/webhooks/inqud"
PROJECT = "CAP-df02b127-6717-4a73-a231-5a57155308a5"
CHECKOUTS = f"/inqud/v1/user/crypto-acquiring/{PROJECT}/checkouts"
WEBHOOK_SECRET = "secret of these tests"
TOKEN_SECRET = "demo-token-secret"
TOKEN = {"X-Token-API-Id": "demo-token", "X-Token-API-Secret": TOKEN_SECRET}
# Beside its price, which differs.
ORDER = {**REQUEST, "expiresAt": "2026-12-01T12:00:00Z"}
FIXED = {**ORDER, "type": "FIXED_PRICE", "fixedAmount": {"amount": 100, "currency": "USD"}}


class Rig:
    """`async with Rig() as rig`. `answers` holds what the merchant answers to the next webhooks; then 200."""

    def __init__(self, sandboxes: Sequence[type[Sandbox]] | None = None, **own: Any) -> None:
        self.time = Time()
        self.inbox: list[httpx.Request] = []
        self.answers: list[int | Exception] = []
        own = {"webhook_url": HOOK, "webhook_secret": WEBHOOK_SECRET, **own}
        self.app = create_sandbox(
            SandboxSettings(
                public_url=URL,
                providers={"inqud": own},
                clock=self.time.clock,
                sleep=self.time.sleep,
                transport=httpx.MockTransport(self._receive),
            ),
            sandboxes=sandboxes,
        )
        self.sandbox: Sandbox = self.app.state.sandboxes["inqud"]
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

    async def post(self, body: Any, headers: Any = TOKEN) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.http.post(CHECKOUTS, content=raw, headers=headers)

    async def get(self, ref: str, headers: Any = TOKEN) -> httpx.Response:
        return await self.http.get(f"{CHECKOUTS}/{ref}", headers=headers)

    async def create(self, body: Any = None, **changes: Any) -> dict[str, Any]:
        answer = await self.post(body or {**FIXED, **changes})
        assert answer.status_code == 200, answer.text
        return exact(answer)

    async def fetch(self, ref: str) -> dict[str, Any]:
        answer = await self.get(ref)
        assert answer.status_code == 200, answer.text
        return exact(answer)

    async def do(self, ref: str, do: str, **more: Any) -> httpx.Response:
        return await self.http.post(f"/_control/inqud/payments/{ref}", json={"do": do, **more})

    async def settle(self) -> None:
        await self.sandbox.deliveries.settle()

    async def told(self) -> list[dict[str, Any]]:
        """The checkouts that arrived at the merchant, in the order of arrival."""
        await self.settle()
        return [json.loads(request.content, parse_float=Decimal) for request in self.inbox]


def exact(answer: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.content, parse_float=Decimal)
    return body


def digest_of(raw: bytes, secret: str = WEBHOOK_SECRET) -> str:
    return hmac.new(secret.encode(), raw, hashlib.sha1).hexdigest()


def signed_headers(raw: bytes, salt: str = "salt-1", secret: str = TOKEN_SECRET) -> dict[str, str]:
    """What a client that keeps its secret to itself sends, by none of the sandbox's code."""
    signature = hmac.new(secret.encode(), raw + salt.encode(), hashlib.sha256).hexdigest()
    return {"X-Token-API-Id": "demo-token", "X-Salt": salt, "X-HMAC-SHA256-Signature": signature}
