"""Around every request: its id, its log line and metrics, and a body that cannot be too large."""

from __future__ import annotations

import secrets
import time

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_server.api import problems
from checkout_server.metrics import REQUESTS, SECONDS

MAX_BODY = 256 * 1024
_log = structlog.get_logger("checkout.http")


class Observed:
    """Gives the request an id, logs it without its token, and counts it by route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = f"req_{secrets.token_hex(8)}"
        scope["request_id"] = request_id
        began, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, answer)
            finally:
                # The route's template, never the path: a path holds the shopper's token.
                route = getattr(scope.get("route"), "path", "none")
                seconds = time.perf_counter() - began
                REQUESTS.labels(scope["method"], route, str(status)).inc()
                SECONDS.labels(route).observe(seconds)
                _log.info(
                    "request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1)
                )


class Prefixed:
    """Under a sub-path, requests are found with it and without, whether the proxy passes it on or strips it."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["root_path"] = self._prefix
        await self._app(scope, receive, send)


class Limited:
    """Reads the body up to `MAX_BODY` before anyone parses it; beyond, 413 in the one shape, and nothing was read twice.

    A NUL in the address is refused here, too: PostgreSQL cannot hold one, so nothing of ours is ever found by it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            message = "An address holds no NUL."
            response = problems.problem(scope["request_id"], 400, "request", "address_invalid", message)
            await response(scope, receive, send)
            return
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        try:
            body = None if _too_large(declared) else await _read(receive)
        except ClientDisconnect:
            return
        if body is None:
            message = f"A body has at most {MAX_BODY // 1024} kB."
            response = problems.problem(scope["request_id"], 413, "request", "too_large", message)
            await response(scope, receive, send)
            return
        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def replay() -> Message:
            return next(messages, None) or await receive()

        await self._app(scope, replay, send)


def _too_large(declared: bytes) -> bool:
    return not declared.isdigit() or int(declared) > MAX_BODY


async def _read(receive: Receive) -> bytes | None:
    """None for a body that is too large. Raises `ClientDisconnect` when its sender is gone before its end.

    Half a body must never pass for a whole one: of a refund without its body, all would be paid back.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(chunks)
