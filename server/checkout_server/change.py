"""The one way a session changes: facts, event and outgoing webhook in one transaction, on the version that was read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from checkout_server.context import Context
from checkout_server.decide import Decision, flag
from checkout_server.errors import Busy, NotFound
from checkout_server.facts import Facts
from checkout_server.present import moment, session_json
from checkout_server.record import Session
from checkout_server.store import ledger, messages
from checkout_server.store import sessions as rows
from checkout_server.store.database import Transaction
from checkout_ui.status import CANCELLED, OPEN, is_paid

_TRIES = 8
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a session: a decision, what to call it in the story, and fields beside the facts."""

    decision: Decision
    event: str
    data: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


def unchanged(facts: Facts) -> Decision:
    """For changes that are not about the facts, such as that the shopper left."""
    return Decision(facts=facts, status=facts.status, changed=False, notify=False)


async def transact(ctx: Context, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Runs `work` in a transaction, again from the start when somebody else changed the session in between."""
    for _ in range(_TRIES):
        try:
            async with ctx.database.write() as tx:
                return await work(tx)
        except rows.Conflict:
            continue
    raise Busy("busy", "This session is being changed by others; try again.", retry_after=1)


async def change(ctx: Context, session_id: str, make: Callable[[Session], Change | None]) -> Session:
    """Reads the session, asks `make` what to change, and writes it. `make` runs again after a conflict: keep it pure."""

    async def work(tx: Transaction) -> Session:
        session = await load(tx, session_id)
        wanted = make(session)
        return session if wanted is None else await write(ctx, tx, session, wanted)

    return await transact(ctx, work)


async def load(tx: Transaction, session_id: str) -> Session:
    """The session, locked for this transaction. Raises `NotFound`."""
    session = await rows.by_id(tx.conn, session_id, lock=True)
    if session is None:
        raise NotFound("session_unknown", "There is no such session.")
    return session


async def write(ctx: Context, tx: Transaction, session: Session, wanted: Change) -> Session:
    """Saves one change under the next version and tells whom it concerns."""
    now = ctx.clock()
    decision, event = await _settled(ctx, tx, session, wanted)
    after = replace(session, facts=decision.facts, version=session.version + 1, **wanted.fields)
    await rows.save(tx, after, read_as=session.version)
    await ledger.record(tx, after.id, after.version, event, now, status=after.status, **wanted.data)
    if decision.notify and ctx.settings.webhook_url is not None:
        kind = f"session.{after.status}"
        data = session_json(ctx, after, await ledger.refunds_of(tx.conn, after.id))
        payload = json.dumps({"type": kind, "timestamp": moment(now), "data": data}, ensure_ascii=False)
        await messages.post(tx, after.id, after.version, kind, payload, now)
    if is_paid(after.status) and not is_paid(session.status):
        await _supersede(tx, after, now)
    return after


async def _settled(ctx: Context, tx: Transaction, session: Session, wanted: Change) -> tuple[Decision, str]:
    """The decision, in the light of other sessions: what only they show is for a person, or is no news."""
    decision = wanted.decision
    if decision.facts.resolution is not None:
        return decision, wanted.event
    if decision.status == CANCELLED and await paid_sibling(tx.conn, session) is not None:
        # The order is paid and the merchant was told so: that a second way to pay it is closed is no end of it.
        return replace(decision, notify=False), wanted.event
    if not is_paid(decision.status) or is_paid(session.status):
        return decision, wanted.event
    await tx.alone_with(f"order {session.order_id}")
    reason = await _contested(tx, session, decision.facts)
    if reason is None:
        return decision, wanted.event
    flagged = flag(decision.facts, reason)
    return replace(flagged, notify=True), f"session.{flagged.status}"


async def _contested(tx: Transaction, session: Session, facts: Facts) -> str | None:
    """Why a success cannot stand by itself: the order is paid already, or the same transfer paid something else."""
    if await paid_sibling(tx.conn, session) is not None:
        return "paid_twice"
    if facts.transaction is None:
        return None
    await tx.alone_with(f"transaction {session.provider} {facts.transaction}")
    others = await rows.of_transaction(tx.conn, session.provider, facts.transaction)
    return "transaction_reused" if any(other.id != session.id for other in others) else None


async def _supersede(tx: Transaction, paid: Session, now: datetime) -> None:
    """Other sessions of the order stop offering to pay: their pages at once, their payments by `withdraw`."""
    for other in await rows.of_order(tx.conn, paid.order_id):
        tx.touched.add(other.id)
        open_still = other.status == OPEN and other.facts.mode == paid.facts.mode
        if other.id != paid.id and open_still and other.provider_ref is not None:
            await ledger.plan_once(tx, other.id, "supersede", now, ref=other.provider_ref)


async def paid_sibling(conn: AsyncConnection, session: Session) -> Session | None:
    """Another session of the same order that is paid; a test payment never settles a live order."""
    others = await rows.of_order(conn, session.order_id)
    same = (other for other in others if other.id != session.id and other.facts.mode == session.facts.mode)
    return next((other for other in same if is_paid(other.status)), None)
