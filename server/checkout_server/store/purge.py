"""Forgetting: sessions that are over, with everything that hangs on them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from checkout_server.store.database import Transaction
from checkout_server.store.ledger import OUTSTANDING
from checkout_server.store.tables import attempts, events, idempotency, inbox, outbox, refunds, sessions
from checkout_ui.status import NOT_FINAL

_BATCH = 500


async def purge(tx: Transaction, before: datetime) -> int:
    """Deletes up to 500 sessions that are final and not watched since `before`; answers how many.

    A session with a refund under way, or with a webhook that the merchant has still to get, is kept.
    """
    row = sessions.c
    busy_refunds = sa.select(refunds.c.session_id).where(refunds.c.state.in_(OUTSTANDING))
    undelivered = sa.select(outbox.c.session_id).where(outbox.c.next_at.is_not(None))
    over = (
        sa.select(row.id)
        .where(row.watch_until < before, row.status.not_in(NOT_FINAL))
        .where(row.id.not_in(busy_refunds), row.id.not_in(undelivered))
        .limit(_BATCH)
    )
    doomed = list((await tx.execute(over)).scalars())
    for table in (attempts, refunds, events, outbox, inbox):
        await tx.execute(table.delete().where(table.c.session_id.in_(doomed)))
    await tx.execute(idempotency.delete().where(idempotency.c.created_at < before))
    return (await tx.execute(sessions.delete().where(row.id.in_(doomed)))).rowcount
