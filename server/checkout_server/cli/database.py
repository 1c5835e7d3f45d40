"""Whether the configured database can be used, said in a sentence."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy.exc import SQLAlchemyError

from checkout_server.migrations import is_current
from checkout_server.settings import Settings
from checkout_server.store.database import Database


class Unusable(Exception):
    """The database does not answer. The text says why, without its address: that may hold a password."""


async def is_up_to_date(settings: Settings) -> bool:
    """False when its schema is not this version's. Raises `Unusable`."""
    database = Database(settings.database_url)
    check_file(database)
    try:
        return await is_current(database)
    except SQLAlchemyError as error:
        raise Unusable(f"the database does not answer ({type(error).__name__})") from error
    finally:
        await database.dispose()


def check_file(database: Database) -> None:
    """Opens a SQLite file once, without a thread. Raises `Unusable` for a missing folder or what is no database.

    A connection that fails leaves aiosqlite's thread behind, which then prints a trace when the loop has ended.
    """
    path = database.url.database
    if database.is_postgres or not path:
        return
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        raise Unusable(f"{path}: {error}") from error
