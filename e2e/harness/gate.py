"""What stands in front of the checkout: it notes every request, and turns away those that a test says."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str


class Gate:
    """ASGI middleware. Until `open`, `shut("/events")` answers 503 to every path that contains the text, and
    `hold("/events")` nothing at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._shut: tuple[str, ...] = ()
        self._held: tuple[str, ...] = ()
        self._streams: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self.requests: list[Request] = []
        self.reports: list[dict[str, Any]] = []  # what browsers said that the policy blocked
        self.cookies: list[str] = []  # paths of answers that set a cookie

    def shut(self, *parts: str) -> None:
        self._shut = parts

    def hold(self, *parts: str) -> None:
        self._held = parts

    def sever(self) -> None:
        """No shopper reaches the checkout any more, and the streams that are open break."""
        self.shut("/checkout/")
        for loop, broken in list(self._streams):
            loop.call_soon_threadsafe(broken.set)

    def open(self) -> None:
        self._shut = self._held = ()

    def reset(self) -> None:
        self.open()
        self.requests.clear()
        self.reports.clear()
        self.cookies.clear()

    def count(self, method: str, ending: str) -> int:
        """How often a path with this ending was asked for."""
        return sum(seen.method == method and seen.path.endswith(ending) for seen in list(self.requests))

    def asked(self, part: str) -> bool:
        """Whether any path that contains the text was asked for."""
        return any(part in seen.path for seen in list(self.requests))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        self.requests.append(Request(scope["method"], path))
        if any(part in path for part in self._shut):
            await Response(status_code=503)(scope, receive, send)
        elif any(part in path for part in self._held):
            await _until_given_up(receive)
        elif path.endswith("/csp-report"):
            await self._app(scope, self._reading(receive), send)
        elif path.endswith("/events"):
            await self._stream(scope, receive, send)
        else:
            await self._app(scope, receive, self._watching(path, send))

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        broken = asyncio.Event()
        stream = (asyncio.get_running_loop(), broken)

        async def listen() -> Message:
            heard, cut = asyncio.ensure_future(receive()), asyncio.ensure_future(broken.wait())
            try:
                await asyncio.wait((heard, cut), return_when=asyncio.FIRST_COMPLETED)
                return {"type": "http.disconnect"} if cut.done() else heard.result()
            finally:
                heard.cancel()
                cut.cancel()

        self._streams.add(stream)
        try:
            await self._app(scope, listen, send)
        finally:
            self._streams.discard(stream)

    def _watching(self, path: str, send: Send) -> Send:
        async def watched(message: Message) -> None:
            names = {name.lower() for name, _ in message.get("headers", ())}
            if b"set-cookie" in names:
                self.cookies.append(path)
            await send(message)

        return watched

    def _reading(self, receive: Receive) -> Receive:
        body = bytearray()

        async def read() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            if message["type"] == "http.request" and not message.get("more_body"):
                said = json.loads(bytes(body))
                self.reports.extend(said if isinstance(said, list) else [said])
            return message

        return read


async def _until_given_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
