"""Runs what is due: refreshes, attempts and refunds to resolve, webhooks to deliver. Any number of them may run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from checkout_server import creation, outbound, refresh, refunds, withdraw
from checkout_server.change import load
from checkout_server.context import Context
from checkout_server.notify import wait
from checkout_server.providers.base import ProviderError
from checkout_server.record import Session
from checkout_server.schedule import back_off, when_less_busy
from checkout_server.store import jobs, ledger
from checkout_server.store.tables import attempts, outbox
from checkout_server.store.tables import refunds as refund_rows

_log = structlog.get_logger(__name__)

# Jobs under way at once in one process, and how long it sleeps when nothing is known to become due.
WIDTH = 16
_IDLE = 5.0
_GIVE_UP_LOOKING = 20


class Worker:
    """`run()` until cancelled, or `drain()` until nothing is due: the same steps, for tests and for the command line."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Claims and runs jobs until cancelled; what is under way then is finished by its lease, here or elsewhere."""
        try:
            with self._ctx.notifier.subscribe(jobs.WORK) as woken:
                while True:
                    try:
                        await self._start_due()
                        pause = await self._pause()
                    except SQLAlchemyError as error:
                        _log.error("worker.database", error=type(error).__name__)
                        pause = _IDLE
                    except Exception:  # noqa: BLE001 - logged with its trace; one bad row must not end all work
                        _log.exception("worker.failed")
                        pause = _IDLE
                    await wait(woken, pause)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Runs everything that is due now, and what becomes due by it."""
        while await self._start_due():
            await asyncio.gather(*self._tasks)

    async def _pause(self) -> float:
        async with self._ctx.database.read() as conn:
            due = await jobs.next_due(conn)
        if due is None or len(self._tasks) >= WIDTH:
            return _IDLE
        return min(max((due - self._ctx.clock()).total_seconds(), 0.01), _IDLE)

    async def _start_due(self) -> int:
        room = WIDTH - len(self._tasks)
        if room <= 0:
            return 0
        ctx, now = self._ctx, self._ctx.clock()
        async with ctx.database.write() as tx:
            looks = await jobs.claim_sessions(tx, ctx.owner, now, limit=room)
            due_attempts = await jobs.claim(tx, attempts, ctx.owner, now, limit=room)
            due_refunds = await jobs.claim(tx, refund_rows, ctx.owner, now, limit=room)
            messages = await jobs.claim(tx, outbox, ctx.owner, now, limit=room)
        work: list[Coroutine[Any, Any, None]] = [
            *(refresh.look(ctx, session) for session in looks),
            *(_attempt(ctx, row) for row in due_attempts),
            *(_refund(ctx, row) for row in due_refunds),
            *(outbound.deliver(ctx, row) for row in messages),
        ]
        for job in work:
            self._start(job)
        return len(work)

    def _start(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_guard(job))
        self._tasks.add(task)

        def done(finished: asyncio.Task[None]) -> None:
            self._tasks.discard(finished)
            self._ctx.notifier.publish({jobs.WORK})

        task.add_done_callback(done)


async def _guard(job: Awaitable[None]) -> None:
    """A job that fails is logged with its trace, and tried again when its lease ends; the others go on."""
    with suppress(asyncio.CancelledError):
        try:
            await job
        except Exception:  # noqa: BLE001 - logged with its trace; the loop outlives a job, the lease brings it back
            _log.exception("worker.job_failed")


async def _session(ctx: Context, session_id: str) -> Session:
    async with ctx.database.write() as tx:
        return await load(tx, session_id)


async def _refund(ctx: Context, row: dict[str, Any]) -> None:
    await refunds.run(ctx, row, await _session(ctx, row["session_id"]))


async def _attempt(ctx: Context, row: dict[str, Any]) -> None:
    session = await _session(ctx, row["session_id"])
    if row["kind"] == "create":
        await creation.run(ctx, row, session)
    elif row["kind"] in withdraw.KINDS:
        await withdraw.run(ctx, row, session)
    elif row["kind"] == "cancel":
        # The caller is gone and the answer with it. Looking tells what became of it.
        async with ctx.database.write() as tx:
            await jobs.request_refresh(tx, session.id, ctx.clock(), jobs.SHOPPER)
        await ledger.end_attempt(ctx.database, row["id"], ledger.UNKNOWN, "answer_lost", ctx.clock())
    else:
        await _look_at_claim(ctx, row, session)


async def _look_at_claim(ctx: Context, row: dict[str, Any], session: Session) -> None:
    """The id of a payment or refund that a browser or a webhook named: read it at the provider."""
    now = ctx.clock()
    if session.provider not in ctx.providers:
        return
    if not await refresh.within_budget(ctx, session, jobs.SHOPPER, now):
        async with ctx.database.write() as tx:
            await jobs.finish(tx, attempts, row["id"], next_at=when_less_busy(now))
        return
    try:
        if row["kind"] == "claim":
            bound = await creation.claim(ctx, session, row["ref"])
        else:
            await refunds.recognise(ctx, session, row["ref"])
            bound = True
    except ProviderError as error:
        next_at = back_off(row["tries"], now, error.retry_after) if row["tries"] < _GIVE_UP_LOOKING else None
        async with ctx.database.write() as tx:
            await jobs.finish(tx, attempts, row["id"], next_at=next_at, error=error.code)
        return
    await ledger.end_attempt(
        ctx.database, row["id"], ledger.DONE if bound else ledger.ABANDONED, None, ctx.clock()
    )
