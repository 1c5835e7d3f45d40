"""`GET /checkout/{token}/events`: snapshots pushed as they change, for five minutes, then the page comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from checkout_server.api.access import ByToken, Ctx
from checkout_server.api.answers import errors
from checkout_server.api.presence import Presence
from checkout_server.context import Context
from checkout_server.errors import TooMany
from checkout_server.metrics import STREAMS
from checkout_server.notify import wait
from checkout_server.snapshot import same_but_time, shown_by_token, snapshot

router = APIRouter(prefix="/checkout", tags=["shopper"])
T = TypeVar("T")

_LIFE = timedelta(minutes=5)
_HEARTBEAT = 15
# Also how soon a change is seen whose wake-up got lost, and how often a page shows that someone is there.
_TICK = 5.0
# Nobody is woken by the end of the wait for the merchant, which the shopper is waiting for, too.
_TICK_TELLING = 1.0


@router.get(
    "/{token}/events",
    responses={
        **errors(404, 429, 503),
        200: {"content": {"text/event-stream": {}}, "description": "Snapshots."},
    },
    response_class=Response,
    summary="Snapshots as they change",
)
async def events(request: Request, ctx: Ctx, token: str, shown: ByToken) -> EventSourceResponse:
    """`id` is the session's version; a stream that resumes gets the newest snapshot first, whatever it has seen."""
    open_streams: set[object] = request.app.state.streams
    if len(open_streams) >= ctx.settings.max_streams:
        raise TooMany("streams_full", "Too many open streams; poll the status instead.", retry_after=30)
    presence: Presence = request.app.state.presence
    return EventSourceResponse(
        _snapshots(ctx, token, shown.session.id, open_streams, presence),
        ping=_HEARTBEAT,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _undisturbed(work: Coroutine[Any, Any, T]) -> T:
    """Lets work on the database end when the shopper hangs up: a query that is cut off costs its connection."""
    return await asyncio.shield(asyncio.create_task(work))


async def _snapshots(
    ctx: Context, token: str, session_id: str, streams: set[object], presence: Presence
) -> AsyncIterator[ServerSentEvent]:
    me, ends = object(), ctx.clock() + _LIFE
    streams.add(me)
    STREAMS.inc()
    try:
        with ctx.notifier.subscribe(session_id) as woken:
            told = None
            while ctx.clock() < ends:
                shown = await _undisturbed(shown_by_token(ctx, token))
                if shown is None:
                    return
                now = snapshot(ctx.settings, shown, ctx.clock())
                if told is None or not same_but_time(told, now):
                    told = now
                    data = json.dumps(now, ensure_ascii=False, separators=(",", ":"))
                    yield ServerSentEvent(data, event="snapshot", id=str(now["version"]))
                await _undisturbed(presence.notice(ctx, shown.session))
                await wait(woken, _TICK_TELLING if now["telling"] else _TICK)
    finally:
        streams.discard(me)
        STREAMS.dec()
