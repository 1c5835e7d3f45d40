"""Crossmint's sandbox in a test: its own clock, a receiver for its webhooks, and the calls a test makes most."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlencode

import httpx

from checkout_server.sandbox import Sandbox, SandboxSettings, create_sandbox
from tests.sandbox.rig import Time

URL = "https://sandbox.test"
HOOK = "https://shop.test/webhooks/crossmint"
KEY = base64.b64encode(b"the secret of these tests").decode()
SERVER = {"X-API-KEY": "sk_staging_demo"}
CLIENT = {"X-API-KEY": "ck_staging_demo"}
ITEM = {"collectionLocator": "crossmint:collection", "callData": {"totalPrice": "25.00"}}
ORDER: dict[str, Any] = {
    "recipient": {"email": "buyer@example.com"},
    "locale": "en-US",
    "payment": {"method": "card", "currency": "usd", "receiptEmail": "buyer@example.com"},
    "lineItems": ITEM,
}
EMBED = {
    "payment": '{"crypto":{"enabled":false},"fiat":{"enabled":true}}',
    "sdkMetadata": '{"name":"x","version":"1"}',
}


class Rig:
    """`async with Rig() as rig`. `answers` holds what the merchant answers to the next webhooks; then 200."""

    def __init__(self, sandboxes: Sequence[type[Sandbox]] | None = None, **own: Any) -> None:
        self.time = Time()
        self.inbox: list[httpx.Request] = []
        self.answers: list[int | Exception] = []
        own = {"webhook_url": HOOK, "webhook_secret": f"whsec_{KEY}", "delivery_delay": None, **own}
        self.app = create_sandbox(
            SandboxSettings(
                public_url=URL,
                providers={"crossmint": own},
                clock=self.time.clock,
                sleep=self.time.sleep,
                transport=httpx.MockTransport(self._receive),
            ),
            sandboxes=sandboxes,
        )
        self.sandbox: Sandbox = self.app.state.sandboxes["crossmint"]
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

    async def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        url = f"/crossmint/api/2022-06-09/orders{path}"
        return await self.http.request(method, url, json=body, headers=SERVER if headers is None else headers)

    async def create(self, **changes: Any) -> dict[str, Any]:
        """`{clientSecret, order}`, with the webhook of its creation taken out of the inbox."""
        body = {name: value for name, value in {**ORDER, **changes}.items() if value is not None}
        answer = await self.call("POST", "", body)
        assert answer.status_code == 200, answer.text
        await self.settle()
        self.inbox.clear()
        made: dict[str, Any] = answer.json()
        return made

    async def order(self, **changes: Any) -> str:
        return str((await self.create(**changes))["order"]["orderId"])

    async def fetch(self, ref: str) -> dict[str, Any]:
        answer = await self.call("GET", f"/{ref}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def do(self, ref: str, do: str, **more: Any) -> httpx.Response:
        return await self.http.post(f"/_control/crossmint/payments/{ref}", json={"do": do, **more})

    async def embedded(self, made: dict[str, Any], **changes: Any) -> httpx.Response:
        """The page in the frame, as the provider's SDK would ask for it."""
        query = {
            "orderId": made["order"]["orderId"],
            "clientSecret": made["clientSecret"],
            "apiKey": "ck_staging_demo",
            **EMBED,
            **changes,
        }
        kept = {name: value for name, value in query.items() if value is not None}
        return await self.http.get(f"/crossmint/sdk/2024-03-05/embedded-checkout?{urlencode(kept)}")

    async def settle(self) -> None:
        await self.sandbox.deliveries.settle()

    async def told(self) -> list[dict[str, Any]]:
        """The events that arrived at the merchant, in the order of arrival."""
        await self.settle()
        return [json.loads(request.content) for request in self.inbox]


def signed(request: httpx.Request, key: str = KEY) -> bool:
    """Whether the signature is right, by Svix's description and none of the sandbox's code."""
    head = f"{request.headers['svix-id']}.{request.headers['svix-timestamp']}."
    digest = hmac.new(base64.b64decode(key), head.encode() + request.content, hashlib.sha256).digest()
    return request.headers["svix-signature"] == "v1," + base64.b64encode(digest).decode()
