"""The shared client against real sockets and hostile answers; what each provider makes of it is tested there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from checkout_server.providers import http
from checkout_server.providers.base import NotFound, OutcomeUnknown, Refused, Unreachable
from checkout_server.providers.http import ApiClient


def client(
    base_url: str = "http://provider.example", transport: httpx.AsyncBaseTransport | None = None
) -> ApiClient:
    return ApiClient(
        title="Provider",
        base_url=base_url,
        transport=transport,
        read_error=lambda body: ("theirs", None, f"It said {body}."),
    )


def answering(status: int, content: bytes | AsyncIterator[bytes]) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, content=content))


async def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch):
    """Each byte comes before httpx would lose patience; only the deadline ends it."""
    monkeypatch.setattr(http, "DEADLINE", 0.2)
    done = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        try:
            while not done.is_set():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        finally:
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        api = client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(Unreachable, match="TimeoutError"):
            await api.get("x")
        with pytest.raises(OutcomeUnknown, match="TimeoutError"):
            await api.post("x", form={"a": "1"})
        await api.aclose()
        done.set()


async def test_a_connection_that_ends_too_early():
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"a=1")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"id": "x"}')
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    async with server:
        api = client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(OutcomeUnknown, match="RemoteProtocolError"):
            await api.post("x", form={"a": "1"})
        await api.aclose()


async def test_nobody_listens():
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(Unreachable, match="cannot be reached"):
        await client(f"http://127.0.0.1:{port}").post("x")


async def test_no_more_is_taken_in_than_the_limit():
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 65536
            yield b" " * 65536

    with pytest.raises(Unreachable):
        await client(transport=answering(200, endless())).get("x")
    assert taken <= http.MAX_BODY + 2 * 65536


async def test_a_proxys_page_says_only_its_status():
    for status, words in ((401, "401.*configuration"), (403, "403.*configuration"), (400, "answered 400")):
        with pytest.raises(Refused, match=words):
            await client(transport=answering(status, b"<html>")).post("x")
    with pytest.raises(NotFound, match="answered 404"):
        await client(transport=answering(404, b"<html>")).get("x")


async def test_no_number_becomes_a_float():
    body = await client(transport=answering(200, b'{"a": 19.99, "b": 100000000000000000001, "c": NaN}')).get(
        "x"
    )
    assert body == {"a": "19.99", "b": 100000000000000000001, "c": "NaN"}


async def test_a_redirect_is_not_followed():
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(302, headers={"Location": "https://elsewhere.example/"})

    with pytest.raises(Unreachable):
        await client(transport=httpx.MockTransport(handler)).get("x")
    assert seen == ["http://provider.example/x"]
