"""A demo as a process of its own, started as a person would and ended by Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

# Only a server that never comes waits so long; one on a busy machine takes what it takes.
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Demo:
    """The addresses of a running demo, and a visitor that keeps no proxy and follows no redirect."""

    checkout: str
    sandbox: str
    store: str
    visitor: httpx.Client


@contextmanager
def running_demo(command: Sequence[str], port: int, *, env: Mapping[str, str], cwd: Path) -> Iterator[Demo]:
    """Runs `command demo --port <port>` until the block ends. Fails with what it printed."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [*command, "demo", "--port", str(port)], stdout=output, stderr=output, env=dict(env), cwd=cwd
        )
        try:
            demo = Demo(*(f"http://127.0.0.1:{port + offset}" for offset in range(3)), visitor=_visitor())
            with demo.visitor:
                wait_until(lambda: process.poll() is not None or _answers(demo))
                assert process.poll() is None, _read(output)
                yield demo
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0, _read(output)
            text = _read(output)
            assert "The demo has ended." in text
            assert "Traceback" not in text
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Asks until it is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def _visitor() -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=10)


def _answers(demo: Demo) -> bool:
    try:
        return demo.visitor.get(demo.store).status_code == 200  # the store starts last
    except httpx.TransportError:
        return False


def _read(output: IO[str]) -> str:
    output.seek(0)
    return output.read()
