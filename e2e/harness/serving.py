"""Real servers on free ports, in a thread of this process: one origin for each application."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn

from checkout_server.cli.listen import PortTaken, loopback_sockets

_START_S = 30
_GRACE_S = 1  # what open event streams get at the end


def free_port() -> tuple[int, list[socket.socket]]:
    """A port that is ours by IPv4 and by IPv6: a browser may mean either by `localhost`."""
    for _ in range(20):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        with suppress(PortTaken):
            return port, loopback_sockets(port)
    raise OSError("no port is free for both addresses")


@contextmanager
def serving(count: int, applications: Callable[[Sequence[str]], Sequence[Any]]) -> Iterator[None]:
    """Runs what `applications` makes of its `count` origins (`http://localhost:…`), in that order, until the end."""
    places = [free_port() for _ in range(count)]
    origins = [f"http://localhost:{port}" for port, _ in places]
    servers = [
        uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=_GRACE_S, ws="none"))
        for app in applications(origins)
    ]
    ready = threading.Event()

    async def serve() -> None:
        pairs = zip(servers, places, strict=True)
        tasks = [asyncio.create_task(server.serve(sockets=sockets)) for server, (_, sockets) in pairs]
        while not all(server.started for server in servers) and not any(task.done() for task in tasks):  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        ready.set()
        await asyncio.gather(*tasks)

    thread = threading.Thread(target=asyncio.run, args=[serve()], name="servers", daemon=True)
    thread.start()
    assert ready.wait(_START_S)
    assert all(server.started for server in servers), "a server did not start; its log says why"
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(timeout=10)
