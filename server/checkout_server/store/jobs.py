"""Leases: rows that are due, taken by one worker at a time and given back when it is done, or dead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkout_server.record import Session
from checkout_server.store.database import Transaction
from checkout_server.store.sessions import from_rows
from checkout_server.store.tables import attempts, outbox, refunds, sessions

# Longer than any single talk with a provider, short enough that a crash is repaired while a shopper waits.
LEASE = timedelta(seconds=30)

# Why a refresh was asked for. A higher one goes first and may use more of the account's budget.
RECONCILE, SHOPPER, WEBHOOK = 0, 1, 2

# A topic that wakes workers.
WORK = "work"


async def request_refresh(tx: Transaction, session_id: str, now: datetime, urgency: int) -> None:
    """Asks for a fetch that starts after `now`. Never lost: a fetch under way does not count as an answer to it.

    Nobody, however impatient, makes us ask a provider again before the time that it named.
    """
    row = sessions.c
    statement = (
        sessions.update()
        .where(row.id == session_id)
        .values(
            refresh_requested_at=now,
            next_at=sa.case((row.not_before > now, row.not_before), else_=sa.literal(now, row.next_at.type)),
            urgency=sa.case((row.urgency > urgency, row.urgency), else_=urgency),
        )
    )
    await tx.execute(statement)
    tx.touched.add(WORK)


async def plan_look(tx: Transaction, session_id: str, next_at: datetime | None) -> None:
    """Sets the next look of a session that nobody has asked to be refreshed."""
    statement = sessions.update().where(sessions.c.id == session_id, sessions.c.urgency == RECONCILE)
    await tx.execute(statement.values(next_at=next_at))
    tx.touched.add(WORK)


async def claim_sessions(
    tx: Transaction, owner: str, now: datetime, *, limit: int, session_id: str | None = None
) -> list[Session]:
    """Leases due sessions, most urgent first; or the one that is named, due or not, unless it is leased already."""
    wanted = [sessions.c.id == session_id] if session_id else None
    rows = await _claim(tx, sessions, owner, now, limit=limit, only=wanted, order=[sessions.c.urgency.desc()])
    return from_rows(rows)


async def release_session(
    tx: Transaction,
    session_id: str,
    owner: str,
    *,
    claimed_with: datetime | None,
    started: datetime,
    observed: datetime | None,
    next_at: datetime | None,
    not_before: datetime | None,
    tries: int,
    miss: str | None,
    urgency: int,
) -> None:
    """Ends the lease. A refresh that was requested after `started` is due at once, whatever `next_at` says.

    So is any other request than the one that was known when the lease began (`claimed_with`): the clocks of
    two machines may disagree on which moment came first. But none is due before `not_before`.
    """
    row = sessions.c
    other = row.refresh_requested_at.is_distinct_from(sa.literal(claimed_with, row.refresh_requested_at.type))
    again = sa.or_(row.refresh_requested_at > started, other)
    values: dict[str, Any] = {
        "lease_owner": None,
        "lease_until": None,
        "tries": tries,
        "last_miss": miss,
        "not_before": not_before,
        "next_at": not_before
        or sa.case((again, row.refresh_requested_at), else_=sa.literal(next_at, row.next_at.type)),
        "urgency": sa.case((again, row.urgency), else_=urgency),
    }
    if observed is not None:
        earlier = sa.or_(row.observed_at.is_(None), row.observed_at < observed)
        values["observed_at"] = sa.case(
            (earlier, sa.literal(observed, row.observed_at.type)), else_=row.observed_at
        )
    held = sessions.update().where(row.id == session_id, row.lease_owner == owner)
    await tx.execute(held.values(values))
    tx.touched.add(WORK)


async def claim(
    tx: Transaction, table: sa.Table, owner: str, now: datetime, *, limit: int, row_id: str | None = None
) -> list[dict[str, Any]]:
    """Leases due rows of `attempts`, `refunds` or `outbox`; each claim counts as a try."""
    wanted = [table.c.id == row_id] if row_id else None
    rows = await _claim(tx, table, owner, now, limit=limit, only=wanted, order=[], count=True)
    return [dict(row) for row in rows]


async def finish(
    tx: Transaction, table: sa.Table, row_id: str, *, next_at: datetime | None = None, **values: Any
) -> None:
    """Writes what became of a row, ends its lease, and makes it due again at `next_at`, or never."""
    statement = table.update().where(table.c.id == row_id)
    await tx.execute(statement.values(lease_owner=None, lease_until=None, next_at=next_at, **values))
    if next_at is not None:
        tx.touched.add(WORK)


async def next_due(conn: AsyncConnection) -> datetime | None:
    """When the earliest job of any kind becomes due: how long a worker may sleep."""
    moments = []
    for table in (sessions, attempts, refunds, outbox):
        free_at = sa.case((table.c.lease_until > table.c.next_at, table.c.lease_until), else_=table.c.next_at)
        moments.append(
            await conn.scalar(sa.select(sa.type_coerce(sa.func.min(free_at), table.c.next_at.type)))
        )
    return min((moment for moment in moments if moment is not None), default=None)


async def forget_leases(tx: Transaction, now: datetime) -> None:
    """On SQLite there is one process: leases found at its start belong to one that is dead, and their jobs are due."""
    for table in (sessions, attempts, refunds, outbox):
        held = table.update().where(table.c.lease_until.is_not(None))
        await tx.execute(held.values(lease_owner=None, lease_until=None, next_at=now))


async def _claim(
    tx: Transaction,
    table: sa.Table,
    owner: str,
    now: datetime,
    *,
    limit: int,
    only: Sequence[sa.ColumnElement[bool]] | None,
    order: Sequence[sa.ColumnElement[Any]],
    count: bool = False,
) -> Sequence[sa.RowMapping]:
    free = sa.or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
    due = only or [table.c.next_at <= now]
    chosen = (
        sa.select(table.c.id)
        .where(free, *due)
        .order_by(*order, table.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite leaves this out: its writers already stand in line
    )
    values: dict[str, Any] = {"lease_owner": owner, "lease_until": now + LEASE}
    if count:
        values["tries"] = table.c.tries + 1
    statement = table.update().where(table.c.id.in_(chosen)).values(values).returning(*table.c)
    return (await tx.execute(statement)).mappings().all()
