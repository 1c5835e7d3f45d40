from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sse_starlette.sse import AppStatus


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No checkout.toml and no CHECKOUT_* of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith("CHECKOUT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _streams_may_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is told to stop says so to every event stream of the process, for ever: here, until the test ends."""
    monkeypatch.setattr(AppStatus, "should_exit", False)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    names = ("checkout", "checkout_server", "uvicorn", "uvicorn.access", "uvicorn.error")
    loggers = [root, *(logging.getLogger(name) for name in names)]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, handlers, level, propagate in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)
    structlog.reset_defaults()
