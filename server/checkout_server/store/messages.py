"""Webhooks: the inbox of what providers told us, and the outbox of what the merchant is still to be told."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkout_server.ids import new_id
from checkout_server.providers.base import Nudge
from checkout_server.store.database import Transaction
from checkout_server.store.jobs import WORK
from checkout_server.store.tables import inbox, outbox


async def receive(
    tx: Transaction, provider: str, nudge: Nudge, session_id: str | None, now: datetime
) -> bool:
    """Keeps a verified webhook. False when the same one was kept before; orphans have no session."""
    row = {
        "id": new_id("in", now),
        "provider": provider,
        "dedupe_key": nudge.dedupe_key,
        "type": nudge.type,
        "ref": nudge.ref,
        "session_id": session_id,
        "received_at": now,
    }
    return await tx.insert_new(inbox, row)


async def orphans(conn: AsyncConnection, provider: str) -> list[sa.RowMapping]:
    """Webhooks for payments that belong to no session of ours."""
    query = sa.select(inbox).where(inbox.c.provider == provider, inbox.c.session_id.is_(None))
    return list((await conn.execute(query.order_by(inbox.c.id))).mappings())


async def post(tx: Transaction, session_id: str, version: int, kind: str, payload: str, now: datetime) -> str:
    """Puts a webhook to the merchant into the same transaction as what it tells."""
    message_id = new_id("msg", now)
    row = {
        "id": message_id,
        "session_id": session_id,
        "version": version,
        "type": kind,
        "payload": payload,
        "created_at": now,
        "next_at": now,
    }
    await tx.execute(outbox.insert().values(row))
    tx.touched.add(WORK)
    return message_id


async def deliver_again(tx: Transaction, session_id: str, now: datetime) -> int:
    """Makes every webhook of a session due now, delivered or not; answers how many."""
    again = outbox.update().where(outbox.c.session_id == session_id)
    tx.touched.add(WORK)
    return (await tx.execute(again.values(next_at=now, tries=0))).rowcount


async def being_told(conn: AsyncConnection, session_id: str, since: datetime) -> bool:
    """Whether the merchant has still to hear something of this session that is not older than `since`."""
    row = outbox.c
    due = (row.session_id == session_id, row.delivered_at.is_(None), row.next_at.is_not(None))
    query = sa.select(row.id).where(*due, row.created_at > since).limit(1)
    return (await conn.execute(query)).first() is not None


async def deliveries(conn: AsyncConnection, session_id: str) -> list[sa.RowMapping]:
    query = sa.select(outbox).where(outbox.c.session_id == session_id).order_by(outbox.c.id)
    return list((await conn.execute(query)).mappings())
