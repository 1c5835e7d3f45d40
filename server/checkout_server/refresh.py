"""Looking at the provider: one fetch at a time per session, its answer applied or dropped, the next one planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from checkout_server import creation
from checkout_server.change import Change, change, load
from checkout_server.context import Context
from checkout_server.decide import decide
from checkout_server.notify import wait
from checkout_server.providers.base import NotFound, Observation, ProviderError
from checkout_server.record import Session
from checkout_server.schedule import back_off, next_look, when_less_busy
from checkout_server.store import budgets, jobs
from checkout_server.store import sessions as rows

_log = structlog.get_logger(__name__)

# How far ahead of the allowed pace each urgency may run, so that a shopper is never starved by housekeeping.
_BACKLOG = {
    jobs.WEBHOOK: timedelta(seconds=10),
    jobs.SHOPPER: timedelta(seconds=8),
    jobs.RECONCILE: timedelta(seconds=4),
}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one look came to: applied (a miss of None), or missed, with the reason and when to try again."""

    miss: str | None = None
    retry_after: float | None = None
    held: bool = False  # the provider itself said not to come back before that
    over_budget: bool = False


async def refresh_now(
    ctx: Context, session_id: str, *, urgency: int, within: timedelta
) -> tuple[Session, bool]:
    """Asks for a look and waits for its answer. The second value is False when it did not come in time.

    The look itself goes on behind the caller's back: a shopper who hangs up does not stop it.
    """
    started = ctx.clock()
    with ctx.notifier.subscribe(session_id) as woken:
        async with ctx.database.write() as tx:
            await load(tx, session_id)
            await jobs.request_refresh(tx, session_id, started, urgency)
        deadline = started + within
        while True:
            async with ctx.database.read() as conn:
                session = await rows.by_id(conn, session_id)
            if session is None or (session.observed_at is not None and session.observed_at >= started):
                break
            if ctx.clock() >= deadline:
                break
            # Wake-ups can get lost between processes; a short pause is the bound on how stale we are.
            await wait(woken, min((deadline - ctx.clock()).total_seconds(), 0.25))
    if session is None:
        raise LookupError(session_id)
    return session, session.observed_at is not None and session.observed_at >= started


async def look(ctx: Context, session: Session) -> None:
    """One look at a leased session. Whatever happens, the lease ends and the next look is planned."""
    started = ctx.clock()
    outcome = _Outcome(miss="internal")
    try:
        outcome = await _look(ctx, session, started)
    finally:
        await _release(ctx, session, started, outcome)


async def _look(ctx: Context, session: Session, started: datetime) -> _Outcome:
    provider = ctx.providers.get(session.provider)
    if provider is None or provider.account != session.account:
        return _Outcome(miss="not_configured", retry_after=60)
    if not await within_budget(ctx, session, session.urgency, started):
        return _Outcome(miss=session.last_miss, over_budget=True)
    try:
        if session.provider_ref is None:
            await creation.look_for(ctx, session)
        else:
            await observe(ctx, session.id, await provider.fetch(session.provider_ref), started)
    except NotFound:
        await observe(ctx, session.id, None, started)
    except ProviderError as error:
        _log.warning("refresh.missed", session=session.id, provider=session.provider, code=error.code)
        return _Outcome(miss=error.code, retry_after=error.retry_after, held=error.retry_after is not None)
    return _Outcome()


async def observe(ctx: Context, session_id: str, seen: Observation | None, started: datetime) -> Session:
    """Applies what a fetch that began at `started` saw; one that began before the last applied one is dropped."""
    return await change(ctx, session_id, applying(ctx, seen, started))


def applying(ctx: Context, seen: Observation | None, started: datetime) -> Callable[[Session], Change | None]:
    def make(session: Session) -> Change | None:
        if session.observed_at is not None and started < session.observed_at:
            return None
        decision = decide(session.facts, seen, ctx.clock())
        if not decision.changed:
            return None
        event = "provider.observed" if decision.status == session.status else f"session.{decision.status}"
        data = {} if seen is None else {"state": seen.state.value}
        if decision.facts.review_reason != session.facts.review_reason:
            data["review_reason"] = decision.facts.review_reason or ""
        return Change(decision, event, data, {"observed_at": started})

    return make


async def within_budget(ctx: Context, session: Session, urgency: int, now: datetime) -> bool:
    """Takes one read of the session's account, as far ahead of its pace as this urgency may go."""
    interval = timedelta(minutes=1) / ctx.providers[session.provider].poll.per_minute
    account = f"{session.provider}:{session.account}"
    async with ctx.database.write() as tx:
        return await budgets.take(tx, account, now, interval=interval, backlog=_BACKLOG[urgency])


async def _release(ctx: Context, session: Session, started: datetime, outcome: _Outcome) -> None:
    now = ctx.clock()
    async with ctx.database.write() as tx:
        if outcome.over_budget:
            next_at: datetime | None = when_less_busy(now)
            tries = session.tries
        elif outcome.miss is not None:
            tries = session.tries + 1
            next_at = back_off(tries, now, outcome.retry_after)
        else:
            tries, next_at = 0, next_look(await load(tx, session.id), now)
        await jobs.release_session(
            tx,
            session.id,
            ctx.owner,
            claimed_with=session.refresh_requested_at,
            started=started,
            observed=started if outcome.miss is None and not outcome.over_budget else None,
            next_at=next_at,
            not_before=next_at if outcome.held else None,
            tries=tries,
            miss=outcome.miss,
            urgency=jobs.RECONCILE if tries == 0 and not outcome.over_budget else session.urgency,
        )
        # Watchers see `unavailable` come and go, though no version changes with it.
        tx.touched.add(session.id)
