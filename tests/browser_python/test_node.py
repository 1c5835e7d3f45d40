"""What runs as JavaScript: the bridge and the providers' scripts, tested in Node; and what it may weigh."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from checkout_server import glue
from tests.browser_python.site import ROOT, STATIC

HERE = Path(__file__).parent / "node"
SUITES = sorted(HERE.glob("*.test.mjs"))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_suite(suite: Path) -> None:
    done = subprocess.run(
        ["node", "--disallow-code-generation-from-strings", "--test", str(suite)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("bridge.js", 2500),
        ("providers/crossmint.js", 2000),
        ("providers/crossmint_intents.js", 1000),
        ("providers/crypto_com.js", 2000),
        ("providers/cryptopay.js", 1000),
        ("providers/inqud.js", 1000),
        ("boot/start.js", 1000),
        ("boot/start.js", 800),
        ("boot/micropython.js", 500),
        ("boot/pyodide.js", 500),
        ("boot/pyscript.js", 1200),
        ("embed.js", 2000),
        ("frames.js", 1500),
    ],
)
def test_size(name: str, budget: int) -> None:
    """Bytes after gzip, exactly as the file is shipped."""
    assert len(gzip.compress((STATIC / name).read_bytes(), 9, mtime=0)) <= budget


@pytest.mark.parametrize(("engine", "budget"), [(None, 12_000), ("micropython", 16_000), ("pyodide", 50_000)])
def test_size_of_the_glue(engine: str | None, budget: int) -> None:
    """Bytecode is larger than source, and worth it: MicroPython takes seven times as long to compile as to load it."""
    assert len(gzip.compress(glue.bundle(engine=engine), 9, mtime=0)) <= budget


def test_no_script_of_ours_needs_more_than_the_policy_grants() -> None:
    own = [path for path in STATIC.rglob("*.js") if "vendor" not in path.parts]
    for path in own:
        source = path.read_text()
        for needs_more in (
            "eval(",
            "new Function",
            'setAttribute("style"',
            "innerHTML",
            "document.write",
        ):
            assert needs_more not in source, f"{path.name}: {needs_more}"


def test_engines_are_what_the_manifest_says() -> None:
    from base64 import b64encode
    from hashlib import sha384

    engines = json.loads((STATIC / "vendor" / "manifest.json").read_text())["engines"]
    assert [engine["name"] for engine in engines] == ["micropython", "pyodide", "pyscript"]
    for engine in engines:
        folder = STATIC / "vendor" / engine["folder"]
        assert {file["path"] for file in engine["files"]} == {
            path.name for path in folder.iterdir() if path.suffix != ".br"
        }
        assert engine["entry"] in {file["path"] for file in engine["files"]}
        for file in engine["files"]:
            content = (folder / file["path"]).read_bytes()
            assert file["size"] == len(content)
            assert file["integrity"] == "sha384-" + b64encode(sha384(content).digest()).decode()


def test_pyodide_knows_no_package_to_fetch() -> None:
    [lock] = (STATIC / "vendor").glob("pyodide-*/pyodide-lock.json")
    assert json.loads(lock.read_text())["packages"] == {}


@pytest.mark.skipif(not (ROOT / "node_modules").is_dir(), reason="npm ci was not run")
def test_building_the_engines_again_does_nothing() -> None:
    before = {path: path.stat().st_mtime_ns for path in (STATIC / "vendor").rglob("*")}
    done = subprocess.run(
        ["node", str(ROOT / "scripts" / "engines" / "build.mjs")],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == "engines: up to date\n"
    assert {path: path.stat().st_mtime_ns for path in (STATIC / "vendor").rglob("*")} == before


def test_what_was_compressed_ahead_is_the_same_file() -> None:
    """By Node's own brotli: Python has none."""
    squeezed = sorted((STATIC / "vendor").glob("*/*.br"))
    assert {"micropython.wasm.br", "pyodide.asm.wasm.br"} <= {path.name for path in squeezed}
    check = (
        "const fs = require('fs'), zlib = require('zlib');"
        "for (const name of process.argv.slice(1))"
        " if (!zlib.brotliDecompressSync(fs.readFileSync(name)).equals(fs.readFileSync(name.slice(0, -3)))) throw name;"
    )
    subprocess.run(["node", "-e", check, *map(str, squeezed)], check=True, timeout=60)
