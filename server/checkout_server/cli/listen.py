"""Several ASGI applications in one process: their sockets, their start in order, and their end together."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import uvicorn

_LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)
_GRACE = 2  # seconds that open event streams get


class PortTaken(Exception):
    """Another process listens there already."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is in use")
        self.port = port


class NotStarted(Exception):
    """An application's start failed; its own error is in the log."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One application and the sockets that it answers on."""

    app: Any  # an ASGI application
    sockets: Sequence[socket.socket]


def loopback_ports(first: int, count: int) -> list[list[socket.socket]]:
    """Sockets for `count` ports in a row, all of them or none. Raises `PortTaken`."""
    found: list[list[socket.socket]] = []
    try:
        for port in range(first, first + count):
            found += [loopback_sockets(port)]
    except BaseException:
        for sockets in found:
            close(sockets)
        raise
    return found


def loopback_sockets(port: int) -> list[socket.socket]:
    """This machine only, by both of its addresses: `localhost` is `::1` to some, `127.0.0.1` to others.

    Both or neither, or else `localhost` might be somebody else's server. Raises `PortTaken`.
    """
    sockets: list[socket.socket] = []
    try:
        for family, host in _LOOPBACK:
            try:
                sockets.append(_bound(family, host, port))
            except OSError as error:
                if family == socket.AF_INET6 and error.errno in _NO_SUCH_ADDRESS:
                    continue  # a machine without IPv6 means 127.0.0.1 when it says localhost
                if error.errno == errno.EADDRINUSE:
                    raise PortTaken(port) from None
                raise
    except BaseException:
        close(sockets)
        raise
    return sockets


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
        sock.listen(128)  # now, so that a second demo is told "in use" and not later
    except BaseException:
        sock.close()
        raise
    return sock


def close(sockets: Sequence[socket.socket]) -> None:
    for sock in sockets:
        sock.close()


class _Server(uvicorn.Server):
    """One of several: leaves signals alone, for one handler ends them all, and does not exit when it cannot start."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except (
            SystemExit
        ):  # uvicorn's way to say that it cannot start, which would end the whole loop at once
            self.should_exit = True


async def run_all(
    listeners: Sequence[Listener], *, ready: Callable[[], None], access_log: bool = False
) -> None:
    """Starts each application after the one before it, calls `ready`, and ends all of them at the first signal.

    Raises `NotStarted`.
    """
    servers = [
        _Server(
            uvicorn.Config(
                listener.app,
                log_config=None,
                access_log=access_log,
                timeout_graceful_shutdown=_GRACE,
                ws="none",
            )
        )
        for listener in listeners
    ]
    stopping = asyncio.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        for server in servers:
            server.handle_exit(number, frame)

    tasks: list[asyncio.Task[None]] = []
    with _handling(stop):
        try:
            for server, listener in zip(servers, listeners, strict=True):
                task = asyncio.create_task(server.serve(sockets=list(listener.sockets)))
                tasks.append(task)
                while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(0.01)
                if not server.started and not stopping.is_set():
                    raise NotStarted
            if not stopping.is_set():
                ready()
            await asyncio.gather(*tasks)
        finally:
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def _handling(stop: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Ctrl-C and `kill` call `stop`; afterwards all is as before. Only the main thread may be told of signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
