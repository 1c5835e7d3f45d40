"""The same tables and stories on CPython and in the engines that ship."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checkout_server import glue
from tests.browser_python.portable import cases, scenarios
from tests.browser_python.site import STATIC, engine_folder

HERE = Path(__file__).parent
PORTABLE = HERE / "portable"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.mark.parametrize("case", cases.CASES, ids=[case[0] for case in cases.CASES])
def test_case(case: tuple[object, ...]) -> None:
    cases.run(case)


@pytest.mark.parametrize("scenario", scenarios.SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario(scenario: Callable[[], None]) -> None:
    scenario()


def test_every_story_is_told() -> None:
    names = {
        name
        for name, value in vars(scenarios).items()
        if getattr(value, "__module__", "") == scenarios.__name__
    }
    helpers = {"Checkout", "clock", "paid", "snapshot"}
    assert {scenario.__name__ for scenario in scenarios.SCENARIOS} == names - helpers


def test_stories_do_not_depend_on_their_order() -> None:
    shuffled = list(scenarios.SCENARIOS)
    random.shuffle(shuffled)
    for scenario in shuffled:
        scenario()


@needs_node
@pytest.mark.parametrize("engine", ["micropython", pytest.param("pyodide", marks=pytest.mark.slow)])
def test_the_same_in_the_engine_that_ships(engine: str) -> None:
    sources = json.loads(glue.bundle(engine=engine))
    sources |= {
        f"portable/{file.name}": file.read_bytes().decode("latin-1") for file in PORTABLE.glob("*.py")
    }
    folder = f"{STATIC / 'vendor' / engine_folder(engine)}/"

    done = subprocess.run(
        [
            "node",
            "--disallow-code-generation-from-strings",
            str(HERE / "node" / "engine.mjs"),
            engine,
            folder,
        ],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["failed"] == []
    assert report["ran"] == len(cases.CASES) + len(scenarios.SCENARIOS)
