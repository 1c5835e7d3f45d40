"""The schema: what migrations make is what the code expects, and what goes in comes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from checkout_server.app import NotMigrated, create_app
from checkout_server.context import Context
from checkout_server.migrations import is_current, upgrade
from checkout_server.money import EXPONENTS, Money
from checkout_server.store import assets
from checkout_server.store.database import Database
from checkout_server.store.tables import Amount, Instant, metadata
from checkout_server.store.tables import assets as asset_rows
from tests.world import World, settings_for


def _differences(connection: sa.Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_migrations_make_what_the_code_expects(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert not await is_current(database)
    await upgrade(database)
    assert await is_current(database)
    async with database.read() as conn:
        assert await conn.run_sync(_differences) == []
    await upgrade(database)
    assert await is_current(database)
    await database.dispose()


async def test_sqlite_is_brought_up_to_date_and_postgresql_asks_for_it(empty_database_url: str) -> None:
    settings = settings_for(empty_database_url)
    ctx = Context.build(settings)
    app = create_app(settings, context=ctx)
    if ctx.database.is_postgres:
        with pytest.raises(NotMigrated):
            async with app.router.lifespan_context(app):
                pass
        await ctx.aclose()
        return
    async with app.router.lifespan_context(app):
        assert await is_current(ctx.database)


async def test_two_processes_start_at_once_on_one_database(database_url: str) -> None:
    """Each writes what it finds missing; neither may fail because the other was faster."""
    async with World.open(database_url) as world, world.ctx.database.write() as tx:
        await tx.execute(asset_rows.delete())
    async with World.open(database_url) as one, World.open(database_url) as other:
        assert await one.count(asset_rows) == await other.count(asset_rows) > 0


_MOMENTS = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 21, 10, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 11, 21, 10, 0, 0, 999_999, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]
_MONEY = [
    Money(units, currency)
    for currency in ("USD", "JPY", "KWD", "BTC", "ETH", "CRO")
    for units in (0, 1, 10**35)
]


async def test_times_and_amounts_survive_exactly(database_url: str) -> None:
    table = sa.Table("kept", sa.MetaData(), sa.Column("at", Instant), sa.Column("money", Amount))
    database = Database(database_url)
    pairs = [*((at, None) for at in _MOMENTS), *((None, money) for money in _MONEY)]
    async with database.write() as tx:
        await tx.conn.run_sync(table.create)
        for at, money in pairs:
            await tx.execute(table.insert().values(at=at, money=money))
    async with database.read() as conn:
        found = [tuple(row) for row in await conn.execute(sa.select(table))]
        ordered = (
            await conn.execute(sa.select(table.c.at).where(table.c.at.is_not(None)).order_by("at"))
        ).scalars()
        assert list(ordered) == sorted(_MOMENTS)
    assert found == pairs
    await database.dispose()


def test_every_currency_survives_as_text() -> None:
    kind = Amount()
    dialect = sa.create_engine("sqlite://").dialect
    for currency in EXPONENTS:
        money = Money(123_456_789, currency)
        stored = kind.process_bind_param(money, dialect)
        assert stored is not None
        assert "e" not in stored.partition(" ")[0]
        assert kind.process_result_value(stored, dialect) == money


async def test_files_of_earlier_deploys_are_kept_for_a_month(world: World) -> None:
    now = world.clock()
    async with world.ctx.database.write() as tx:
        await assets.keep(tx, [("old-1.js", "text/javascript", b"old")], now)
    assert (await world.http.get("/static/old-1.js")).content == b"old"
    assert "immutable" in (await world.http.get("/static/old-1.js")).headers["cache-control"]
    later = now + assets.KEEP - timedelta(seconds=1)
    async with world.ctx.database.write() as tx:
        await assets.keep(tx, [("new-2.js", "text/javascript", b"new")], later)
    assert (await world.http.get("/static/old-1.js")).status_code == 200
    async with world.ctx.database.write() as tx:
        await assets.keep(tx, [("new-2.js", "text/javascript", b"new")], later + timedelta(seconds=2))
    assert (await world.http.get("/static/old-1.js")).status_code == 404
    assert (await world.http.get("/static/new-2.js")).content == b"new"


async def test_a_write_that_fails_leaves_nothing_and_wakes_nobody(world: World) -> None:
    told: list[set[str]] = []
    world.ctx.database.listeners.append(told.append)

    async def fails() -> None:
        async with world.ctx.database.write() as tx:
            await assets.keep(tx, [("lost.js", "text/javascript", b"x")], world.clock())
            tx.touched.add("topic")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        await fails()
    assert told == []
    assert (await world.http.get("/static/lost.js")).status_code == 404


async def test_a_row_that_is_there_already(world: World) -> None:
    row = {"name": "a", "media_type": "t", "content": b"", "seen_at": world.clock()}
    async with world.ctx.database.write() as tx:
        assert await tx.insert_new(asset_rows, row)
        assert not await tx.insert_new(asset_rows, row)
