"""The suite itself: enough cases for each provider, none left out without a reason, and no pytest in what is shipped."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import checkout_server
from checkout_server.conformance import table
from checkout_server.conformance.profile import Profile, profiles
from checkout_server.providers import discover

THEMES = {module.__name__.rpartition(".")[2] for module in table.THEMES}
LEAST = 40


@pytest.mark.parametrize("name", sorted(discover()))
def test_a_payment_provider_runs_at_least_forty(name: str) -> None:
    adapter = discover()[name]
    cases = table.cases_for(adapter, profiles()[name]).values()
    run = [each for each in cases if each.skipped(adapter) is None]
    assert adapter.kind != "payment" or len(run) >= LEAST


@pytest.mark.parametrize("name", sorted(discover()))
def test_every_provider_has_a_profile_of_its_own_sandbox(name: str) -> None:
    assert profiles()[name].sandbox.name == name


def test_nothing_is_skipped_but_what_an_adapter_does_not_declare() -> None:
    for adapter in discover().values():
        for each in table.CASES.values():
            reason = each.skipped(adapter)
            assert (reason is not None) == (each.has is not None and each.has not in adapter.capabilities)


def test_every_case_says_what_it_holds() -> None:
    assert len(table.CASES) > 100
    for name, each in table.CASES.items():
        assert each.run.__doc__, name


def test_every_theme_is_run_here() -> None:
    here = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert here >= THEMES


def imports() -> Iterator[tuple[Path, str]]:
    """Every import of what is shipped."""
    for path in Path(str(checkout_server.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield path, node.module


def test_nothing_that_is_shipped_imports_pytest() -> None:
    assert not [path for path, name in imports() if name.partition(".")[0] in ("pytest", "_pytest")]


def test_nothing_but_the_suite_imports_the_suite() -> None:
    others = [(path, name) for path, name in imports() if "conformance" not in path.parts]
    assert not [path for path, name in others if name.startswith("checkout_server.conformance")]


def test_every_field_of_a_profile_and_every_theme_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text()
    for name in (*(field.name for field in fields(Profile)), *THEMES):
        assert f"`{name}`" in text, name
