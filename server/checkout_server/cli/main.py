"""The commands put together."""

from __future__ import annotations

import typer

from checkout_server.cli import demo, doctor, reconcile, sandbox, serve, sessions

app = typer.Typer(
    name="checkout-ui",
    help="A checkout for crypto payment providers that a Python team can own. Begin with: checkout-ui demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a pretty trace prints local variables, secrets among them
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("migrate")(serve.migrate)
app.command("sandbox")(sandbox.sandbox)
app.command("doctor")(doctor.doctor)
sessions.app.command("reconcile")(reconcile.reconcile)
app.add_typer(sessions.app, name="sessions")
