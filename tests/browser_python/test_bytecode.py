"""Bytecode reaches a page only when it is of that engine and of that source."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from checkout_server import bytecode, glue
from checkout_server.bytecode import Bytecode, digest
from tests.browser_python.site import ROOT, STATIC, engine_folder

SOURCES = {"checkout_ui/page.py": b"x = 1\n", "checkout_ui/new.py": b"y = 2\n"}
BUILT = STATIC / bytecode.FILE
built = pytest.mark.skipif(not BUILT.is_file(), reason="python scripts/bytecode/build.py was not run")


def made(source: bytes = SOURCES["checkout_ui/page.py"]) -> dict[str, Any]:
    module = {"source": digest(source), "code": base64.b64encode(b"M\x06\xff").decode()}
    return {
        "micropython": {
            "folder": "micropython-1.27.0",
            "suffix": ".mpy",
            "modules": {"checkout_ui/page.py": module, "checkout_ui/gone.py": module},
        }
    }


FOLDERS = {"micropython": "micropython-1.27.0", "pyodide": "pyodide-1", "pyscript": "pyscript-1"}


@pytest.mark.parametrize("engine", ["micropython", "pyscript"])
def test_a_module_whose_source_is_the_same_comes_as_bytecode(engine: str) -> None:
    files = Bytecode(made(), FOLDERS).translated(SOURCES, engine)
    assert files == {"checkout_ui/page.mpy": b"M\x06\xff", "checkout_ui/new.py": b"y = 2\n"}


@pytest.mark.parametrize(
    ("compiled", "folders", "engine"),
    [
        (made(b"x = 2\n"), FOLDERS, "micropython"),  # edited since
        (made(), FOLDERS | {"micropython": "micropython-1.28.0"}, "micropython"),  # another engine since
        (made(), {}, "micropython"),
        (made(), FOLDERS, "pyodide"),
        ({}, FOLDERS, "micropython"),
    ],
)
def test_all_else_comes_as_source(compiled: dict[str, Any], folders: dict[str, str], engine: str) -> None:
    assert Bytecode(compiled, folders).translated(SOURCES, engine) == SOURCES


def test_a_bundle_is_bytes_as_text() -> None:
    bundled = glue.bundle({"shop.py": 'x = "→ é"\n'})
    assert glue.unpacked(bundled)["shop.py"] == 'x = "→ é"\n'.encode()
    assert all(ord(char) < 256 for text in json.loads(bundled).values() for char in text)


@built
@pytest.mark.parametrize("engine", ["micropython", "pyodide"])
def test_what_the_build_made_is_used(engine: str) -> None:
    """Of a module that was edited since the build, the source is served; at least those that were not are bytecode."""
    compiled = json.loads(BUILT.read_bytes())[engine]
    assert compiled["folder"] == engine_folder(engine)
    current = {
        path
        for path, source in glue.sources().items()
        if path in compiled["modules"] and compiled["modules"][path]["source"] == digest(source.encode())
    }
    served = set(glue.unpacked(glue.bundle(engine=engine)))
    assert {path.removesuffix(".py") + compiled["suffix"] for path in current} <= served
    assert not current & served


@built
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_it_runs_and_a_traceback_names_file_and_line() -> None:
    """In the MicroPython that ships: bytecode keeps what an error report needs."""
    probe = """
import io, json, sys
from checkout_ui import status
def report():
    try:
        status.panel(None)
    except Exception as error:
        out = io.StringIO()
        sys.print_exception(error, out)
        return out.getvalue()
"""
    files = json.loads(glue.bundle(engine="micropython"))
    files |= {"portable/__init__.py": "", "portable/everything.py": probe}
    folder = f"{STATIC / 'vendor' / engine_folder('micropython')}/"
    done = subprocess.run(
        ["node", str(ROOT / "tests/browser_python/node/engine.mjs"), "micropython", folder],
        input=json.dumps(files),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = glue.sources()["checkout_ui/status.py"].splitlines()
    (said,) = re.findall(r'status\.py", line ([0-9]+), in panel', done.stdout)
    first = next(number for number, text in enumerate(lines, 1) if text.startswith("def panel"))
    assert first < int(said) < first + 20
