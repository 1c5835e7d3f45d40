"""One engine for SQLite and PostgreSQL, and the two kinds of transaction: reading and writing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

CHANNEL = "checkout"
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}

# Called with what changed, after the commit: session ids, and "work" when a job became due.
Listener = Callable[[set[str]], None]


@dataclass(slots=True)
class Transaction:
    """A write under way. What is `touched` wakes its watchers once the commit is through, never before."""

    conn: AsyncConnection
    touched: set[str] = field(default_factory=set)

    async def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        return await self.conn.execute(statement, parameters)

    async def alone_with(self, name: str) -> None:
        """Until the commit, nobody else is alone with the same name. SQLite has one writer anyway."""
        if self.conn.dialect.name == "postgresql":
            key = sa.func.hashtextextended(name, 0)
            await self.conn.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    async def insert_new(self, table: sa.Table, row: Mapping[str, Any]) -> bool:
        """False when a row with one of its unique keys is there already, also one that is being written just now."""
        insert = postgresql.insert if self.conn.dialect.name == "postgresql" else sqlite.insert
        statement = insert(table).values(dict(row)).on_conflict_do_nothing().returning(*table.primary_key)
        return (await self.conn.execute(statement)).first() is not None


class Database:
    """`postgresql://…` or `sqlite:///file`. Raises SQLAlchemy's errors; a caller that must retry conflicts says so."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.url = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
        self.is_postgres = self.url.drivername.startswith("postgresql")
        # Parameters are hidden: a trace that prints them prints the shopper's token.
        if self.is_postgres:
            self.engine = create_async_engine(
                self.url, pool_pre_ping=True, pool_size=10, hide_parameters=True
            )
        else:
            self.engine = create_async_engine(self.url, hide_parameters=True)
            _prepare_sqlite(self.engine.sync_engine)
        self.listeners: list[Listener] = []

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as conn:
            yield conn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Commits at the end, rolls back on any error, then tells the listeners."""
        async with self.engine.connect() as conn:
            if not self.is_postgres:
                await conn.execution_options(checkout_write=True)
            async with conn.begin():
                transaction = Transaction(conn)
                yield transaction
                if self.is_postgres:
                    for topic in sorted(transaction.touched):
                        await conn.execute(sa.select(sa.func.pg_notify(CHANNEL, topic)))
        if transaction.touched:
            for listener in self.listeners:
                listener(transaction.touched)

    async def dispose(self) -> None:
        await self.engine.dispose()


def _prepare_sqlite(engine: sa.Engine) -> None:
    """WAL for readers beside the writer, and transactions that begin when we say so.

    A write begins IMMEDIATE: two of them queue up at the start, where waiting is safe, instead of failing
    half-way when a read lock cannot be raised.
    """

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("checkout_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
