"""Each direct dependency is explained, pinned and hashed; none is named that is not used; no lock names a registry."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DOCUMENT = (ROOT / "docs" / "dependencies.md").read_text()
LOCK = (ROOT / "requirements" / "dev.txt").read_text()

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


def test_every_python_dependency_is_pinned_within_its_bounds() -> None:
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", LOCK, re.MULTILINE))
    for line in (*DECLARED["Client"], *DECLARED["Server"], *DECLARED["Development"]):
        wanted = Requirement(line)
        assert wanted.specifier.contains(pinned[wanted.name]), line


def test_every_pin_has_a_hash_and_no_lock_names_a_registry() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) > 40
    for entry in entries:
        assert entry.startswith("#") or "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in LOCK
    assert "--index" not in LOCK
    npm = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    packages = {name: entry for name, entry in npm.items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
