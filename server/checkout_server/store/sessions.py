"""Rows of `sessions`: insert, look up, save on condition, list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from checkout_server.facts import Basis, Facts, Resolution
from checkout_server.money import Money
from checkout_server.providers.base import Delivery, Failure, Need, State
from checkout_server.record import Session
from checkout_server.store.database import Transaction
from checkout_server.store.tables import sessions

_FILTERS = ("status", "provider", "order_id", "mode", "provider_ref")
# Columns of the record that are columns of the table under the same name; the facts are mapped below.
_SAME = (
    "id", "token", "provider", "account", "order_id", "return_url", "locale", "created_at", "watch_until",
    "description", "email", "cancel_url", "hosted_url", "left_at", "signalled_at", "version", "observed_at",
    "refresh_requested_at", "next_at", "urgency", "tries", "last_miss",
)  # fmt: skip
_SAME_FACTS = (
    "kind", "mode", "expires_at", "provider_ref", "seen", "confirmations", "confirmations_needed", "paid_at",
    "ended", "review_reason", "transaction",
)  # fmt: skip


class Conflict(Exception):
    """Somebody else wrote the session since it was read: read it again and decide again."""


async def insert(tx: Transaction, session: Session) -> None:
    await tx.execute(sessions.insert().values(_row(session)))


async def save(tx: Transaction, session: Session, *, read_as: int) -> None:
    """Writes the whole record if its version is still the one that was read; raises `Conflict` otherwise."""
    row = _row(session)
    # Requests for a refresh arrive at any time and must not be undone by a write that began before them.
    for name in ("refresh_requested_at", "urgency", "next_at"):
        del row[name]
    statement = (
        sessions.update().where(sessions.c.id == session.id, sessions.c.version == read_as).values(row)
    )
    if (await tx.execute(statement)).rowcount != 1:
        raise Conflict(session.id)
    tx.touched.add(session.id)


async def mark_signal(tx: Transaction, session_id: str, now: datetime) -> None:
    """Remembers that the shopper's browser says it paid; no fact, so no new version."""
    await tx.execute(sessions.update().where(sessions.c.id == session_id).values(signalled_at=now))
    tx.touched.add(session_id)


async def by_id(conn: AsyncConnection, session_id: str, *, lock: bool = False) -> Session | None:
    """`lock` keeps the row from other writers until the transaction ends (SQLite has one writer anyway)."""
    return await _one(conn, sessions.c.id == session_id, lock=lock)


async def by_token(conn: AsyncConnection, token: str) -> Session | None:
    return await _one(conn, sessions.c.token == token)


async def by_ref(conn: AsyncConnection, provider: str, ref: str) -> Session | None:
    return await _one(conn, sessions.c.provider == provider, sessions.c.provider_ref == ref)


async def of_order(conn: AsyncConnection, order_id: str) -> list[Session]:
    """All sessions of one order, oldest first: once one is paid, the others must not be payable."""
    query = sa.select(sessions).where(sessions.c.order_id == order_id).order_by(sessions.c.id)
    return [_session(row) for row in (await conn.execute(query)).mappings()]


async def of_transaction(conn: AsyncConnection, provider: str, transaction: str) -> list[Session]:
    """All sessions that one transfer claims to have paid: there should be one."""
    where = (sessions.c.provider == provider, sessions.c.transaction == transaction)
    return [_session(row) for row in (await conn.execute(sa.select(sessions).where(*where))).mappings()]


async def page(
    conn: AsyncConnection, *, limit: int, after: str | None = None, **filters: str | None
) -> tuple[list[Session], str | None]:
    """Newest first; the second value is the cursor of the next page, or None at the end."""
    query = sa.select(sessions).order_by(sessions.c.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(sessions.c.id < after)
    for name in _FILTERS:
        if (value := filters.get(name)) is not None:
            query = query.where(sessions.c[name] == value)
    rows = [_session(row) for row in (await conn.execute(query)).mappings()]
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


async def _one(conn: AsyncConnection, *where: sa.ColumnElement[bool], lock: bool = False) -> Session | None:
    query = sa.select(sessions).where(*where)
    row = (await conn.execute(query.with_for_update() if lock else query)).mappings().first()
    return None if row is None else _session(row)


def _row(session: Session) -> dict[str, Any]:
    facts = session.facts
    row: dict[str, Any] = {name: getattr(session, name) for name in _SAME}
    row |= {name: getattr(facts, name) for name in _SAME_FACTS}
    failure, resolution = facts.failure, facts.resolution
    row |= {
        "amount": facts.expected,
        "metadata": dict(session.metadata),
        "embed_origins": list(session.embed_origins),
        "options": dict(session.options),
        "public": dict(session.public),
        "terms": dict(facts.terms),
        "needs": facts.needs.value if facts.needs else None,
        "state": facts.state.value,
        "amount_received": facts.received,
        "amount_refunded": facts.refunded,
        "delivery": facts.delivery.value if facts.delivery else None,
        "last_failure": None if failure is None else [failure.code, failure.message, failure.retryable],
        "resolution": None if resolution is None else _resolution_row(resolution),
        "status": facts.status,
    }
    return row


def _resolution_row(resolution: Resolution) -> dict[str, Any]:
    received, refunded, delivery, state = resolution.basis
    return {
        "status": resolution.status,
        "note": resolution.note,
        "at": resolution.at.isoformat(),
        "basis": [
            received and str(received),
            refunded and str(refunded),
            delivery and delivery.value,
            state and state.value,
        ],
    }


def _resolution(row: dict[str, Any]) -> Resolution:
    received, refunded, delivery, state = row["basis"]
    basis = Basis(
        received and Money.parse(*received.split(" ")),
        refunded and Money.parse(*refunded.split(" ")),
        delivery and Delivery(delivery),
        state and State(state),
    )
    return Resolution(
        status=row["status"], note=row["note"], at=datetime.fromisoformat(row["at"]), basis=basis
    )


def _session(row: sa.RowMapping | dict[str, Any]) -> Session:
    facts = Facts(
        session_id=row["id"],
        expected=row["amount"],
        terms=row["terms"],
        needs=Need(row["needs"]) if row["needs"] else None,
        state=State(row["state"]),
        received=row["amount_received"],
        refunded=row["amount_refunded"],
        delivery=Delivery(row["delivery"]) if row["delivery"] else None,
        failure=Failure(*row["last_failure"]) if row["last_failure"] else None,
        resolution=_resolution(row["resolution"]) if row["resolution"] else None,
        **{name: row[name] for name in _SAME_FACTS},
    )
    return Session(
        facts=facts,
        metadata=row["metadata"],
        embed_origins=tuple(row["embed_origins"]),
        options=row["options"],
        public=row["public"],
        **{name: row[name] for name in _SAME},
    )


def from_rows(rows: Sequence[sa.RowMapping]) -> list[Session]:
    """For the queries of other store modules that return whole sessions."""
    return [_session(row) for row in rows]
