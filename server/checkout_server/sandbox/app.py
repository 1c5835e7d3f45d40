"""All sandboxes as one application: each provider under its name, the levers under `/_control/`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from checkout_server.plugins import packages, part
from checkout_server.sandbox.base import Sandbox
from checkout_server.sandbox.console import ConsolePage
from checkout_server.sandbox.control import Control
from checkout_server.sandbox.faults import ApplyFaults
from checkout_server.sandbox.log import LogRequests
from checkout_server.sandbox.pages import STATIC
from checkout_server.sandbox.settings import SandboxSettings


def discover() -> list[type[Sandbox]]:
    """The `SANDBOX` of every module of this package, and of every provider's package, that has one."""
    package = importlib.import_module("checkout_server.sandbox")
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    ]
    modules += [module for each in packages() if (module := part(each, "sandbox"))]
    found = (getattr(module, "SANDBOX", None) for module in modules)
    return sorted((each for each in found if each is not None), key=lambda each: each.name)


def create_sandbox(
    settings: SandboxSettings | None = None, *, sandboxes: Sequence[type[Sandbox]] | None = None
) -> Starlette:
    """The application. `sandboxes` replaces what is found, for tests that break one on purpose.

    `app.state.sandboxes` maps names to the running `Sandbox` objects.
    """
    settings = settings or SandboxSettings()
    running = {each.name: each(settings) for each in (discover() if sandboxes is None else sandboxes)}
    console = ConsolePage(running)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        for sandbox in running.values():
            await sandbox.deliveries.aclose()

    app = Starlette(
        routes=[
            Route("/", console.show, name="console"),
            Route("/_control/", console.show),
            Mount("/_static", StaticFiles(directory=STATIC)),
            *Control(running, console.render).routes(),
            *(_mount(sandbox, settings) for sandbox in running.values()),
        ],
        lifespan=lifespan,
    )
    app.state.sandboxes = running
    return app


def _mount(sandbox: Sandbox, settings: SandboxSettings) -> Mount:
    return Mount(
        f"/{sandbox.name}",
        routes=sandbox.routes(),
        middleware=[
            # Outermost, so that a browser may read errors, too: a component runs on the merchant's origin.
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type"],
            ),
            Middleware(LogRequests, log=sandbox.log),
            Middleware(
                ApplyFaults,
                book=sandbox.faults,
                sleep=settings.sleep,
                surface_of=sandbox.surface_of,
                answer=sandbox.failure,
            ),
        ],
    )
