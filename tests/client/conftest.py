"""Both clients, one after the other: what a test says is true of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.client.rig import Server

Serve = Callable[..., Server]


@pytest.fixture(params=["sync", "async"])
def serve(request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Makes a `Server` of the answers that it is to give; its clients are closed at the end."""
    with ExitStack() as closing:
        yield lambda *answers: Server(request.param, closing, *answers)
