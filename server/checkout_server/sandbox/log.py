"""Every request and every webhook, both ways, as the control API shows them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_server.sandbox.settings import Clock

Direction = Literal["in", "out"]

_KEPT = 5000
_MAX_BODY = 64 * 1024
_SECRET_HEADERS = {
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
    "x-token-api-secret",
}
# What a page's address carries that opens something: `clientSecret=…`.
_SECRET_PARAMETER = re.compile(r"([?&]\w*secret=)[^&]*", re.ASCII | re.IGNORECASE)


@dataclass(slots=True)
class Entry:
    """One exchange. `in` is a request to the sandbox, `out` a webhook it sent; `status` is None without an answer."""

    direction: Direction
    method: str
    path: str
    headers: dict[str, str]
    at: datetime
    body: bytearray = field(default_factory=bytearray)
    status: int | None = None

    def public(self) -> dict[str, Any]:
        return {
            "direction": self.direction,
            "method": self.method,
            "path": self.path,
            "headers": self.headers,
            "body": self.body.decode("utf-8", "replace"),
            "status": self.status,
            "at": self.at.isoformat(),
        }


class Log:
    """The last exchanges of one provider, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=_KEPT)

    def add(
        self, direction: Direction, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Entry:
        """Notes an exchange when it starts, so that the order is that of the requests; `status` is set later."""
        entry = Entry(direction, method, path, masked(headers.items()), self._clock())
        entry.body += body[:_MAX_BODY]
        self._entries.append(entry)
        return entry

    def entries(self) -> list[Entry]:
        return list(self._entries)


def masked(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers with lower-case names; of a secret only its scheme is left: `Basic ***`."""
    shown = {}
    for name, value in headers:
        key = name.lower()
        if key in _SECRET_HEADERS:
            scheme, space, _ = value.partition(" ")
            value = f"{scheme} ***" if space and key.endswith("authorization") else "***"
        shown[key] = value
    return shown


class LogRequests:
    """ASGI middleware that writes each request of a provider's surface into its log."""

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if scope["query_string"]:
            query = "?" + scope["query_string"].decode("latin-1")
            path += _SECRET_PARAMETER.sub(r"\1***", query)
        entry = self._log.add("in", scope["method"], path, Headers(scope=scope), b"")

        async def listen() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                entry.body += message.get("body", b"")[: _MAX_BODY - len(entry.body)]
            return message

        async def speak(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
            await send(message)

        await self._app(scope, listen, speak)
