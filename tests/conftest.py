"""Fixtures for everyone: both databases, a clock that tests move, and a whole world in one process."""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from checkout_server.migrations import upgrade
from checkout_server.store.database import Database
from tests import postgres
from tests.world import World

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(scope="session", autouse=True)
def _quiet_traces() -> None:
    """Rich traces draw every local variable: a second for each error that a test provokes on purpose."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: by `CHECKOUT_TEST_POSTGRES_URL`, installed here, else embedded binaries."""
    given = os.environ.get("CHECKOUT_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with postgres.server() as url:
        yield url


@contextmanager
def _postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    name = f"t_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def _migrate(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await database.dispose()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[str]:
    """The name of a migrated database that others are copied from: migrating each would cost most of the time."""
    with _postgres_database(postgres_url) as url:
        asyncio.run(_migrate(url))
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("migrated") / "checkout.sqlite3"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


_BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=_BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of its own for each test, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "checkout.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("migrated_postgres")
    with _postgres_database(request.getfixturevalue("postgres_url"), template) as url:
        yield url


@pytest.fixture(params=_BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same without any table, for tests of migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/checkout.sqlite3"
        return
    with _postgres_database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Server, sandbox and merchant in this process, on each database; time stands still until a test moves it."""
    async with World.open(database_url) as opened:
        yield opened


@pytest.fixture
def lite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """A migrated SQLite file, for tests that open a world with settings of their own."""
    path = tmp_path / "checkout.sqlite3"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def lite(lite_url: str) -> AsyncIterator[World]:
    """A world on SQLite only, for what has nothing to do with the database."""
    async with World.open(lite_url) as opened:
        yield opened
