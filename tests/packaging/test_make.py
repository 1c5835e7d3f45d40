"""The Makefile: one list of commands, in words that an old GNU Make understands, naming no registry."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = {"demo", "test", "lint", "format", "types", "bench", "lock", "build", "clean"}


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
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
