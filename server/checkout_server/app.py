"""`create_app(settings)`: what is mounted where, and what lives as long as the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import structlog
from fastapi import FastAPI

from checkout_server import __version__, glue, plugins
from checkout_server.api import (
    checkout,
    embedding,
    events,
    health,
    merchant,
    problems,
    reference,
    reports,
    static,
    webhooks,
    webview,
)
from checkout_server.api.limits import Limiter
from checkout_server.api.middleware import Limited, Observed, Prefixed
from checkout_server.api.presence import Presence
from checkout_server.assets import Assets, folder
from checkout_server.context import Context
from checkout_server.migrations import is_current, upgrade
from checkout_server.notify import end
from checkout_server.pages import Pages, Site
from checkout_server.settings import Settings
from checkout_server.store import assets as kept
from checkout_server.store import jobs
from checkout_server.theme import Theme
from checkout_server.worker import Worker

_log = structlog.get_logger(__name__)


class NotMigrated(RuntimeError):
    """The PostgreSQL database is not at this version's schema. Several processes share it, so none of them changes it at start."""


def create_app(settings: Settings, *, context: Context | None = None) -> FastAPI:
    """The whole server as one ASGI app. `context` is for tests, which bring their own clock and transports."""
    ctx = context or Context.build(settings)
    app = FastAPI(
        title="checkout-ui",
        version=__version__,
        summary="Checkout sessions for crypto payment providers.",
        lifespan=_lifespan,
        docs_url=None,  # ours: api/reference.py
        redoc_url=None,
        servers=[{"url": settings.public_url}],
        root_path_in_servers=False,
    )
    assets = Assets([folder("static")])
    for brought in plugins.folders("static"):
        assets.bring(brought)
    assets.add("glue.json", _page_python(settings.engine, tuple(settings.hooks)))
    app.state.context = ctx
    app.state.assets = assets
    app.state.pages = Pages(_site(settings, assets), assets)
    app.state.presence = Presence()
    app.state.nudges = Limiter(burst=20, per_second=1)
    app.state.reports = Limiter(burst=100, per_second=1)
    app.state.selftests = Limiter(burst=20, per_second=1)
    app.state.streams = set()
    for module in (
        merchant,
        checkout,
        events,
        embedding,
        webview,
        webhooks,
        health,
        static,
        reports,
        reference,
    ):
        app.include_router(module.router)
    problems.install(app, checkout.error_page)
    app.add_middleware(Limited)
    app.add_middleware(Observed)
    if settings.prefix:
        app.add_middleware(Prefixed, prefix=settings.prefix)
    return app


@cache
def _page_python(engine: str, hooks: tuple[Path, ...]) -> bytes:
    """The same for every app of a process: the files it is made of do not change under it."""
    return glue.bundle({file.name: file.read_text("utf-8") for file in hooks}, engine=engine)


def _site(settings: Settings, assets: Assets) -> Site:
    logo = None
    if settings.merchant_logo is not None:
        file = settings.merchant_logo
        asset = assets.add(f"logo{file.suffix.lower()}", file.read_bytes())
        logo = f"{settings.prefix}/static/{asset.hashed_name}"
    return Site(
        merchant=settings.merchant_name,
        contact=settings.merchant_contact,
        theme=Theme(accent=settings.accent, logo_url=logo),
        prefix=settings.prefix,
        engine=settings.engine,
        test=settings.allow_sandbox,
        hooks=tuple(file.stem for file in settings.hooks),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    ctx: Context = app.state.context
    await _prepare(ctx, app.state.assets)
    for correction in app.state.pages.corrections:
        _log.info("theme.corrected", what=correction)
    await ctx.notifier.start()
    worker = asyncio.create_task(Worker(ctx).run(), name="worker") if ctx.settings.worker else None
    try:
        yield
    finally:
        if worker is not None:
            await end(worker)
        await ctx.aclose()


async def _prepare(ctx: Context, assets: Assets) -> None:
    """SQLite is brought up to date here, for nobody shares it. PostgreSQL waits for `checkout-ui migrate`."""
    if not ctx.database.is_postgres:
        await upgrade(ctx.database)
    elif not await is_current(ctx.database):
        raise NotMigrated("The database is not up to date: run `checkout-ui migrate` first.")
    async with ctx.database.write() as tx:
        if not ctx.database.is_postgres:
            await jobs.forget_leases(tx, ctx.clock())
        files = [(asset.hashed_name, asset.media_type, asset.content) for asset in assets]
        await kept.keep(tx, files, ctx.clock())
