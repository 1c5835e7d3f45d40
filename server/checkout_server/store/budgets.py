"""How often one account may be asked, shared by every process: a bucket that leaks evenly, in a single column.

`busy_until` is when the reads already granted are paid off at the allowed pace. A read is granted while that
lies no further ahead than the backlog its caller may cause, and pushes it on by one interval.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from checkout_server.store.database import Transaction
from checkout_server.store.tables import budgets


async def take(
    tx: Transaction, account: str, now: datetime, *, interval: timedelta, backlog: timedelta
) -> bool:
    """Takes one read; False when so many were taken that the account is busy for longer than `backlog`."""
    row = budgets.c
    free = sa.literal(now + interval, row.busy_until.type)
    # Microseconds since 1970 in the database: plain integers there.
    later = sa.type_coerce(
        sa.type_coerce(row.busy_until, sa.BigInteger) + interval // timedelta(microseconds=1),
        row.busy_until.type,
    )
    granted = (
        budgets.update()
        .where(row.account == account, row.busy_until <= now + backlog)
        .values(busy_until=sa.case((row.busy_until > now, later), else_=free))
    )
    if (await tx.execute(granted)).rowcount == 1:
        return True
    if await tx.insert_new(budgets, {"account": account, "busy_until": now + interval}):
        return True
    # The row was there, and too busy; or another process has made it since we looked.
    return (await tx.execute(granted)).rowcount == 1
