"""Static files of earlier deploys: a page that was rendered before one still finds what it names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkout_server.store.database import Transaction
from checkout_server.store.tables import assets

KEEP = timedelta(days=30)


async def keep(tx: Transaction, files: Iterable[tuple[str, str, bytes]], now: datetime) -> None:
    """Remembers (hashed name, media type, content) of this deploy and forgets what no deploy used for `KEEP`."""
    for name, media_type, content in files:
        seen = assets.update().where(assets.c.name == name).values(seen_at=now)
        if (await tx.execute(seen)).rowcount == 0:
            row = {"name": name, "media_type": media_type, "content": content, "seen_at": now}
            await tx.insert_new(assets, row)  # another process of this deploy may start just now
    await tx.execute(assets.delete().where(assets.c.seen_at < now - KEEP))


async def find(conn: AsyncConnection, name: str) -> tuple[str, bytes] | None:
    row = (await conn.execute(sa.select(assets).where(assets.c.name == name))).mappings().first()
    return None if row is None else (row["media_type"], row["content"])
