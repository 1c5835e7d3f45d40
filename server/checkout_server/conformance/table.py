"""The one table of cases, and how one is run."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from checkout_server.conformance import (
    amounts,
    creation,
    ends,
    refunds,
    signatures,
    tampering,
    trouble,
    webhooks,
)
from checkout_server.conformance.bench import Bench
from checkout_server.conformance.case import Broken, Case
from checkout_server.conformance.profile import Profile
from checkout_server.migrations import upgrade
from checkout_server.providers.base import Provider
from checkout_server.store.database import Database

THEMES = (creation, amounts, signatures, webhooks, tampering, trouble, ends, refunds)
# More than any case needs on a busy machine: a connection that stalls must not stall the suite.
_LIMIT = 120.0

CASES: dict[str, Case] = {
    f"{theme.__name__.rpartition('.')[2]}.{made.name}": made
    for theme in THEMES
    for found in vars(theme).values()
    for made in (found if isinstance(found, tuple) else (found,))
    if isinstance(made, Case)
}


def cases_for(provider: type[Provider[Any]], profile: Profile) -> dict[str, Case]:
    return {name: each for name, each in CASES.items() if each.concerns(provider, profile)}


def run(case: Case, profile: Profile, *, provider: type[Provider[Any]] | None = None) -> None:
    """Runs one case on a fresh bench. Raises `Broken`, or whatever else went wrong.

    `provider` stands in for the adapter that discovery finds under the profile's name.
    """
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        database = Path(folder) / "checkout.sqlite3"
        shutil.copy(Path(_migrated().name) / "checkout.sqlite3", database)
        # Kept from the terminal, and looked through afterwards.
        with capture_logs() as logs:
            asyncio.run(_run(case, profile, f"sqlite:///{database}", provider, logs))


async def _run(
    case: Case,
    profile: Profile,
    database_url: str,
    provider: type[Provider[Any]] | None,
    logs: Any,
) -> None:
    async with (
        asyncio.timeout(_LIMIT),
        Bench.open(profile, database_url, provider=provider, secret=case.secret) as bench,
    ):
        await case.run(bench)
        secrets, leaks = bench.secrets(), bench.leaks
    if bench.line.crashes:
        raise Broken(f"the sandbox has a bug: {'; '.join(bench.line.crashes)}")
    if leaks:
        raise Broken(f"what leaves the adapter is not of the contract: {'; '.join(leaks)}")
    for entry in logs:
        if entry["event"] in ("worker.failed", "worker.job_failed"):
            raise Broken(f"the worker met an error that it does not know: {entry}")
        if any(secret in str(entry) for secret in secrets):
            raise Broken(f"a secret is in the log: {entry['event']}")


@cache
def _migrated() -> tempfile.TemporaryDirectory[str]:
    """A migrated database to copy: migrating each would cost most of the time. Gone when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="conformance-")

    async def migrate() -> None:
        database = Database(f"sqlite:///{folder.name}/checkout.sqlite3")
        await upgrade(database)
        await database.dispose()

    asyncio.run(migrate())
    return folder
