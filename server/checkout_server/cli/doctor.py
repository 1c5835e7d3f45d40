"""`checkout-ui doctor`: is this deployment well, and what must be registered elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

import httpx
import typer

from checkout_server.assets import Assets, MissingAsset, folder
from checkout_server.cli import readiness
from checkout_server.cli.common import JsonOption, print_json, settings_or_fail
from checkout_server.cli.database import Unusable, is_up_to_date
from checkout_server.providers import discover
from checkout_server.settings import Settings

Result = Literal["ok", "advice", "problem", "to do"]
# Signatures of webhooks hold for five minutes; a clock that is off by less than half of that does no harm.
MAX_SKEW = timedelta(minutes=2)
_TIMEOUT = httpx.Timeout(10.0)


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` was looked at, and what there is to say of it."""

    result: Result
    what: str
    text: str


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Do not call the providers.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check settings, database, engines, providers and clock, and say what to register at each provider.

    Example: checkout-ui doctor --json
    """
    findings = asyncio.run(examine(settings_or_fail(), call_providers=not offline))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{finding.result:<8}  {finding.what:<18}  {finding.text}")
    if any(finding.result == "problem" for finding in findings):
        raise typer.Exit(1)


async def examine(
    settings: Settings,
    *,
    call_providers: bool = True,
    transport: httpx.AsyncBaseTransport | None = None,
    now: datetime | None = None,
) -> list[Finding]:
    """Everything at once. `transport` and `now` are for tests."""
    findings = [*_settings(settings), *_engine(settings)]
    findings += [finding async for finding in _database(settings)]
    if call_providers:
        async with httpx.AsyncClient(transport=transport, timeout=_TIMEOUT, trust_env=False) as client:
            for name, own in settings.providers.items():
                findings += [finding async for finding in _provider(client, name, own.base_url, now)]
    return [*findings, *_to_register(settings)]


def _settings(settings: Settings) -> Iterator[Finding]:
    problems, advice = readiness.problems(settings), readiness.advice(settings)
    for line in problems:
        yield Finding("problem", "settings", line)
    for line in advice:
        yield Finding("advice", "settings", line)
    for name in readiness.sandboxes(settings):
        yield Finding("advice", "settings", f"{name} is a sandbox: no real money moves, every page says TEST")
    if not problems:
        yield Finding("ok", "settings", "ready to serve")


def _engine(settings: Settings) -> Iterator[Finding]:
    try:
        path = Assets([folder("static")]).engine(settings.engine)
    except MissingAsset:
        text = f"{settings.engine} was not built: pages work, but plainer; from a clone: make demo"
        yield Finding("problem", "engine", text)
    else:
        yield Finding("ok", "engine", path)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    sqlite = settings.database_url.startswith("sqlite")
    kind = "SQLite" if sqlite else "PostgreSQL"
    try:
        current = await is_up_to_date(settings)
    except Unusable as error:
        yield Finding("problem", "database", f"{kind}: {error}")
        return
    if current:
        yield Finding("ok", "database", f"{kind}, up to date")
    elif sqlite:
        yield Finding("advice", "database", "SQLite, not up to date yet: serve will do it at its start")
    else:
        yield Finding("problem", "database", "not up to date: run checkout-ui migrate")


async def _provider(
    client: httpx.AsyncClient, name: str, base_url: str, now: datetime | None
) -> AsyncIterator[Finding]:
    """Any answer will do: without a path and a key it is an error, but one from the provider."""
    try:
        response = await client.get(base_url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        yield Finding("problem", name, f"cannot be reached at {base_url} ({type(error).__name__})")
        return
    yield Finding("ok", name, f"answers at {base_url}")
    skew = _skew(response.headers.get("date"), now or datetime.now(UTC))
    if skew is not None and abs(skew) > MAX_SKEW:
        text = (
            f"this clock and {name}'s are {abs(skew).total_seconds():.0f} s apart: webhooks will be refused"
        )
        yield Finding("problem", "clock", text)
    elif skew is not None:
        yield Finding("ok", "clock", f"agrees with {name}'s")


def _skew(date: str | None, now: datetime) -> timedelta | None:
    try:
        theirs = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    return now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))


def _to_register(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.public_url)
    for name in settings.providers:
        if discover()[name].webhooks:
            yield Finding("to do", name, f"register the webhook {settings.public_url}/webhooks/{name}")
        yield Finding(
            "to do", name, f"allow the origin {parts.scheme}://{parts.netloc}, if it asks for origins"
        )
