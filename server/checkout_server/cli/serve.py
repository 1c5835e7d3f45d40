"""`serve`, `worker` and `migrate`: the parts of a deployment."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import Annotated

import structlog
import typer
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from checkout_server import keep_alive, logs
from checkout_server.app import create_app
from checkout_server.cli import readiness
from checkout_server.cli.common import fail, settings_or_fail
from checkout_server.cli.database import Unusable, check_file, is_up_to_date
from checkout_server.context import Context
from checkout_server.migrations import upgrade
from checkout_server.settings import Settings
from checkout_server.store.database import Database
from checkout_server.worker import Worker

_log = structlog.get_logger(__name__)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    forwarded_allow_ips: Annotated[
        str, typer.Option(help="Reverse proxies whose X-Forwarded-* headers are believed.")
    ] = "127.0.0.1",
) -> None:
    """Serve the checkout, as set up by CHECKOUT_* variables or checkout.toml. Refuses what must not meet real money.

    Example: CHECKOUT_PUBLIC_URL=https://pay.shop.example checkout-ui serve --host 0.0.0.0
    """
    settings = _ready_settings()
    _check_database(settings)
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # the application logs each request, by route and with its id
        forwarded_allow_ips=forwarded_allow_ips,
        server_header=False,
        timeout_keep_alive=keep_alive.SERVER_S,
        timeout_graceful_shutdown=10,
        ws="none",
    )


def worker() -> None:
    """Run the jobs apart from `serve`, which then has CHECKOUT_WORKER=0: refreshes, webhooks, what a crash left over.

    Example: CHECKOUT_DATABASE_URL=postgresql://… checkout-ui worker
    """
    settings = _ready_settings()
    if settings.database_url.startswith("sqlite"):
        fail(
            "A worker of its own needs PostgreSQL: a SQLite file belongs to one process, and `serve` works there."
        )
    _check_database(settings)
    asyncio.run(_work(settings))


def migrate() -> None:
    """Bring the database to this version's schema. Safe to repeat; run it before the new version starts.

    Example: CHECKOUT_DATABASE_URL=postgresql://… checkout-ui migrate
    """
    settings = settings_or_fail()
    logs.configure("json", settings.log_level)
    asyncio.run(_migrate(settings))
    typer.echo("The database is up to date.")


def _ready_settings() -> Settings:
    settings = settings_or_fail()
    found = readiness.problems(settings)
    if found:
        fail("This cannot go live:", *(f"  {line}" for line in found))
    logs.configure("json", settings.log_level)
    return settings


def _check_database(settings: Settings) -> None:
    """Says in one line what would otherwise end the start with a trace. SQLite is brought up to date by the start."""
    try:
        current = asyncio.run(is_up_to_date(settings))
    except Unusable as error:
        fail(f"CHECKOUT_DATABASE_URL: {error}")
    if not current and not settings.database_url.startswith("sqlite"):
        fail("The database is not up to date: run `checkout-ui migrate` first.")


async def _migrate(settings: Settings) -> None:
    database = Database(settings.database_url)
    try:
        check_file(database)
        await upgrade(database)
    except Unusable as error:
        fail(f"CHECKOUT_DATABASE_URL: {error}")
    except SQLAlchemyError as error:
        _log.error("migrate.failed", exc_info=error)
        fail(f"The database could not be brought up to date ({type(error).__name__}); nothing was changed.")
    finally:
        await database.dispose()


async def _work(settings: Settings) -> None:
    ctx = Context.build(settings)
    await ctx.notifier.start()
    running = asyncio.create_task(Worker(ctx).run(), name="worker")
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    _log.info("worker.started", providers=sorted(ctx.providers))
    try:
        with suppress(asyncio.CancelledError):
            await running
    finally:
        await ctx.aclose()
    _log.info("worker.ended")
