"""Fixtures for everyone: both databases, a clock that tests move, and a whole world in one process."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests import postgres
from tests.world import World


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: by `CHECKOUT_TEST_POSTGRES_URL`, installed here, else embedded binaries."""
    given = os.environ.get("CHECKOUT_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of its own for each test, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/checkout.sqlite3"
        return
    server = request.getfixturevalue("postgres_url")
    name = f"t_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Server, sandbox and merchant in this process, on each database; time stands still until a test moves it."""
    async with World.open(database_url) as opened:
        yield opened


@pytest.fixture
async def lite(tmp_path: Path) -> AsyncIterator[World]:
    """The same on SQLite only, for what has nothing to do with the database."""
    async with World.open(f"sqlite:///{tmp_path}/checkout.sqlite3") as opened:
        yield opened
