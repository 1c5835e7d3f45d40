"""The commands as they are typed: what they refuse, and that each one's help shows how it is used."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner

from checkout_server.cli import app
from checkout_server.cli.listen import close, loopback_sockets
from checkout_server.settings import DEMO_KEY
from tests.ports import free_ports

runner = CliRunner()
WIDE = {"COLUMNS": "200", "TERM": "dumb"}
ROOT = typer.main.get_command(app)


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    children = getattr(command, "commands", None)
    if children is None:
        return [path]
    return [leaf for name, child in children.items() for leaf in leaves(child, (*path, name))]


COMMANDS = leaves(ROOT)
READY = {
    "CHECKOUT_API_KEYS": "0123456789abcdef0123456789abcdef",
    "CHECKOUT_RETURN_SECRETS": "secret",
    "CHECKOUT_CRYPTO_COM__SECRET_KEY": "sk_live_x",
    "CHECKOUT_CRYPTO_COM__WEBHOOK_SECRET": "secret",
}


def test_the_commands_are_those_of_the_design() -> None:
    top = {path[0] for path in COMMANDS}
    assert top == {"demo", "serve", "worker", "migrate", "sandbox", "sessions", "doctor"}
    assert {path[1] for path in COMMANDS if path[0] == "sessions"} == {
        "list",
        "show",
        "refresh",
        "cancel",
        "refund",
        "resolve",
        "resolve-refund",
        "deliver",
        "purge",
        "reconcile",
    }


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_each_help_shows_an_example_of_itself(path: tuple[str, ...]) -> None:
    shown = runner.invoke(app, [*path, "--help"], env=WIDE)
    assert shown.exit_code == 0
    assert "Example:" in shown.output
    assert f"checkout-ui {' '.join(path)}" in shown.output.split("Example:")[1]


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_bare_machine_is_told_everything_at_once(command: str) -> None:
    refused = runner.invoke(app, [command])
    assert refused.exit_code == 1
    for name in ("CHECKOUT_API_KEYS", "CHECKOUT_RETURN_SECRETS", "No provider is configured"):
        assert name in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serve_refuses_the_demo_s_key_and_sandboxes() -> None:
    env = {
        "CHECKOUT_API_KEYS": DEMO_KEY,
        "CHECKOUT_RETURN_SECRETS": "secret",
        "CHECKOUT_CRYPTO_COM__SECRET_KEY": "sk_test_demo",
        "CHECKOUT_CRYPTO_COM__WEBHOOK_SECRET": "not-to-be-shown",
        "CHECKOUT_CRYPTO_COM__BASE_URL": "http://localhost:8001/crypto_com/api",
    }
    refused = runner.invoke(app, ["serve"], env=env)
    assert refused.exit_code == 1
    assert "demo's key" in refused.stderr
    assert "CHECKOUT_CRYPTO_COM__BASE_URL" in refused.stderr
    assert "not-to-be-shown" not in refused.stderr


def test_settings_that_do_not_parse_are_named_without_their_value() -> None:
    refused = runner.invoke(app, ["serve"], env={"CHECKOUT_PUBLIC_URL": "pay.secret.example"})
    assert refused.exit_code == 1
    assert "CHECKOUT_PUBLIC_URL" in refused.stderr
    assert "secret" not in refused.stderr


def test_a_worker_needs_postgres() -> None:
    refused = runner.invoke(app, ["worker"], env=READY)
    assert refused.exit_code == 1
    assert "PostgreSQL" in refused.stderr


def test_migrate_makes_the_database_and_may_be_repeated(tmp_path: Path) -> None:
    env = {"CHECKOUT_DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    for _ in range(2):
        done = runner.invoke(app, ["migrate"], env=env)
        assert (done.exit_code, "up to date" in done.output) == (0, True)
    checked = runner.invoke(app, ["doctor", "--offline", "--json"], env=env)
    found = {finding["what"]: finding["result"] for finding in json.loads(checked.stdout)}
    assert found["database"] == "ok"
    assert checked.exit_code == 1  # the settings of a bare machine are a problem


@pytest.mark.parametrize("command", ["migrate", "serve"])
@pytest.mark.parametrize("file", ["no/such/folder/db", "README"])
def test_a_database_that_is_none_is_said_in_one_line(tmp_path: Path, command: str, file: str) -> None:
    (tmp_path / "README").write_text("This is not a database. " * 100)
    env = {**READY, "CHECKOUT_DATABASE_URL": f"sqlite:///{tmp_path}/{file}"}
    done = runner.invoke(app, [command], env=env)
    assert done.exit_code == 1
    assert done.stderr.startswith("CHECKOUT_DATABASE_URL: ")
    assert done.stderr.count("\n") == 1


def test_a_database_that_is_away_is_told_without_its_password() -> None:
    env = {**READY, "CHECKOUT_DATABASE_URL": "postgresql://shop:pa55word@127.0.0.1:1/db"}
    done = runner.invoke(app, ["serve"], env=env)
    assert done.exit_code == 1
    assert "does not answer" in done.stderr
    assert "pa55word" not in done.stderr


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_a_port_in_use_is_said_in_one_line(command: str, tmp_path: Path) -> None:
    port = free_ports(1)
    sockets = loopback_sockets(port)
    try:
        data = ["--data", str(tmp_path)] if command == "demo" else []
        refused = runner.invoke(app, [command, "--port", str(port), *data])
    finally:
        close(sockets)
    assert refused.exit_code == 1
    assert f"Port {port} is in use" in refused.stderr
    assert f"--port {port + 1000}" in refused.stderr
    assert list(tmp_path.iterdir()) == []  # nobody's database was touched
