"""Creating payments: written down before it is sent, and after a crash or a time-out resolved by looking.

A create whose answer was lost is never repeated blindly. The provider is asked for it by our reference; where
it surely is not there, or where a provider cannot be asked, the attempt is abandoned and a new payment is
created: nobody was ever shown the first one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError

from checkout_server.change import Change, change, load, paid_sibling, transact, unchanged, write
from checkout_server.context import Context
from checkout_server.decide import decide, flag, mismatch
from checkout_server.facts import Facts
from checkout_server.providers.base import (
    Capability,
    CreateAttempt,
    Created,
    Observation,
    OutcomeUnknown,
    Provider,
    ProviderError,
    Refused,
    SerialTaken,
    State,
    Unreachable,
)
from checkout_server.record import Session
from checkout_server.schedule import back_off, next_look
from checkout_server.store import jobs, ledger
from checkout_server.store.database import Transaction
from checkout_server.store.tables import attempts
from checkout_ui import status as st

_log = structlog.get_logger(__name__)

# A create that was sent may still be on its way to the provider: only after this long is "not there" an answer.
_SETTLE = timedelta(seconds=20)
# Some providers cannot prove that a payment is *not* there (a list with no end). After so many tries, or so long
# after the expiry, we go on without proof: what may exist was shown to nobody, and its webhooks are still heard.
_LOOKS = 8
_NO_PROOF_AFTER = timedelta(minutes=10)


def attempt_for(session: Session, attempt_id: str, public_url: str, *, serial: int = 0) -> CreateAttempt:
    """What the adapter is given: derived from the session, so that the same attempt can be rebuilt after a crash."""
    back = f"{public_url}/checkout/{session.token}/return?outcome="
    return CreateAttempt(
        id=attempt_id,
        serial=serial,
        session_id=session.id,
        amount=session.amount,
        order_id=session.order_id,
        description=session.description,
        email=session.email,
        metadata=session.metadata,
        locale=session.locale,
        return_url=f"{back}return",
        cancel_url=f"{back}cancel",
        expires_at=session.expires_at,
        created_at=session.created_at,
        options=session.options,
    )


async def send(ctx: Context, session: Session, attempt_id: str, *, heard: bool) -> Session:
    """Sends one planned create and writes down what came of it. Raises `Refused` when the provider said no.

    `heard` says that the merchant waits for this very answer, and need not be told of a refusal by webhook.
    """
    provider = ctx.providers[session.provider]
    try:
        created = await provider.create(await _attempt(ctx, session, attempt_id))
    except SerialTaken as error:
        return await _again(ctx, session, attempt_id, error, heard=heard)
    except Refused as error:
        await _refused(ctx, session, attempt_id, error, notify=not heard)
        raise
    except OutcomeUnknown as error:
        return await _postpone(ctx, session, attempt_id, ledger.UNKNOWN, error)
    except Unreachable as error:
        return await _postpone(ctx, session, attempt_id, ledger.PLANNED, error)
    return await bind(ctx, session, attempt_id, created)


async def _attempt(ctx: Context, session: Session, attempt_id: str) -> CreateAttempt:
    async with ctx.database.read() as conn:
        serial = await ledger.serial_of(conn, attempt_id)
    return attempt_for(session, attempt_id, ctx.settings.public_url, serial=serial)


async def _again(
    ctx: Context, session: Session, attempt_id: str, error: SerialTaken, *, heard: bool
) -> Session:
    """Somebody else uses the account's numbers, too. Once more with a new one; after that it is a refusal."""
    now = ctx.clock()
    async with ctx.database.write() as tx:
        await load(tx, session.id)
        first = len(await ledger.attempts_of(tx.conn, session.id, "create")) == 1
        if first:
            await _end(tx, attempt_id, now, state=ledger.REFUSED, error=error.code)
            attempt_id = await ledger.plan(tx, session.id, "create", now, sender=ctx.owner)
    if first:
        return await send(ctx, session, attempt_id, heard=heard)
    await _refused(ctx, session, attempt_id, error, notify=not heard)
    raise error


async def run(ctx: Context, row: Mapping[str, Any], session: Session) -> None:
    """The worker's turn with an attempt that is due: send what was never sent, look for what was."""
    provider = ctx.providers.get(session.provider)
    now = ctx.clock()
    if provider is None or provider.account != session.account:
        await _finish(ctx, row["id"], next_at=now + timedelta(minutes=1), error="not_configured")
    elif session.provider_ref is not None or st.is_final(session.status):
        await _finish(ctx, row["id"], state=ledger.ABANDONED, ended_at=now)
    elif row["state"] == ledger.PLANNED and now >= session.expires_at:
        await _give_up(ctx, session, row["id"])
    elif row["state"] == ledger.PLANNED:
        await _send_again(ctx, session, row["id"])
    else:
        await _resolve(ctx, provider, session, row)


async def bind(ctx: Context, session: Session, attempt_id: str, created: Created) -> Session:
    """Ties the session to the payment that was made for it."""
    now = ctx.clock()

    async def work(tx: Transaction) -> Session:
        fresh = await load(tx, session.id)
        if fresh.provider_ref is not None:
            await _end(tx, attempt_id, now, state=ledger.ABANDONED, ref=created.ref)
            return fresh
        facts = replace(
            fresh.facts,
            provider_ref=created.ref,
            terms=created.terms,
            expires_at=created.expires_at or fresh.expires_at,
        )
        fields = {"public": dict(created.public), "hosted_url": created.hosted_url}
        bound = await write(
            ctx, tx, fresh, Change(unchanged(facts), "payment.created", {"ref": created.ref}, fields)
        )
        await _end(tx, attempt_id, now, state=ledger.DONE, ref=created.ref)
        await jobs.plan_look(tx, session.id, next_look(bound, now))
        if created.ref is not None and await paid_sibling(tx.conn, bound) is not None:
            await ledger.plan_once(tx, session.id, "supersede", now, ref=created.ref)
        return bound

    try:
        return await transact(ctx, work)
    except IntegrityError:
        # The provider gave us the id of a payment that another session already owns: never two owners.
        _log.error("create.ref_reused", session=session.id, ref=created.ref)
        await _finish(ctx, attempt_id, state=ledger.REFUSED, ended_at=now, error="ref_reused")
        return await change(
            ctx, session.id, lambda s: Change(flag(s.facts, "ref_mismatch"), "session.review")
        )


async def look_for(ctx: Context, session: Session) -> None:
    """A refresh of a session without a payment: find the one that the shopper's browser may have created."""
    now = ctx.clock()
    provider = ctx.providers[session.provider]
    if session.created_in_browser and Capability.FIND in provider.capabilities:
        found = await _find_if_possible(ctx, provider, session)
        if found is not None and found.ref is not None and await claim(ctx, session, found.ref):
            return
    async with ctx.database.read() as conn:
        creates = await ledger.attempts_of(conn, session.id, "create")
    if any(row["state"] in (ledger.SENT, ledger.UNKNOWN) for row in creates):
        return  # there may be a payment: the attempt's own resolution will tell

    def lapse(fresh: Session) -> Change | None:
        if fresh.provider_ref is not None:
            return None
        decision = decide(fresh.facts, None, now)
        return Change(decision, f"session.{decision.status}") if decision.changed else None

    await change(ctx, session.id, lapse)


async def _find_if_possible(ctx: Context, provider: Provider[Any], session: Session) -> Created | None:
    try:
        return await provider.find(attempt_for(session, "", ctx.settings.public_url))
    except Unreachable:
        if ctx.clock() < session.expires_at + _NO_PROOF_AFTER:
            raise
        return None


async def claim(ctx: Context, session: Session, ref: str) -> bool:
    """Binds a payment that was made in the browser, once the server has seen that every field matches and money is in it.

    A payment that matches but holds no money is left alone: the shopper may have opened the window twice, and
    only the one that was paid is the session's.
    """
    started = ctx.clock()
    seen = await ctx.providers[session.provider].fetch(ref)
    claimed = replace(session.facts, provider_ref=ref)
    wrong = mismatch(claimed, seen)
    funded = seen.state in (State.PROCESSING, State.SUCCEEDED, State.CONFLICT)
    if wrong is not None and not (funded and seen.reference == session.id):
        await _note(ctx, session.id, "claim.rejected", ref=ref, reason=wrong)
        return False
    if wrong is not None:
        # The shopper did pay, but not what was asked: never ask again, and let a person look.
        await change(ctx, session.id, lambda fresh: _flag_claim(fresh, ref, wrong))
        return False
    if not funded:
        return False
    try:
        after = await change(
            ctx, session.id, lambda fresh: _bind_claim(fresh, ref, seen, started, ctx.clock())
        )
    except IntegrityError:
        await _note(ctx, session.id, "claim.rejected", ref=ref, reason="ref_taken")
        return False
    return after.provider_ref == ref


def _flag_claim(fresh: Session, ref: str, reason: str) -> Change | None:
    decision = flag(fresh.facts, reason)
    data = {"ref": ref, "review_reason": reason}
    return Change(decision, f"session.{decision.status}", data) if decision.changed else None


def _bind_claim(
    fresh: Session, ref: str, seen: Observation, started: datetime, now: datetime
) -> Change | None:
    if fresh.provider_ref == ref:
        return None
    if fresh.provider_ref is not None:
        return Change(flag(fresh.facts, "paid_twice"), "session.review", {"ref": ref})
    claimed: Facts = replace(fresh.facts, provider_ref=ref, terms=seen.terms)
    decision = decide(claimed, seen, now)
    return Change(replace(decision, changed=True), "payment.claimed", {"ref": ref}, {"observed_at": started})


async def _resolve(ctx: Context, provider: Provider[Any], session: Session, row: Mapping[str, Any]) -> None:
    """A create that was sent and never answered: the process died, or the provider did."""
    now = ctx.clock()
    if Capability.FIND not in provider.capabilities:
        await _replace(ctx, session, row["id"])
        return
    try:
        found = await provider.find(await _attempt(ctx, session, row["id"]))
    except ProviderError as error:
        if row["tries"] < _LOOKS:
            next_at = back_off(row["tries"], now, error.retry_after)
            await _finish(ctx, row["id"], state=ledger.UNKNOWN, next_at=next_at, error=error.code)
        else:
            await _replace(ctx, session, row["id"])
        return
    if found is not None:
        await bind(ctx, session, row["id"], found)
    elif now < row["sent_at"] + _SETTLE:
        await _finish(ctx, row["id"], state=ledger.UNKNOWN, next_at=back_off(row["tries"], now))
    else:
        await _replace(ctx, session, row["id"])


async def _send_again(ctx: Context, session: Session, attempt_id: str) -> None:
    async with ctx.database.write() as tx:
        await load(tx, session.id)  # its lock: nobody cancels the session between the asking and the sending
        if not await ledger.mark_sent(tx, attempts, attempt_id, sent_at=ctx.clock()):
            return
    try:
        await send(ctx, session, attempt_id, heard=False)
    except Refused as error:
        _log.warning("create.refused", session=session.id, code=error.code)


async def _replace(ctx: Context, session: Session, attempt_id: str) -> None:
    now = ctx.clock()
    async with ctx.database.write() as tx:
        fresh = await load(tx, session.id)
        row = (await tx.execute(attempts.select().where(attempts.c.id == attempt_id))).mappings().one()
        if row["ended_at"] is not None:
            return  # a look that outlived its lease: another one has decided this
        await _end(tx, attempt_id, now, state=ledger.ABANDONED)
        # A provider that fails on each of them is not met with ever more: the pause grows from attempt to attempt.
        made = len(await ledger.attempts_of(tx.conn, session.id, "create"))
        await ledger.plan(tx, session.id, "create", now, next_at=back_off(made - 1, now) if made > 1 else now)
        await ledger.record(tx, session.id, fresh.version, "create.abandoned", now, attempt=attempt_id)


async def _give_up(ctx: Context, session: Session, attempt_id: str) -> None:
    """Never sent, and now too late: the session lapses without a payment."""
    await _finish(ctx, attempt_id, state=ledger.ABANDONED, ended_at=ctx.clock())
    async with ctx.database.write() as tx:
        await jobs.request_refresh(tx, session.id, ctx.clock(), jobs.RECONCILE)


async def _refused(ctx: Context, session: Session, attempt_id: str, error: Refused, *, notify: bool) -> None:
    now = ctx.clock()

    async def work(tx: Transaction) -> None:
        fresh = await load(tx, session.id)
        facts = replace(fresh.facts, ended=st.FAILED)
        decision = replace(unchanged(facts), notify=notify)
        await write(ctx, tx, fresh, Change(decision, "session.failed", {"code": error.code}))
        await _end(tx, attempt_id, now, state=ledger.REFUSED, error=error.code)

    await transact(ctx, work)


async def _postpone(
    ctx: Context, session: Session, attempt_id: str, state: str, error: ProviderError
) -> Session:
    now = ctx.clock()
    _log.warning("create.postponed", session=session.id, state=state, code=error.code)
    async with ctx.database.write() as tx:
        fresh = await load(tx, session.id)
        row = (await tx.execute(attempts.select().where(attempts.c.id == attempt_id))).mappings().one()
        next_at = back_off(row["tries"], now, error.retry_after)
        await jobs.finish(tx, attempts, attempt_id, state=state, next_at=next_at, error=error.code)
        await ledger.record(tx, session.id, fresh.version, f"create.{state}", now, code=error.code)
    return fresh


async def _note(ctx: Context, session_id: str, kind: str, **data: Any) -> None:
    async with ctx.database.write() as tx:
        fresh = await load(tx, session_id)
        await ledger.record(tx, session_id, fresh.version, kind, ctx.clock(), **data)


async def _finish(ctx: Context, attempt_id: str, **values: Any) -> None:
    async with ctx.database.write() as tx:
        await jobs.finish(tx, attempts, attempt_id, **values)


async def _end(tx: Transaction, attempt_id: str, now: datetime, **values: Any) -> None:
    await jobs.finish(tx, attempts, attempt_id, ended_at=now, **values)
