"""The doctor's findings, with providers replaced by a function."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from checkout_server.cli.doctor import Finding, examine
from checkout_server.migrations import upgrade
from checkout_server.settings import load_settings
from checkout_server.store.database import Database
from tests.cli.test_readiness import LIVE

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


async def findings(tmp_path: Path, answer: httpx.Response | Exception, **changes: Any) -> list[Finding]:
    settings = load_settings(**{**LIVE, "database_url": f"sqlite:///{tmp_path}/db", **changes})

    def provider(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        if isinstance(answer, Exception):
            raise answer
        return answer

    return await examine(settings, transport=httpx.MockTransport(provider), now=NOW)


def of(found: list[Finding], what: str) -> list[tuple[str, str]]:
    return [(finding.result, finding.text) for finding in found if finding.what == what]


def dated(offset: timedelta) -> httpx.Response:
    return httpx.Response(404, headers={"date": format_datetime(NOW + offset, usegmt=True)})


async def test_a_deployment_that_is_well(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/db")
    await upgrade(database)
    await database.dispose()
    found = await findings(tmp_path, dated(timedelta(seconds=1)))
    assert {finding.result for finding in found} == {"ok", "to do"}
    assert of(found, "database") == [("ok", "SQLite, up to date")]
    assert of(found, "clock") == [("ok", "agrees with crypto_com's")]


async def test_what_to_register_is_said_in_full(tmp_path: Path) -> None:
    found = await findings(tmp_path, dated(timedelta()), public_url="https://pay.shop.example/sub")
    to_do = [text for result, text in of(found, "crypto_com") if result == "to do"]
    assert "https://pay.shop.example/sub/webhooks/crypto_com" in to_do[0]
    assert "https://pay.shop.example," in to_do[1]


@pytest.mark.parametrize("minutes", [-3, 3])
async def test_a_clock_that_is_off_is_a_problem(tmp_path: Path, minutes: int) -> None:
    found = await findings(tmp_path, dated(timedelta(minutes=minutes)))
    ((result, text),) = of(found, "clock")
    assert (result, "180 s" in text) == ("problem", True)


@pytest.mark.parametrize("headers", [{}, {"date": "soon"}])
async def test_no_date_is_no_finding(tmp_path: Path, headers: dict[str, str]) -> None:
    assert of(await findings(tmp_path, httpx.Response(401, headers=headers)), "clock") == []


async def test_a_provider_that_is_away_is_a_problem(tmp_path: Path) -> None:
    found = await findings(tmp_path, httpx.ConnectError("refused"))
    assert of(found, "crypto_com")[0][0] == "problem"


async def test_a_database_that_is_away_is_a_problem(tmp_path: Path) -> None:
    found = await findings(tmp_path, dated(timedelta()), database_url=f"sqlite:///{tmp_path}/no/such/db")
    assert of(found, "database")[0][0] == "problem"


async def test_a_fresh_sqlite_file_is_only_noted(tmp_path: Path) -> None:
    found = await findings(tmp_path, dated(timedelta()))
    assert of(found, "database")[0][0] == "advice"


async def test_sandboxes_and_bad_settings_are_told(tmp_path: Path) -> None:
    sandbox = {**LIVE["crypto_com"], "base_url": "http://localhost:1/api"}
    found = await findings(tmp_path, dated(timedelta()), crypto_com=sandbox, api_keys=[])
    results = of(found, "settings")
    assert [result for result, _ in results] == ["problem", "problem", "advice"]
    assert "TEST" in results[2][1]


async def test_nothing_secret_is_told(tmp_path: Path) -> None:
    text = str(await findings(tmp_path, dated(timedelta())))
    for secret in (LIVE["api_keys"][0], LIVE["return_secrets"][0], "sk_live_abc", "signature-secret"):
        assert secret not in text
