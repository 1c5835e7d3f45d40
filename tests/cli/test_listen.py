"""Sockets on both of this machine's addresses, and applications that start and end together."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from checkout_server.cli.listen import (
    Listener,
    NotStarted,
    PortTaken,
    close,
    loopback_ports,
    loopback_sockets,
    run_all,
)
from tests.ports import free_ports


def app(name: str, events: list[str], *, broken: bool = False) -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if broken:
            raise RuntimeError("cannot start")
        events.append(f"{name} starts")
        yield
        events.append(f"{name} ends")

    async def hello(_: Request) -> PlainTextResponse:
        return PlainTextResponse(name)

    return Starlette(routes=[Route("/", hello)], lifespan=lifespan)


def test_localhost_is_reached_by_either_address() -> None:
    port = free_ports(1)
    sockets = loopback_sockets(port)
    try:
        for address in {sock.getsockname()[0] for sock in sockets}:
            socket.create_connection((address, port), timeout=2).close()
        socket.create_connection(("localhost", port), timeout=2).close()
        assert all(sock.getsockname()[0] in ("127.0.0.1", "::1") for sock in sockets)
    finally:
        close(sockets)


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_in_use_is_named_and_nothing_is_left_open(family: int, host: str) -> None:
    first = free_ports(3)
    with socket.socket(family) as other:
        try:
            other.bind((host, first + 1))
        except OSError:
            pytest.skip("no IPv6 here")
        other.listen()
        with pytest.raises(PortTaken) as caught:
            loopback_ports(first, 3)
        assert caught.value.port == first + 1
    for sockets in loopback_ports(first, 3):
        close(sockets)


async def test_all_start_in_order_answer_and_end_at_one_signal() -> None:
    events: list[str] = []
    first = free_ports(2)
    one, two = loopback_ports(first, 2)
    heard: list[str] = []

    async def visit() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            answers = [await client.get(f"http://localhost:{port}/") for port in (first, first + 1)]
        heard.extend(answer.text for answer in answers)
        signal.raise_signal(signal.SIGINT)

    visits: list[asyncio.Task[None]] = []
    before = signal.getsignal(signal.SIGINT)
    await run_all(
        [Listener(app("one", events), one), Listener(app("two", events), two)],
        ready=lambda: visits.append(asyncio.create_task(visit())),
    )
    await visits[0]
    assert heard == ["one", "two"]
    assert events[:2] == ["one starts", "two starts"]
    assert sorted(events[2:]) == ["one ends", "two ends"]
    assert signal.getsignal(signal.SIGINT) is before


async def test_one_that_cannot_start_ends_the_others() -> None:
    events: list[str] = []
    one, two = loopback_ports(free_ports(2), 2)
    ready: list[bool] = []
    with pytest.raises(NotStarted):
        await run_all(
            [Listener(app("one", events), one), Listener(app("two", events, broken=True), two)],
            ready=lambda: ready.append(True),
        )
    assert events == ["one starts", "one ends"]
    assert not ready
    close(two)
