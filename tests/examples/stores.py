"""The stores of `examples/stores` as processes of their own, started by the command that each one names."""

from __future__ import annotations

import ast
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

from tests.cli.running import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "stores"
STORES = sorted(path.name for path in FOLDER.glob("*_store.py"))
PORT = "8010"  # as the examples write it


def command(store: str) -> str:
    """What a person types to start a store: the last line of its docstring."""
    text = ast.get_docstring(ast.parse((FOLDER / store).read_text()))
    assert text
    return text.splitlines()[-1]


def local_env() -> dict[str, str]:
    lines = (FOLDER / "local.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def clean_env(**more: str) -> dict[str, str]:
    """This process's environment without settings of whoever runs the tests."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("CHECKOUT_")}, **more}


@contextmanager
def running_store(store: str, port: int, env: Mapping[str, str]) -> Iterator[str]:
    """The store's address, for as long as it runs there."""
    program, *rest = shlex.split(command(store).replace(PORT, str(port)))
    python = [sys.executable] if program == "python" else [sys.executable, "-m", program]
    with running([*python, *rest], f"http://localhost:{port}/", env=env, cwd=ROOT):
        yield f"http://localhost:{port}"


@contextmanager
def running(arguments: Sequence[str], url: str, *, env: Mapping[str, str], cwd: Path) -> Iterator[None]:
    """Runs a server until the block ends; it stands when `url` answers. Fails with what it printed."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output, env=dict(env), cwd=cwd)
        try:
            wait_until(lambda: process.poll() is not None or _answers(url))
            assert process.poll() is None, _read(output)
            yield
            assert "Traceback" not in (said := _read(output)), said
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=10).is_success
    except httpx.TransportError:
        return False


def _read(output: IO[str]) -> str:
    output.seek(0)
    return output.read()
