"""The sandbox in a test: its own clock, a receiver for its webhooks, and the calls a test makes most."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any, Self

import httpx

from checkout_server.sandbox import Sandbox, SandboxSettings, create_sandbox
from tests.sandbox.cryptopay.examples import REQUEST
from tests.sandbox.rig import URL, Time

HOOK = "https://shop.test/webhooks/cryptopay"
SECRET = "whsec_of_these_tests"
KEY = "cp_demo_key"
ORDER: dict[str, Any] = {
    **{key: value for key, value in REQUEST.items() if key != "webhook_url"},
    "expires_at": "2026-01-02T03:34:05Z",  # half an hour
}


class Rig:
    """`async with Rig() as rig`. `answers` holds what the merchant answers to the next webhooks; then 200."""

    def __init__(self, sandboxes: Sequence[type[Sandbox]] | None = None, **own: Any) -> None:
        self.time = Time()
        self.inbox: list[httpx.Request] = []
        self.answers: list[int | Exception] = []
        self.app = create_sandbox(
            SandboxSettings(
                public_url=URL,
                providers={"cryptopay": {"webhook_url": HOOK, "webhook_secret": SECRET, **own}},
                clock=self.time.clock,
                sleep=self.time.sleep,
                transport=httpx.MockTransport(self._receive),
            ),
            sandboxes=sandboxes,
        )
        self.sandbox: Sandbox = self.app.state.sandboxes["cryptopay"]
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=URL)
        self._nonce = ORDER["nonce"]

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

    async def get(self, path: str, token: str | None = KEY) -> httpx.Response:
        return await self.http.get(f"/cryptopay/api{path}", headers=_bearer(token))

    async def post(self, path: str, body: Any = None, token: str | None = KEY) -> httpx.Response:
        return await self.http.post(f"/cryptopay/api{path}", json=body, headers=_bearer(token))

    async def refuses(self, **changes: Any) -> httpx.Response:
        """A create with something wrong; None leaves a field out."""
        self._nonce += 1
        body = {**ORDER, "nonce": self._nonce, **changes}
        return await self.post("/payment-orders/", {k: v for k, v in body.items() if v is not None})

    async def create(self, **changes: Any) -> dict[str, Any]:
        answer = await self.refuses(**changes)
        assert answer.is_success, answer.text
        order: dict[str, Any] = answer.json()["data"]
        return order

    async def fetch(self, ref: str) -> dict[str, Any]:
        answer = await self.get(f"/payment-orders/{ref}/")
        assert answer.status_code == 200, answer.text
        order: dict[str, Any] = answer.json()["data"]
        return order

    async def do(self, ref: str, do: str, **more: Any) -> httpx.Response:
        return await self.http.post(f"/_control/cryptopay/payments/{ref}", json={"do": do, **more})

    async def told(self) -> list[dict[str, Any]]:
        """The events that arrived at the merchant, in the order of arrival."""
        await self.sandbox.deliveries.settle()
        return [json.loads(request.content) for request in self.inbox]

    async def kinds(self) -> list[str]:
        return [event["event"] for event in await self.told()]


def _bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"authorization": f"Bearer {token}"}


def signed(request: httpx.Request, secret: str = SECRET) -> bool:
    """Whether `X-Webhook-Signature` is right, by `providers/cryptopay.md` and none of the sandbox's code."""
    expected = hmac.new(secret.encode(), request.content, hashlib.sha256).hexdigest()
    return hmac.compare_digest(request.headers["X-Webhook-Signature"], expected)
