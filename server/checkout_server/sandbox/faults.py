"""Bad days on request: errors, slowness, answers cut short, and a component that misbehaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_server.sandbox.settings import Sleep

Surface = Literal["api", "sdk", "pages"]


class Fault(BaseModel):
    """One fault for the next `times` requests to one surface.

    `api` is the REST API, `sdk` the component's script, `pages` the hosted page, the popup and what they read.
    `status` answers instead of doing anything; with `carried_out` the request is done first and only its answer lost.
    `malformed` does the request and cuts the answer in half. `hostile` and `never_mounts` are about the script.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    status: int | None = Field(default=None, ge=400, le=599)
    latency_ms: int = Field(default=0, ge=0, le=120_000)
    malformed: bool = False
    hostile: bool = False
    never_mounts: bool = False
    carried_out: bool = False
    on: Surface | None = None
    times: int = Field(default=1, ge=1, le=1_000_000)

    @model_validator(mode="after")
    def _one_surface(self) -> Self:
        of_script = self.hostile or self.never_mounts
        if not (of_script or self.status or self.latency_ms or self.malformed):
            raise ValueError("say what goes wrong: status, latency_ms, malformed, hostile or never_mounts")
        if of_script and self.on not in (None, "sdk"):
            raise ValueError("hostile and never_mounts are about the component: on is sdk")
        if self.carried_out and self.status is None:
            raise ValueError("carried_out goes with a status")
        self.on = self.on or ("sdk" if of_script else "api")
        return self

    def public(self) -> dict[str, Any]:
        """What was asked for, with how many requests it is still waiting for."""
        return {**self.model_dump(exclude_defaults=True), "times": self.times}


class FaultBook:
    """The faults waiting for a provider's next requests, first in, first used."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault.model_copy())

    def clear(self) -> None:
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        return list(self._waiting)

    def take(self, surface: Surface | None) -> Fault | None:
        """The fault that this request meets; each is used up after its `times`."""
        for fault in self._waiting:
            if fault.on == surface:
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None


class ApplyFaults:
    """ASGI middleware. `surface_of` names the surface of a path, `answer` makes a provider's own error answer.

    The script's faults are left for its endpoint, which finds them in `scope["state"]["fault"]`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        book: FaultBook,
        sleep: Sleep,
        surface_of: Callable[[str], Surface | None],
        answer: Callable[[int], Response],
    ) -> None:
        self._app = app
        self._book = book
        self._sleep = sleep
        self._surface_of = surface_of
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A browser's preflight is not the request that somebody wanted to fail.
        if scope["type"] != "http" or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        inner = scope["path"].removeprefix(scope.get("root_path", ""))
        fault = self._book.take(self._surface_of(inner))
        if fault is None:
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["fault"] = fault
        if fault.latency_ms:
            await self._sleep(fault.latency_ms / 1000)
        if fault.status is not None:
            if fault.carried_out:
                await self._app(scope, receive, _to_nobody)
            await self._answer(fault.status)(scope, receive, send)
        elif fault.malformed:
            await self._cut(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _cut(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, collect)
        half = bytes(body[: len(body) // 2])
        start["headers"] = [
            (name, str(len(half)).encode() if name.lower() == b"content-length" else value)
            for name, value in start["headers"]
        ]
        await send(start)
        await send({"type": "http.response.body", "body": half})


async def _to_nobody(_: Message) -> None:
    """Where the answer goes that a client never gets."""
