"""The line between the server and the provider, and what can go wrong on it. All in this process, without waiting."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx

Carry = Callable[[httpx.Request], Awaitable[httpx.Response]]
# What happens to a request in place of being carried to the provider and back.
Trouble = Callable[[httpx.Request, Carry], Awaitable[httpx.Response]]


@dataclass(slots=True)
class _Rule:
    what: re.Pattern[str]
    trouble: Trouble
    left: int


class Line(httpx.AsyncBaseTransport):
    """Carries requests to the sandbox, remembers them, and spoils those that match what a case has asked for."""

    def __init__(self) -> None:
        self.to: httpx.AsyncBaseTransport | None = None
        self.heard: list[str] = []  # "METHOD /path", in the order they were sent
        self.crashes: list[str] = []  # of the sandbox: its bugs, not the adapter's
        self._rules: list[_Rule] = []

    def meet(self, what: str, trouble: Trouble, *, times: int = 1_000_000) -> None:
        """From now on, the next `times` requests whose "METHOD /path" the pattern finds meet this trouble."""
        self._rules.append(_Rule(re.compile(what), trouble, times))

    def mend(self) -> None:
        self._rules.clear()

    def asked(self, what: str) -> int:
        return sum(re.search(what, words) is not None for words in self.heard)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        words = f"{request.method} {request.url.path}"
        self.heard.append(words)
        for rule in self._rules:
            if rule.left and rule.what.search(words):
                rule.left -= 1
                return await rule.trouble(request, self._carry)
        return await self._carry(request)

    async def _carry(self, request: httpx.Request) -> httpx.Response:
        if self.to is None:
            raise RuntimeError("the line leads nowhere")
        try:
            return await self.to.handle_async_request(request)
        except Exception as error:  # noqa: BLE001 - kept, and told when the case is over
            self.crashes.append(f"{request.method} {request.url.path} raises {type(error).__name__}: {error}")
            return httpx.Response(500)


def answers(answer: httpx.Response, *, carried_out: bool = False) -> Trouble:
    """This answer in place of the provider's; with `carried_out`, the provider does what it was asked all the same."""

    async def meet(request: httpx.Request, carry: Carry) -> httpx.Response:
        if carried_out:
            await (await carry(request)).aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return meet


def page(status: int = 200, *, carried_out: bool = False) -> Trouble:
    """A proxy's page where JSON should be."""
    return answers(httpx.Response(status, html="<h1>One moment, please</h1>"), carried_out=carried_out)


def breaks(error: type[httpx.TransportError], *, carried_out: bool = False) -> Trouble:
    """The connection fails like this: never made, never answered, or closed in between."""

    async def meet(request: httpx.Request, carry: Carry) -> httpx.Response:
        if carried_out:
            await (await carry(request)).aread()
        raise error("a bad line", request=request)

    return meet


async def cuts(request: httpx.Request, carry: Carry) -> httpx.Response:
    """Carried out, and half of the answer comes back."""
    answer = await carry(request)
    body = await answer.aread()
    return httpx.Response(
        answer.status_code, content=body[: len(body) // 2], headers={"content-type": "application/json"}
    )


async def drips(request: httpx.Request, carry: Carry) -> httpx.Response:
    """Carried out, and the answer's first byte is all that ever comes: no read times out, for one is under way."""
    answer = await carry(request)
    return httpx.Response(answer.status_code, stream=_Drip(await answer.aread()))


class _Drip(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[:1]
        await asyncio.Event().wait()


class Hold:
    """Keeps an answer back for good: what a process sees that dies before it comes. `held` is set when it would."""

    def __init__(self, *, carried_out: bool) -> None:
        self._carried_out = carried_out
        self.held = asyncio.Event()

    async def __call__(self, request: httpx.Request, carry: Carry) -> httpx.Response:
        if self._carried_out:
            await (await carry(request)).aread()
        self.held.set()
        await asyncio.Event().wait()
        raise RuntimeError("nobody waits any more")
