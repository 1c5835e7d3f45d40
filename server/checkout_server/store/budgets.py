"""How often one account was asked in the current minute, shared by every process."""

from __future__ import annotations

from datetime import datetime

from checkout_server.store.database import Transaction
from checkout_server.store.tables import budgets


async def take(tx: Transaction, account: str, now: datetime, cap: int) -> bool:
    """Takes one read out of this minute's `cap`; False when it is used up."""
    minute = int(now.timestamp()) // 60
    row = budgets.c
    used = budgets.update().where(row.account == account, row.minute == minute, row.used < cap)
    if (await tx.execute(used.values(used=row.used + 1))).rowcount == 1:
        return True
    renewed = budgets.update().where(row.account == account, row.minute < minute)
    return cap > 0 and (await tx.execute(renewed.values(minute=minute, used=1))).rowcount == 1


async def open_account(tx: Transaction, account: str) -> None:
    """Once at start: the row that `take` counts in."""
    found = (await tx.execute(budgets.select().where(budgets.c.account == account))).first()
    if found is None:
        await tx.execute(budgets.insert().values(account=account, minute=0, used=0))
