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
    if cap <= 0:
        return False
    renewed = budgets.update().where(row.account == account, row.minute < minute)
    if (await tx.execute(renewed.values(minute=minute, used=1))).rowcount == 1:
        return True
    return await tx.insert_new(budgets, {"account": account, "minute": minute, "used": 1})
