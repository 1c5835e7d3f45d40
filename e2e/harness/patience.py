"""Waiting for what happens outside a browser: no test sleeps for a time of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

_PATIENCE_S = 20
T = TypeVar("T")


def until(what: str, look: Callable[[], T | None]) -> T:
    """Waits for a condition outside the browser: the API's answer, the store's books. Fails after 20 s."""
    deadline = time.monotonic() + _PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)
    return found
