"""Idempotency keys: the first answer is replayed, another body under the same key is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkout_server.store.database import Transaction
from checkout_server.store.tables import idempotency


@dataclass(frozen=True, slots=True)
class Kept:
    """What the first request under a key made. `status` and `body` are None while it is not answered, or never was."""

    fingerprint: str
    target: str
    status: int | None
    body: str | None
    created_at: datetime

    def is_over(self, now: datetime, takes: timedelta) -> bool:
        """True when the first request must have ended by now, answered or not."""
        return now >= self.created_at + takes


async def look_up(conn: AsyncConnection, key: str) -> Kept | None:
    row = (await conn.execute(sa.select(idempotency).where(idempotency.c.key == key))).mappings().first()
    if row is None:
        return None
    return Kept(row["fingerprint"], row["target"], row["status"], row["body"], row["created_at"])


async def reserve(tx: Transaction, key: str, fingerprint: str, target: str, now: datetime) -> None:
    """In the transaction that makes `target`. Two requests at once: the second fails on the primary key."""
    row = {"key": key, "fingerprint": fingerprint, "target": target, "created_at": now}
    await tx.execute(idempotency.insert().values(row))


async def answer(tx: Transaction, key: str, fingerprint: str, status: int, body: str) -> None:
    """Keeps the first answer, and only that: another request that was refused under the same key changes nothing."""
    row = idempotency.c
    unanswered = (row.key == key, row.fingerprint == fingerprint, row.body.is_(None))
    await tx.execute(idempotency.update().where(*unanswered).values(status=status, body=body))
