"""The database's history. `upgrade` brings any database to the schema of this version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from checkout_server.store.database import Database
from checkout_server.store.tables import metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


async def upgrade(database: Database) -> None:
    """Applies what is missing, in one transaction; nothing happens on a database that is up to date."""
    async with database.write() as tx:
        await tx.conn.run_sync(lambda connection: command.upgrade(_config(connection), "head"))


async def is_current(database: Database) -> bool:
    """False when the code and the database disagree: run `checkout-ui migrate`."""
    async with database.read() as conn:
        have = await conn.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
    return have == ScriptDirectory.from_config(_config()).get_current_head()
