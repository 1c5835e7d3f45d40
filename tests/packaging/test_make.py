"""The Makefile: one list of commands, in words that an old GNU Make understands, naming no registry."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = {"demo", "test", "lint", "format", "types", "bench", "lock", "build", "clean"}


NO_MAKE = pytest.mark.skipif(shutil.which("make") is None, reason="no make here")


@NO_MAKE
def test_make_alone_lists_the_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\w+) +\S", listed, re.MULTILINE)) >= TARGETS


def test_python_can_be_chosen_in_the_first_line_that_counts() -> None:
    lines = [line for line in MAKEFILE.splitlines() if line and not line.startswith("#")]
    assert lines[0] == "PYTHON ?= python3"


@pytest.mark.parametrize(
    "newer", ["!=", ".ONESHELL", "$(file ", "$(intcmp", "$(let ", "&:", ".NOTINTERMEDIATE"]
)
def test_nothing_newer_than_make_3_81(newer: str) -> None:
    assert newer not in MAKEFILE


def test_ci_runs_the_same_commands_and_nobody_names_a_host() -> None:
    ci = (ROOT / ".ci" / "run").read_text()
    for command in ("make lint", "make types", "make test"):
        assert command in ci
    for text in (ci, MAKEFILE, (ROOT / "scripts" / "browsers.py").read_text()):
        assert "://" not in text


# Stand-ins: each writes down how it was called; the first makes an environment of the others, as `-m venv` does.
PYTHON = """#!/bin/sh
echo "python $*" >> "$LOG"
case "$*" in "-m venv "*)
  mkdir -p "$3/bin"
  cp "$0" "$3/bin/python"
  for name in checkout-ui pytest ruff; do cp "$TOOL" "$3/bin/$name"; done
esac
"""
TOOL = """#!/bin/sh
echo "${0##*/} $*" >> "$LOG"
"""
# A whole clone as make sees it: what the targets depend on.
FILES = (
    "pyproject.toml", "package.json", "package-lock.json", "requirements/server.txt", "requirements/build.txt",
    "requirements/dev.txt", "node_modules/.package-lock.json", "static/vendor/manifest.json",
    "e2e/frameworks/package.json", "e2e/frameworks/package-lock.json", "e2e/frameworks/node_modules/.package-lock.json",
)  # fmt: skip


@dataclass
class Clone:
    """A folder with our Makefile, in which nothing is really installed."""

    folder: Path
    env: dict[str, str]

    def make(self, *arguments: str) -> list[str]:
        """What was run, in order."""
        log = Path(self.env["LOG"])
        log.write_text("")
        subprocess.run(["make", *arguments], cwd=self.folder, env=self.env, capture_output=True, check=True)
        return log.read_text().splitlines()

    def installs(self, *arguments: str) -> list[str]:
        """The locks and folders that pip was given."""
        calls = [line for line in self.make(*arguments) if "-m pip install" in line]
        return [word for line in calls for word in line.split() if word == "." or word.endswith(".txt")]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    folder = tmp_path / "clone"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
        os.utime(folder / name, (1, 1))
    (folder / "Makefile").write_text(MAKEFILE)
    for name, text in (("python3", PYTHON), ("tool", TOOL)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    env = os.environ | {"LOG": str(tmp_path / "log"), "TOOL": str(tmp_path / "tool")}
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "TESTS", "PORT", "ENGINE", "WORKERS"):
        env.pop(name, None)
    env["PATH"] = f"{tmp_path}{os.pathsep}{env['PATH']}"
    return Clone(folder, env)


BASE = ["requirements/build.txt", "requirements/server.txt", "."]
TOOLS = ["requirements/dev.txt"]


@NO_MAKE
@pytest.mark.parametrize(
    ("first", "then"), [(("demo", BASE), ("test", TOOLS)), (("test", BASE + TOOLS), ("demo", []))]
)
def test_a_demo_installs_no_tools_and_tests_only_add_them(
    clone: Clone, first: tuple[str, list[str]], then: tuple[str, list[str]]
) -> None:
    for target, installed in (first, then):
        assert clone.installs(target) == installed
    for target in ("demo", "test"):
        assert clone.installs(target) == [], "what is up to date is not done again"


def renewed(file: Path) -> None:
    """Later by more than a second: an old make on an old file system knows nothing finer."""
    later = time.time() + 10
    os.utime(file, (later, later))


@NO_MAKE
def test_what_was_installed_follows_the_locks(clone: Clone) -> None:
    clone.make("test")
    renewed(clone.folder / "requirements" / "dev.txt")
    assert clone.installs("demo") == []
    assert clone.installs("test") == TOOLS
    renewed(clone.folder / "requirements" / "server.txt")
    assert clone.installs("test") == BASE + TOOLS


@NO_MAKE
def test_what_is_run_can_be_chosen(clone: Clone) -> None:
    assert (
        clone.make("demo", "PORT=9000", "ENGINE=pyodide")[-1]
        == "checkout-ui demo --port 9000 --engine pyodide"
    )
    assert clone.make("test")[-1].split() == ["pytest", "-n", "auto"]
    some = clone.make("test", "TESTS=tests/cli -k demo", "WORKERS=0")[-1]
    assert some.split() == ["pytest", "-n", "0", "tests/cli", "-k", "demo"]
