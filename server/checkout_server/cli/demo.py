"""`checkout-ui demo`: checkout, sandboxes and a store, three origins in one process."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from checkout_server import logs
from checkout_server.app import create_app
from checkout_server.assets import Assets, MissingAsset, folder
from checkout_server.cli.common import fail, settings_or_fail
from checkout_server.cli.listen import Listener, NotStarted, PortTaken, loopback_ports, run_all
from checkout_server.demo.accounts import currencies, provider_settings
from checkout_server.demo.store import StoreSettings, create_store
from checkout_server.providers import discover
from checkout_server.sandbox.app import create_sandbox
from checkout_server.sandbox.settings import SandboxSettings
from checkout_server.settings import DEMO_KEY, Settings

Engine = Literal["micropython", "pyodide", "pyscript"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Three ports are three origins, as in life."""

    port: int

    @property
    def checkout(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def sandbox(self) -> str:
        return f"http://localhost:{self.port + 1}"

    @property
    def store(self) -> str:
        return f"http://localhost:{self.port + 2}"


def demo(
    port: Annotated[
        int, typer.Option(min=1, max=65533, help="The checkout's port; the next two are the others'.")
    ] = 8000,
    engine: Annotated[Engine, typer.Option(help="The Python that runs in the browser.")] = "micropython",
    data: Annotated[
        Path | None,
        typer.Option(help="Keep the database in this folder. Without it, each demo starts afresh."),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every request.")] = False,
) -> None:
    """Start everything on this machine: a store, the checkout, and sandboxes in place of the providers.

    Example: checkout-ui demo --port 9000 --engine pyodide
    """
    logs.configure("console", "info" if verbose else "warning")
    _check_engine(engine)
    try:
        of_checkout, of_sandbox, of_store = loopback_ports(port, 3)
    except PortTaken as taken:
        fail(f"Port {taken.port} is in use. Choose three others: checkout-ui demo --port {port + 1000}")
    at = Addresses(port)
    settings = demo_settings(at, engine=engine, database=database_file(port, data))
    store = StoreSettings(
        checkout_url=at.checkout,
        api_key=DEMO_KEY,
        return_secrets=[secret.get_secret_value() for secret in settings.return_secrets],
        webhook_secrets=[secret.get_secret_value() for secret in settings.webhook_secrets],
        providers=_offered(settings),
        currencies=currencies(),
    )
    sandboxes = SandboxSettings(
        public_url=at.sandbox, checkout_url=at.checkout, merchant=settings.merchant_name
    )
    # The sandboxes stand before the checkout that calls them, the store comes last.
    listeners = [
        Listener(create_sandbox(sandboxes), of_sandbox),
        Listener(create_app(settings), of_checkout),
        Listener(create_store(store), of_store),
    ]
    try:
        asyncio.run(run_all(listeners, ready=lambda: _say_what_to_do(at), access_log=verbose))
    except NotStarted:
        fail("The demo could not start; the reason is above.")
    typer.echo("The demo has ended.")


def demo_settings(at: Addresses, *, engine: Engine, database: Path) -> Settings:
    """The demo's settings. What moves money, or tells of it, is the demo's own, whatever the environment says."""
    accounts = provider_settings(at.sandbox)
    return settings_or_fail(
        **{name: accounts.get(name) for name in discover()},
        database_url=f"sqlite:///{database}",
        public_url=at.checkout,
        api_keys=[DEMO_KEY],
        engine=engine,
        # Made anew for each run: the orders that they spoke for are forgotten as well.
        return_secrets=[secrets.token_urlsafe(32)],
        webhook_url=f"{at.store}/webhooks",
        webhook_secrets=["whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()],
        allow_sandbox=True,
        worker=True,
    )


def _offered(settings: Settings) -> Sequence[tuple[str, str]]:
    """The providers that a shopper can pay a price with; an approval is not a payment."""
    known = discover()
    return [(name, known[name].title) for name in settings.providers if known[name].kind == "payment"]


def _check_engine(engine: str) -> None:
    try:
        Assets([folder("static")]).engine(engine)
    except MissingAsset:
        fail(
            f"The engine {engine} was not built.",
            "From a clone: npm ci && node scripts/engines/build.mjs (or: make demo). An installed wheel has it.",
        )


def database_file(port: int, data: Path | None) -> Path:
    """One file for each port, so that two demos never share one. Call it when the port is ours."""
    home = data or _cache()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"The folder {home} cannot be made: {error.strerror}.")
    file = (home / f"demo-{port}.sqlite3").resolve()
    if data is None:
        # The sandboxes and the store forget everything at the end: sessions that outlive them lead nowhere.
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
    return file


def _cache() -> Path:
    if os.environ.get("XDG_CACHE_HOME"):
        return Path(os.environ["XDG_CACHE_HOME"]) / "checkout-ui"
    with suppress(RuntimeError):  # no home folder, as for some service users
        home = Path.home()
        caches = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
        if os.access(home, os.W_OK):
            return caches / "checkout-ui"
    return Path(tempfile.gettempdir()) / "checkout-ui"


def _say_what_to_do(at: Addresses) -> None:
    typer.echo(
        f"""
  Open  {at.store}

  1. Buy something: the store sends you to the checkout.
  2. Pay in the sandbox's window, which stands in for the provider.
  3. Back in the store, the order turns to "Paid" when the webhook has arrived.

  Pull the levers of the sandboxes   {at.sandbox}
  Talk to the API                    {at.checkout}/docs   key: {DEMO_KEY}

  Ctrl-C ends it.
"""
    )
