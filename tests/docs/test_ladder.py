"""docs/ladder.md is what a run of the whole ladder writes, and nothing less than a whole run writes it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from pathlib import Path
from typing import Literal

import pytest

from e2e.ladder import CELLS, HOMES, PROPERTY, RUNGS, Table, render

DOCS = Path(__file__).parents[2] / "docs"
KEYS = [cell.key for cell in CELLS]
When = Literal["setup", "call", "teardown"]


def test_the_committed_table_is_of_a_run_without_a_failure() -> None:
    assert (DOCS / "ladder.md").read_text("utf-8") == render()


def test_every_home_stands_on_every_rung() -> None:
    assert sorted(KEYS) == sorted(f"{home}-{rung}" for home, rung in product(HOMES, RUNGS))


def test_every_home_is_paid_on_the_providers_page_and_in_its_window_where_there_are_windows() -> None:
    for home in HOMES:
        ways = {cell.way for cell in CELLS if cell.home == home}
        assert "provider" in ways, home
        assert ("window" in ways) == (home != "webview"), home


def test_a_whole_run_is_written_down(tmp_path: Path) -> None:
    assert _written(tmp_path, KEYS) == render()


@pytest.mark.parametrize("when", ["setup", "call", "teardown"])
def test_a_failure_is_written_down(tmp_path: Path, when: When) -> None:
    text = _written(tmp_path, KEYS, ("modal-no_push", when, "failed"))

    assert text == render(frozenset({"modal-no_push"})) != render()
    assert text is not None
    row = next(line for line in text.splitlines() if line.startswith("| push blocked |"))
    failed = [text.strip() == "**failed**" for text in row.strip("|").split("|")[1:]]
    assert failed == [home == "modal" for home in HOMES]


def test_a_part_of_a_run_writes_nothing(tmp_path: Path) -> None:
    assert _written(tmp_path, KEYS[1:]) is None


def test_a_cell_that_was_skipped_did_not_run(tmp_path: Path) -> None:
    assert _written(tmp_path, KEYS, ("webview-pyodide", "setup", "skipped")) is None


def test_other_tests_are_none_of_its_business(tmp_path: Path) -> None:
    table = Table(tmp_path / "ladder.md")
    table.pytest_runtest_logreport(_report([("another", KEYS[0])], "teardown", "passed"))
    table.pytest_sessionfinish()
    assert not (tmp_path / "ladder.md").exists()


def _written(
    folder: Path, keys: Collection[str], but: tuple[str, When, Literal["failed", "skipped"]] | None = None
) -> str | None:
    """What a run of these cells leaves, all of whose reports pass `but` one."""
    path = folder / "ladder.md"
    table = Table(path)
    whens: list[When] = ["setup", "call", "teardown"]
    for key, when in product(keys, whens):
        outcome = but[2] if but and but[:2] == (key, when) else "passed"
        table.pytest_runtest_logreport(_report([(PROPERTY, key)], when, outcome))
    table.pytest_sessionfinish()
    return path.read_text("utf-8") if path.exists() else None


def _report(
    properties: list[tuple[str, object]], when: When, outcome: Literal["passed", "failed", "skipped"]
) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid="e2e/test_ladder.py::test_paid",
        location=("e2e/test_ladder.py", 1, "test_paid"),
        keywords={},
        outcome=outcome,
        longrepr=None,
        when=when,
        user_properties=properties,
    )
