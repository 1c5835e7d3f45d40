"""What the commands share: how they fail, and how they speak to people and to machines."""

from __future__ import annotations

import json
from typing import Annotated, Any, NoReturn

import typer

from checkout_server.settings import Settings, SettingsError, load_settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def fail(*lines: str) -> NoReturn:
    """Ends the command with status 1 and the reasons on standard error."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(1)


def settings_or_fail(**overrides: Any) -> Settings:
    try:
        return load_settings(**overrides)
    except SettingsError as error:
        fail("The settings cannot be used:", *(f"  {line}" for line in str(error).splitlines()))


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
