"""`checkout-ui sandbox`: the providers' stand-ins alone."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from checkout_server import logs
from checkout_server.cli.common import fail
from checkout_server.cli.listen import Listener, NotStarted, PortTaken, loopback_sockets, run_all
from checkout_server.demo.accounts import provider_settings
from checkout_server.sandbox.app import create_sandbox
from checkout_server.sandbox.settings import SandboxSettings


def sandbox(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8001,
    checkout_url: Annotated[
        str, typer.Option(help="The checkout that is told of payments; its /webhooks/<provider> is called.")
    ] = "http://localhost:8000",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every request.")] = False,
) -> None:
    """Start stand-ins for all providers, on this machine only.

    Example: checkout-ui sandbox --port 8001 --checkout-url http://localhost:8000
    """
    logs.configure("console", "info" if verbose else "warning")
    try:
        sockets = loopback_sockets(port)
    except PortTaken:
        fail(f"Port {port} is in use. Choose another: checkout-ui sandbox --port {port + 1000}")
    url = f"http://localhost:{port}"
    app = create_sandbox(SandboxSettings(public_url=url, checkout_url=checkout_url))
    try:
        asyncio.run(run_all([Listener(app, sockets)], ready=lambda: _say(url), access_log=verbose))
    except NotStarted:
        fail("The sandboxes could not start; the reason is above.")


def _say(url: str) -> None:
    typer.echo(f"\n  The sandboxes and their levers: {url}\n\n  A checkout uses them with:\n")
    for name, settings in provider_settings(url).items():
        for field, value in settings.items():
            typer.echo(f"    CHECKOUT_{name.upper()}__{field.upper()}={value}")
    typer.echo("    CHECKOUT_ALLOW_SANDBOX=1\n\n  Ctrl-C ends it.\n")
