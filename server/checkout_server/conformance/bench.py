"""A whole checkout in one process around one provider: server, worker, the provider's sandbox, and a merchant.

They are joined by ASGI: the real protocol, no sockets, and time that only a case moves.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import SecretStr

from checkout_server.app import create_app
from checkout_server.conformance.case import Broken, holds, same
from checkout_server.conformance.line import Line, Trouble, answers
from checkout_server.conformance.people import Clock, Letter, Post, Store
from checkout_server.conformance.profile import Fields, Profile
from checkout_server.conformance.rig import (
    KEY,
    PAGE,
    SANDBOX,
    STORE,
    at_once,
    checked,
    context_for,
    do_not_wait_for_the_disk,
    settings_for,
)
from checkout_server.conformance.watch import watch
from checkout_server.context import Context
from checkout_server.money import Money
from checkout_server.providers.base import Observation, Provider
from checkout_server.sandbox import Action, Sandbox, SandboxSettings, create_sandbox
from checkout_server.sandbox.delivery import WebhookMode
from checkout_server.store import jobs
from checkout_server.store.tables import attempts
from checkout_server.worker import Worker

# A lease of a process that died has run out after this long, and what it left is taken up.
LEASE = jobs.LEASE.total_seconds() + 1


class Bench:
    """Use `Bench.open`. `run()` does all work that is due, `forward()` moves the clock first."""

    def __init__(self, profile: Profile, ctx: Context, app: FastAPI, clock: Clock, line: Line) -> None:
        self.profile = profile
        self.ctx = ctx
        self.app = app
        self.clock = clock
        self.line = line
        self.post = Post()
        self.store: Store
        self.sandbox: Sandbox
        self.leaks: list[str] = []
        self.seen: list[Observation] = []
        self.worker = Worker(ctx)
        web = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.post.to = web
        self.http = httpx.AsyncClient(transport=web, base_url=PAGE)
        bearer = {"authorization": f"Bearer {KEY}"}
        self.api = httpx.AsyncClient(transport=web, base_url=PAGE, headers=bearer)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        profile: Profile,
        database_url: str,
        *,
        provider: type[Provider[Any]] | None = None,
        secret: str | None = None,
    ) -> AsyncIterator[Bench]:
        """`provider` stands in for the adapter that discovery finds. `secret` is what the adapter has in place of
        the webhook secret it was given: `{old}` is that one, `{new}` the profile's other one."""
        clock, line = Clock(), Line()
        store = Store(checked(clock))
        ctx = context_for(settings_for(profile, database_url, secret), profile, provider, clock, line, store)
        sa.event.listen(ctx.database.engine.sync_engine, "connect", do_not_wait_for_the_disk)
        app = create_app(ctx.settings, context=ctx)
        bench = cls(profile, ctx, app, clock, line)
        bench.store = store
        watch(bench.provider, bench.leaks, bench.seen)
        sandboxes = create_sandbox(
            SandboxSettings(
                public_url=SANDBOX, checkout_url=PAGE, clock=clock, sleep=at_once, transport=bench.post
            ),
            sandboxes=[profile.sandbox],
        )
        bench.sandbox = sandboxes.state.sandboxes[profile.name]
        line.to = httpx.ASGITransport(app=sandboxes)
        async with app.router.lifespan_context(app), bench.http, bench.api:
            try:
                yield bench
            finally:
                await bench.sandbox.deliveries.aclose()

    # The provider

    @property
    def provider(self) -> Provider[Any]:
        return self.ctx.providers[self.profile.name]

    @property
    def payments(self) -> int:
        """How many payments the provider holds."""
        return len(self.sandbox.payments())

    @property
    def creates(self) -> int:
        """How many times the provider was asked to create one."""
        return self.line.asked(self.profile.creates)

    def act(self, ref: str, do: str, webhook: WebhookMode = "send", amount: str | None = None) -> list[str]:
        """Pulls a lever of the sandbox. Nothing follows before `run()`. Returns the types of its webhooks."""
        return self.sandbox.act(ref, Action(do=do, webhook=webhook, amount=amount))

    async def do(self, session: Fields, do: str, webhook: WebhookMode = "send") -> None:
        self.act(session["provider_ref"], do, webhook)
        await self.run()

    def tamper(self, session: Fields, fields: Fields) -> None:
        """From now on the provider says this instead."""
        self.sandbox.tamper(session["provider_ref"], fields)

    def failure(self, status: int, *, carried_out: bool = False, **headers: str) -> Trouble:
        """The provider's own answer of this status."""
        made = self.sandbox.failure(status)
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = httpx.Response(
            made.status_code, headers={**dict(made.headers), **more}, content=bytes(made.body)
        )
        return answers(answer, carried_out=carried_out)

    # Webhooks

    async def letter(self, session: Fields) -> Letter:
        """The webhook that tells of the payment's success, kept from the server: nothing was delivered of it."""
        before = len(self.post.letters)
        self.post.closed = 1_000_000
        self.act(session["provider_ref"], self.succeeding)
        await self.sandbox.deliveries.settle()
        self.post.closed = 0
        # Each came several times, for none was taken.
        letters = {letter.raw: letter for letter in reversed(self.post.letters[before:])}
        holds("a payment that succeeds tells of it by webhook", letters)
        return next(iter(letters.values()))

    def signed(self, raw: bytes, *, wrong: bool = False) -> Letter:
        """A body as the provider would sign it now, or wrongly."""
        return Letter({"content-type": "application/json", **self.sandbox.sign(raw, wrong)}, raw)

    async def deliver(self, letter: Letter) -> httpx.Response:
        """Brings a webhook to the server, and lets what follows happen. It never answers 5xx."""
        known = ("host", "content-length", "connection", "accept", "accept-encoding", "user-agent")
        headers = {name: value for name, value in letter.headers.items() if name.lower() not in known}
        answer = await self.http.post(f"/webhooks/{self.profile.name}", content=letter.raw, headers=headers)
        holds(f"a webhook is answered, not met with {answer.status_code}", answer.status_code < 500)
        await self.run()
        return answer

    # The merchant and time

    @property
    def succeeding(self) -> str:
        """The lever that brings the good end."""
        return "approve" if self.provider.kind == "approval" else "pay"

    @property
    def success(self) -> str:
        return "approved" if self.provider.kind == "approval" else "succeeded"

    async def ask(self, **fields: Any) -> httpx.Response:
        """Asks for a session: the profile's order, with these fields in place of its own."""
        order = {
            "provider": self.profile.name,
            "order_id": "order-1",
            "return_url": f"{STORE}/done",
            **self.profile.order,
            **fields,
        }
        return await self.api.post("/v1/sessions", json=order)

    async def create(self, **fields: Any) -> dict[str, Any]:
        """A session, with the provider's payment where that could be made at once."""
        answer = await self.ask(**fields)
        same(f"the status of the answer ({answer.text})", answer.status_code, 201)
        await self.run()
        session: dict[str, Any] = answer.json()
        return session

    async def get(self, session: Fields) -> dict[str, Any]:
        found: dict[str, Any] = (await self.api.get(f"/v1/sessions/{session['id']}")).json()
        return found

    async def run(self) -> None:
        """All that is due now on both sides, and what becomes due by it."""
        for _ in range(2):
            await self.sandbox.deliveries.settle()
            await self.worker.drain()

    async def forward(self, **by: float) -> None:
        self.clock.forward(**by)
        await self.run()

    async def until(self, session: Fields, status: str, *, minutes: float = 12) -> dict[str, Any]:
        """Lets time go by until the session is this; `Broken` tells what it was all the while."""
        for _ in range(int(minutes * 3) + 1):
            found = await self.get(session)
            if found["status"] == status:
                return found
            await self.forward(seconds=20)
        story = [event["type"] for event in found["events"]]
        raise Broken(f"after {minutes} minutes the session is {found['status']}, not {status}: {story}")

    async def stays(self, session: Fields, status: str, *, minutes: float = 2) -> dict[str, Any]:
        """Lets time go by, in which the session is this all the while."""
        for _ in range(int(minutes * 3) + 1):
            found = await self.get(session)
            same("the session's status", found["status"], status)
            await self.forward(seconds=20)
        return found

    async def bound(self, session: Fields, *, minutes: float = 6) -> dict[str, Any]:
        """Lets time go by until the session has its payment."""
        for _ in range(int(minutes * 6) + 1):
            found = await self.get(session)
            if found["provider_ref"] is not None:
                return found
            await self.forward(seconds=10)
        story = [event["type"] for event in found["events"]]
        raise Broken(f"after {minutes} minutes the session has no payment: {story}")

    async def in_review(self, session: Fields, reason: str) -> None:
        found = await self.until(session, "review")
        same("why it is in review", found["review_reason"], reason)
        holds("what is in review is not paid", not found["paid"])

    @asynccontextmanager
    async def moving(self) -> AsyncIterator[None]:
        """Time goes by, and work is done, while something waits for it."""

        over = asyncio.Event()

        async def tick() -> None:
            while not over.is_set():
                await asyncio.sleep(0.005)
                await self.forward(seconds=0.5)

        task = asyncio.create_task(tick())
        try:
            yield
        finally:
            # Not cancelled: a write that is cut off keeps SQLite's lock until its connection is gone.
            over.set()
            await task

    def price(self, session: Fields) -> Money | None:
        amount = session["amount"]
        return None if amount is None else Money.parse(amount, session["currency"])

    async def attempts(self) -> list[dict[str, Any]]:
        async with self.ctx.database.read() as conn:
            return [dict(row) for row in (await conn.execute(sa.select(attempts))).mappings()]

    def secrets(self) -> list[str]:
        """Every secret of the adapter's settings; of several in one setting, each."""
        own = self.provider.settings
        values = [getattr(own, name) for name in type(own).model_fields]
        held = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return [secret.strip() for value in held for secret in value.split(",") if secret.strip()]
