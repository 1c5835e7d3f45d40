"""Attempts and refunds (written down before they are sent) and the events that tell a session's story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkout_server.ids import new_id
from checkout_server.money import Money
from checkout_server.store.database import Database, Transaction
from checkout_server.store.jobs import LEASE, WORK, finish
from checkout_server.store.tables import EPOCH, MICROSECOND, attempts, events, refunds

# An attempt's life: planned -> sent -> done | refused | unknown -> done | abandoned.
PLANNED, SENT, UNKNOWN, DONE, REFUSED, ABANDONED = (
    "planned",
    "sent",
    "unknown",
    "done",
    "refused",
    "abandoned",
)
# A refund's: planned -> sent -> pending -> succeeded | failed, or unknown, which only evidence ends.
PENDING, SUCCEEDED, FAILED = "pending", "succeeded", "failed"
OUTSTANDING = (PLANNED, SENT, UNKNOWN, PENDING)


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as the merchant sees it; `unknown` means that a person has to look at the provider's dashboard."""

    id: str
    session_id: str
    amount: Money
    reason: str | None
    state: str
    ref: str | None
    error: str | None
    created_at: datetime


async def plan(
    tx: Transaction,
    session_id: str,
    kind: str,
    now: datetime,
    *,
    ref: str | None = None,
    sender: str | None = None,
    next_at: datetime | None = None,
) -> str:
    """Writes an attempt down. With `sender`, it is leased to the process that is about to send it; else it is due
    at `next_at`, or at once."""
    attempt_id = new_id("at", now)
    row: dict[str, Any] = {
        "id": attempt_id,
        "session_id": session_id,
        "kind": kind,
        "ref": ref,
        "created_at": now,
    }
    if kind == "create":
        row["serial"] = await _next_serial(tx, now)
    if sender is None:
        row |= {"state": PLANNED, "next_at": next_at or now}
        tx.touched.add(WORK)
    else:
        lease = {"lease_owner": sender, "lease_until": now + LEASE, "next_at": now + LEASE}
        row |= {"state": SENT, "sent_at": now, "tries": 1, **lease}
    await tx.execute(attempts.insert().values(row))
    return attempt_id


async def _next_serial(tx: Transaction, now: datetime) -> int:
    """The time in microseconds, or one more than the last one given: two creates never share a number."""
    await tx.alone_with("attempts.serial")
    last = (await tx.execute(sa.select(sa.func.max(attempts.c.serial)))).scalar()
    return max((now - EPOCH) // MICROSECOND, (last or 0) + 1)


async def serial_of(conn: AsyncConnection, attempt_id: str) -> int:
    """The number of a create, given when it was written down."""
    return int(
        (await conn.execute(sa.select(attempts.c.serial).where(attempts.c.id == attempt_id))).scalar_one()
    )


async def plan_once(tx: Transaction, session_id: str, kind: str, now: datetime, *, ref: str) -> None:
    """The same for a look at something: a second wish for the same look wakes the first up again.

    Not one that is under way, which may have looked already: its end would end the wish, too.
    """
    row = attempts.c
    free = sa.or_(row.lease_until.is_(None), row.lease_until <= now)
    same = sa.select(row.id).where(row.session_id == session_id, row.kind == kind, row.ref == ref, free)
    one = same.order_by(row.id).limit(1).scalar_subquery()
    again = attempts.update().where(row.id == one).values(state=PLANNED, next_at=now, tries=0)
    if (await tx.execute(again)).rowcount == 0:
        await plan(tx, session_id, kind, now, ref=ref)
    tx.touched.add(WORK)


async def attempts_of(conn: AsyncConnection, session_id: str, kind: str) -> list[sa.RowMapping]:
    """A session's attempts of one kind, newest first."""
    where = (attempts.c.session_id == session_id, attempts.c.kind == kind)
    query = sa.select(attempts).where(*where).order_by(attempts.c.id.desc())
    return list((await conn.execute(query)).mappings())


async def mark_sent(tx: Transaction, table: sa.Table, row_id: str, **values: Any) -> bool:
    """Before a leased row is sent: if we die now, its lease runs out and it is found as sent.

    False when it is no longer only planned: then somebody else sends it, or nobody wants it any more.
    """
    planned = table.update().where(table.c.id == row_id, table.c.state == PLANNED)
    return (await tx.execute(planned.values(state=SENT, **values))).rowcount == 1


async def end_attempt(
    database: Database, attempt_id: str, state: str, error: str | None, now: datetime
) -> None:
    async with database.write() as tx:
        await finish(tx, attempts, attempt_id, state=state, error=error, ended_at=now)


async def abandon(tx: Transaction, session_id: str, kind: str, now: datetime) -> None:
    """Ends what is not yet sent or decided, because nobody wants it any more."""
    live = attempts.c.state.in_((PLANNED, SENT, UNKNOWN))
    where = (attempts.c.session_id == session_id, attempts.c.kind == kind, live)
    await tx.execute(
        attempts.update().where(*where).values(state=ABANDONED, ended_at=now, next_at=None, lease_until=None)
    )


async def add_refund(
    tx: Transaction,
    refund_id: str,
    session_id: str,
    amount: Money,
    reason: str | None,
    now: datetime,
    *,
    sender: str,
) -> Refund:
    """Writes a refund down as sent, leased to the process that is about to send it."""
    refund = Refund(refund_id, session_id, amount, reason, SENT, None, None, now)
    row = {name: getattr(refund, name) for name in Refund.__slots__}
    lease = {"lease_owner": sender, "lease_until": now + LEASE, "next_at": now + LEASE, "tries": 1}
    await tx.execute(refunds.insert().values(row | lease))
    return refund


async def refund_by_id(conn: AsyncConnection, refund_id: str) -> Refund | None:
    row = (await conn.execute(sa.select(refunds).where(refunds.c.id == refund_id))).mappings().first()
    return None if row is None else refund_of(row)


async def refunds_of(conn: AsyncConnection, session_id: str) -> list[Refund]:
    query = sa.select(refunds).where(refunds.c.session_id == session_id).order_by(refunds.c.id)
    return [refund_of(row) for row in (await conn.execute(query)).mappings()]


async def refunds_by_session(conn: AsyncConnection, session_ids: Sequence[str]) -> dict[str, list[Refund]]:
    """The refunds of each of several sessions, in one query."""
    found: dict[str, list[Refund]] = {session_id: [] for session_id in session_ids}
    query = sa.select(refunds).where(refunds.c.session_id.in_(session_ids)).order_by(refunds.c.id)
    for row in (await conn.execute(query)).mappings():
        found[row["session_id"]].append(refund_of(row))
    return found


def refund_of(row: Mapping[Any, Any]) -> Refund:
    return Refund(**{name: row[name] for name in Refund.__slots__})


async def record(
    tx: Transaction, session_id: str, version: int, kind: str, now: datetime, **data: Any
) -> None:
    """Adds one line to a session's story. `data` holds plain JSON values and no secret."""
    row = {"session_id": session_id, "version": version, "type": kind, "data": data, "at": now}
    await tx.execute(events.insert().values(row))
    tx.touched.add(session_id)


async def story(conn: AsyncConnection, session_id: str) -> list[dict[str, Any]]:
    query = sa.select(events).where(events.c.session_id == session_id).order_by(events.c.seq)
    return [
        {
            "seq": row["seq"],
            "type": row["type"],
            "version": row["version"],
            "at": row["at"],
            "data": row["data"],
        }
        for row in (await conn.execute(query)).mappings()
    ]
