"""The provider's bad days: a look that fails decides nothing, and is repeated until it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from checkout_server.conformance.bench import Bench
from checkout_server.conformance.case import Case, case, holds, same
from checkout_server.conformance.line import Trouble, breaks, cuts, drips, page
from checkout_server.providers import http

Make = Callable[[Bench], Trouble]

# What a read may meet.
_TROUBLES: dict[str, Make] = {
    "401": lambda bench: bench.failure(401),
    "403": lambda bench: bench.failure(403),
    "404": lambda bench: bench.failure(404),
    "409": lambda bench: bench.failure(409),
    "429": lambda bench: bench.failure(429),
    "500": lambda bench: bench.failure(500),
    "503": lambda bench: bench.failure(503),
    "html": lambda bench: page(),
    "a_html_404": lambda bench: page(404),
    "a_cut_body": lambda bench: cuts,
    "an_empty_object": lambda bench: _json("{}"),
    "a_bare_string": lambda bench: _json('"fine"'),
    "a_stalled_connection": lambda bench: breaks(httpx.ReadTimeout),
    "no_connection": lambda bench: breaks(httpx.ConnectError),
    "a_closed_connection": lambda bench: breaks(httpx.RemoteProtocolError, carried_out=True),
}


def _json(body: str) -> Trouble:
    async def meet(request: httpx.Request, carry: object) -> httpx.Response:
        return httpx.Response(200, text=body, headers={"content-type": "application/json"})

    return meet


def _read(name: str, make: Make) -> Case:
    @case(name=f"a_read_meets_{name}")
    async def read(bench: Bench) -> None:
        """The payment succeeded, and nobody can see it: open until it is seen, then what it is."""
        session = await bench.create()
        bench.line.meet(bench.profile.reads, make(bench))
        asked = bench.line.asked(bench.profile.reads)
        await bench.do(session, bench.succeeding)
        await bench.stays(session, "open")
        holds("it was looked at meanwhile", bench.line.asked(bench.profile.reads) > asked)
        bench.line.mend()
        await bench.until(session, bench.success)
        same("requests to create", bench.creates, 1)

    return read


READS = tuple(_read(name, make) for name, make in _TROUBLES.items())


@asynccontextmanager
async def _impatient() -> AsyncIterator[None]:
    """Nobody waits twenty seconds here for an answer that drips."""
    whole = http.DEADLINE
    http.DEADLINE = 0.05
    try:
        yield
    finally:
        http.DEADLINE = whole


@case()
async def an_answer_that_drips(bench: Bench) -> None:
    """One byte, and then nothing for ever: given up after a while, though no single read ever times out."""
    session = await bench.create()
    bench.line.meet(bench.profile.reads, drips)
    async with _impatient(), asyncio.timeout(10):
        await bench.do(session, bench.succeeding)
    same("the session's status", (await bench.get(session))["status"], "open")
    bench.line.mend()
    await bench.until(session, bench.success)


@case()
async def slow_down(bench: Bench) -> None:
    """A 429 with a time is not outrun, neither by the clock nor by a page that asks again and again."""
    session = await bench.create()
    bench.line.meet(bench.profile.reads, bench.failure(429, retry_after="60"))
    bench.clock.forward(seconds=16)
    asked = bench.line.asked(bench.profile.reads)
    for _ in range(11):
        await bench.http.get(f"{session['url']}/status")
        await bench.forward(seconds=5)
    same("reads within the minute", bench.line.asked(bench.profile.reads) - asked, 1)


@case()
async def away_beyond_the_end(bench: Bench) -> None:
    """A provider that is down past the expiry: no end is told that nobody has seen."""
    session = await bench.create(expires_in=600)
    bench.line.meet(bench.profile.reads, bench.failure(503))
    await bench.do(session, bench.succeeding, "drop")
    for _ in range(4):
        await bench.forward(minutes=5)
    same("the session's status", (await bench.get(session))["status"], "open")
    bench.line.mend()
    await bench.until(session, bench.success)


@case()
async def a_payment_that_is_gone(bench: Bench) -> None:
    """The provider knows of none, again and again: never paid, and over when its time is."""
    session = await bench.create(expires_in=600)
    bench.line.meet(bench.profile.reads, bench.failure(404))
    await bench.stays(session, "open", minutes=4)
    for _ in range(4):
        await bench.forward(minutes=4)
    same("the session's status", (await bench.get(session))["status"], "expired")
