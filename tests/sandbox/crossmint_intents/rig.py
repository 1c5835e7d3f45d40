"""The sandbox in a test: its own clock, and the calls a test makes most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import httpx

from checkout_server.sandbox import Sandbox, SandboxSettings, create_sandbox
from tests.sandbox.crossmint_intents.examples import WISH
from tests.sandbox.rig import Time

URL = "https://sandbox.test"
KEY = "sk_staging_demo"
PRODUCTION = "sk_production_demo"
_INTENTS = "/crossmint_intents/api/unstable/order-intents"


class Rig:
    """`async with Rig() as rig`. `inbox` holds every webhook that was sent: there shall be none."""

    def __init__(self, sandboxes: Sequence[type[Sandbox]] | None = None, **own: Any) -> None:
        self.time = Time()
        self.inbox: list[httpx.Request] = []
        self.app = create_sandbox(
            SandboxSettings(
                public_url=URL,
                providers={"crossmint_intents": {"webhook_url": "https://shop.test/hook", **own}},
                clock=self.time.clock,
                sleep=self.time.sleep,
                transport=httpx.MockTransport(self._receive),
            ),
            sandboxes=sandboxes,
        )
        self.sandbox: Sandbox = self.app.state.sandboxes["crossmint_intents"]
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=URL)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()
        await self.sandbox.deliveries.aclose()

    def _receive(self, request: httpx.Request) -> httpx.Response:
        self.inbox.append(request)
        return httpx.Response(200)

    async def ask(self, method: str, path: str = "", key: str | None = KEY, **more: Any) -> httpx.Response:
        headers = {} if key is None else {"X-API-KEY": key}
        return await self.http.request(method, f"{_INTENTS}{path}", headers=headers, **more)

    async def create(self, key: str = KEY, **changes: Any) -> dict[str, Any]:
        wish = {name: value for name, value in {**WISH, **changes}.items() if value is not None}
        answer = await self.ask("POST", key=key, json=wish)
        assert answer.status_code == 201, answer.text
        intent: dict[str, Any] = answer.json()
        return intent

    async def fetch(self, ref: str, key: str = KEY) -> dict[str, Any]:
        answer = await self.ask("GET", f"/{ref}", key)
        assert answer.status_code == 200, answer.text
        intent: dict[str, Any] = answer.json()
        return intent

    async def verify(self, config: Any) -> httpx.Response:
        return await self.http.post("/crossmint_intents/verify", json=config)

    async def do(self, ref: str, do: str, **more: Any) -> httpx.Response:
        return await self.http.post(f"/_control/crossmint_intents/payments/{ref}", json={"do": do, **more})
