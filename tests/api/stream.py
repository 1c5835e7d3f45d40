"""An event stream as a browser holds it, straight on ASGI: httpx's transport waits for the end, which never comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Message


class Stream:
    """`status` and `headers` once it is open; `event()` waits for the next one."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self._opened = asyncio.Event()
        self._came = asyncio.Event()
        self._gone = asyncio.Event()
        self._ended = asyncio.Event()

    async def receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self._opened.set()
        else:
            self.body += message.get("body", b"")
            self._came.set()
            if not message.get("more_body", False):
                self._ended.set()

    async def event(self) -> dict[str, Any]:
        """`{"id", "event", "data"}` of the next event, comments left out."""
        async with asyncio.timeout(5):
            while True:
                raw, end, rest = self.body.replace(b"\r\n", b"\n").partition(b"\n\n")
                if end:
                    self.body = rest
                    fields = dict(
                        line.split(": ", 1) for line in raw.decode().split("\n") if not line.startswith(":")
                    )
                    if fields:
                        return {**fields, "data": json.loads(fields["data"])}
                    continue
                self._came.clear()
                await self._came.wait()

    async def opened(self) -> None:
        async with asyncio.timeout(5):
            await self._opened.wait()

    async def ended(self) -> None:
        """Waits until the server has closed it."""
        async with asyncio.timeout(5):
            await self._ended.wait()

    def close(self) -> None:
        self._gone.set()


@asynccontextmanager
async def stream(app: ASGIApp, path: str, **headers: str) -> AsyncIterator[Stream]:
    own = Stream()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": None,
        "server": ("checkout.test", 80),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    task = asyncio.create_task(app(scope, own.receive, own.send))  # type: ignore[arg-type]
    try:
        await own.opened()
        yield own
    finally:
        own.close()
        await asyncio.wait_for(task, 5)
