"""The server, Crypto.com's sandbox and a merchant in one process, joined by ASGI: real protocol, no sockets, no sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import sqlalchemy as sa
from fastapi import FastAPI
from standardwebhooks import Webhook

from checkout_server.app import create_app
from checkout_server.conformance.people import Clock
from checkout_server.conformance.rig import do_not_wait_for_the_disk
from checkout_server.context import Context
from checkout_server.migrations import upgrade
from checkout_server.providers import discover
from checkout_server.sandbox.app import create_sandbox
from checkout_server.sandbox.settings import SandboxSettings
from checkout_server.settings import Settings, load_settings
from checkout_server.worker import Worker

KEY = "merchant-key"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
RETURN_SECRET = "return-secret"
PAGE = "http://checkout.test"
SANDBOX = "http://localhost:8001"
STORE = "http://store.test/webhooks"
ORDER: dict[str, Any] = {
    "provider": "crypto_com",
    "amount": "25.00",
    "currency": "USD",
    "order_id": "order-1",
    "return_url": "https://store.test/done",
    "cancel_url": "https://store.test/cart",
}
Answer = Callable[[httpx.Request], httpx.Response | None]


class Switchboard(httpx.AsyncBaseTransport):
    """Passes requests to the sandbox; a test puts answers of its own in between by setting `instead` (None: pass)."""

    def __init__(self) -> None:
        self.to: httpx.AsyncBaseTransport | None = None
        self.instead: Answer | None = None
        self.seen: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = None if self.instead is None else self.instead(request)
        if answer is not None:
            return answer
        assert self.to is not None
        return await self.to.handle_async_request(request)


class Store(httpx.AsyncBaseTransport):
    """The merchant's back end: keeps verified webhooks in the order they came; `status` is what it answers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.status = 200
        self.tries = 0
        self.got: list[dict[str, Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.tries += 1
        raw = await request.aread()
        if 200 <= self.status < 300:
            # The reference library reads the wall clock; the test's own is what was signed.
            expected = Webhook(SECRET).sign(request.headers["webhook-id"], self._clock(), raw.decode())
            assert expected in request.headers["webhook-signature"].split()
            self.got.append({"id": request.headers["webhook-id"], **httpx.Response(200, content=raw).json()})
        return httpx.Response(self.status)

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.got]


def settings_for(database_url: str, **more: Any) -> Settings:
    values: dict[str, Any] = {
        "database_url": database_url,
        "public_url": PAGE,
        "api_keys": [KEY, "second-key"],
        "return_secrets": [RETURN_SECRET],
        "webhook_url": STORE,
        "webhook_secrets": [SECRET],
        "merchant_contact": "help@store.test",
        "worker": False,
        "crypto_com": {
            "secret_key": "sk_test_demo",
            "publishable_key": "pk_test_demo",
            "webhook_secret": "whsec_demo",
            "base_url": f"{SANDBOX}/crypto_com/api",
            "sdk_url": f"{SANDBOX}/crypto_com/sdk",
        },
    }
    return load_settings(**{**values, **more})


class World:
    """Use `World.open`. `run()` does all work that is due; `forward()` moves the clock first."""

    def __init__(self, ctx: Context, app: FastAPI, clock: Clock, provider: Switchboard, store: Store) -> None:
        self.ctx = ctx
        self.app = app
        self.clock = clock
        self.provider = provider
        self.store = store
        self.worker = Worker(ctx)
        web = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=web, base_url=PAGE)
        self.api = httpx.AsyncClient(transport=web, base_url=PAGE, headers={"authorization": f"Bearer {KEY}"})
        self.control: httpx.AsyncClient
        self.sandbox: Any

    @classmethod
    @asynccontextmanager
    async def open(cls, database_url: str, *, sandboxes: Any = None, **settings: Any) -> AsyncIterator[World]:
        clock, provider = Clock(), Switchboard()
        store = Store(clock)
        config = settings_for(database_url, **settings)
        ctx = Context.build(config, clock=clock, provider_transport=provider, transport=store)
        if ctx.database.is_postgres:
            await upgrade(ctx.database)
        else:
            sa.event.listen(ctx.database.engine.sync_engine, "connect", do_not_wait_for_the_disk)
        app = create_app(config, context=ctx)
        world = cls(ctx, app, clock, provider, store)
        sandbox = create_sandbox(
            SandboxSettings(
                public_url=SANDBOX,
                checkout_url=PAGE,
                clock=clock,
                sleep=world._sleep,
                transport=httpx.ASGITransport(app=app),
            ),
            sandboxes=sandboxes,
        )
        web = httpx.ASGITransport(app=sandbox)
        provider.to = web
        world.sandbox = sandbox
        world.control = httpx.AsyncClient(transport=web, base_url=SANDBOX)
        async with app.router.lifespan_context(app), world.control, world.http, world.api:
            try:
                yield world
            finally:
                await world.deliveries()

    async def _sleep(self, seconds: float) -> None:
        """The sandbox's pauses (webhook retries, latency) take no time at all here."""

    async def run(self) -> None:
        await self.deliveries()
        await self.worker.drain()

    async def deliveries(self) -> None:
        """Waits until the sandbox has sent what it wanted to send."""
        for sandbox in self.sandbox.state.sandboxes.values():
            await sandbox.deliveries.settle()

    async def forward(self, **by: float) -> None:
        self.clock.forward(**by)
        await self.run()

    async def create(self, **fields: Any) -> dict[str, Any]:
        response = await self.api.post("/v1/sessions", json={**ORDER, **fields})
        assert response.status_code == 201, response.text
        body: dict[str, Any] = response.json()
        await self.run()
        return body

    async def get(self, session: dict[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = (await self.api.get(f"/v1/sessions/{session['id']}")).json()
        return body

    async def status(self, session: dict[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = (await self.http.get(f"{session['url']}/status")).json()
        return body

    async def do(self, session: dict[str, Any], what: str, webhook: str = "send", **more: Any) -> None:
        """Pulls a lever of the sandbox on the session's payment, and lets everything that follows happen."""
        await self.lever(session["provider_ref"], what, webhook, **more)
        await self.run()

    async def lever(self, ref: str, what: str, webhook: str = "send", **more: Any) -> None:
        body = {"do": what, "webhook": webhook, **more}
        response = await self.control.post(f"/_control/crypto_com/payments/{ref}", json=body)
        assert response.status_code == 200, response.text

    async def tamper(self, ref: str, **fields: Any) -> None:
        response = await self.control.post(f"/_control/crypto_com/payments/{ref}/tamper", json=fields)
        assert response.status_code == 200, response.text

    async def fault(self, **fields: Any) -> None:
        response = await self.control.post("/_control/crypto_com/faults", json=fields)
        assert response.status_code in (200, 201), response.text

    @asynccontextmanager
    async def other_process(self) -> AsyncIterator[Context]:
        """Another process on the same database, as far as leases and wake-ups can tell."""
        ctx = Context.build(
            self.ctx.settings, clock=self.clock, provider_transport=self.provider, transport=self.store
        )
        await ctx.notifier.start()
        try:
            yield ctx
        finally:
            await ctx.aclose()

    async def count(self, table: sa.Table) -> int:
        async with self.ctx.database.read() as conn:
            return await conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0

    async def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        async with self.ctx.database.read() as conn:
            return [dict(row) for row in (await conn.execute(sa.select(table))).mappings()]

    def asked(self, method: str, ending: str = "") -> int:
        """How many requests of this kind the provider got."""
        asked = [r for r in self.provider.seen if r.method == method and r.url.path.endswith(ending)]
        return len(asked)

    async def payments(self) -> list[dict[str, Any]]:
        """What the provider holds."""
        found: list[dict[str, Any]] = (await self.control.get("/_control/crypto_com/payments")).json()["data"]
        return found

    async def refunded(self, session: dict[str, Any], key: str, **body: Any) -> httpx.Response:
        url = f"/v1/sessions/{session['id']}/refunds"
        return await self.api.post(url, json=body, headers={"idempotency-key": key})

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """The worker is at work beside, as in life; at the end it finishes what it has begun."""
        over = asyncio.Event()

        async def work() -> None:
            while not over.is_set():
                await self.worker.drain()
                await asyncio.sleep(0.01)

        task = asyncio.create_task(work())
        try:
            yield
        finally:
            over.set()
            await task

    @asynccontextmanager
    async def moving(self, step: float = 0.5) -> AsyncIterator[None]:
        """Time goes by while something waits for it: each turn of the loop is `step` seconds."""

        async def tick() -> None:
            while True:
                await asyncio.sleep(0.01)
                self.clock.forward(seconds=step)

        task = asyncio.create_task(tick())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


KNOWN = sorted(discover())
