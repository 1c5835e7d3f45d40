"""The event stream: the truth first, then every change, wherever it was made."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from checkout_server import sessions
from checkout_server.store import sessions as rows
from tests.api.shape import is_problem
from tests.api.stream import stream
from tests.world import World


def events_of(session: dict[str, str]) -> str:
    return urlsplit(session["url"]).path + "/events"


async def test_a_snapshot_first_and_then_what_changes(world: World) -> None:
    session = await world.create()
    async with stream(world.app, events_of(session)) as live:
        assert (live.status, live.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
        assert live.headers["cache-control"] == "no-store"
        assert live.headers["x-accel-buffering"] == "no"
        first = await live.event()
        assert first["event"] == "snapshot"
        assert (first["data"]["status"], first["id"]) == ("open", str(first["data"]["version"]))
        await world.do(session, "pay")
        later = await live.event()
        assert later["data"]["status"] == "succeeded"
        assert int(later["id"]) == (await world.get(session))["version"] > int(first["id"])


async def test_a_stream_that_resumes_gets_the_newest_first(world: World) -> None:
    session = await world.create()
    async with stream(world.app, events_of(session)) as live:
        seen = await live.event()
    await world.do(session, "pay")
    for last in (seen["id"], "999", "nonsense"):
        async with stream(world.app, events_of(session), last_event_id=last) as live:
            assert (await live.event())["data"]["status"] == "succeeded"


async def test_a_change_by_another_process_wakes_it(world: World) -> None:
    """On PostgreSQL by NOTIFY; a SQLite file has one process, so there the change is made in this one."""
    session = await world.create()
    async with world.ctx.database.read() as conn:
        record = await rows.by_id(conn, session["id"])
    assert record is not None
    async with stream(world.app, events_of(session)) as live, world.other_process() as other:
        first = await live.event()
        await asyncio.sleep(0)
        await sessions.leave(other if world.ctx.database.is_postgres else world.ctx, record)
        again = await live.event()
        assert int(again["id"]) == int(first["id"]) + 1


async def test_the_same_again_is_not_sent(lite: World) -> None:
    session = await lite.create()
    async with stream(lite.app, events_of(session)) as live:
        await live.event()
        lite.ctx.notifier.publish({session["id"]})
        lite.clock.forward(seconds=1)
        lite.ctx.notifier.publish({session["id"]})
        await lite.do(session, "pay")
        assert (await live.event())["data"]["status"] == "succeeded"


async def test_it_ends_after_five_minutes(lite: World) -> None:
    session = await lite.create()
    async with stream(lite.app, events_of(session)) as live:
        await live.event()
        lite.clock.forward(minutes=5)
        lite.ctx.notifier.publish({session["id"]})
        await live.ended()
    assert lite.app.state.streams == set()


async def test_no_more_than_the_cap_and_room_again_after_one_left(lite_url: str) -> None:
    async with World.open(lite_url, max_streams=1) as world:
        session = await world.create()
        async with stream(world.app, events_of(session)) as live:
            await live.event()
            is_problem(await world.http.get(session["url"] + "/events"), 429, "streams_full")
        assert world.app.state.streams == set()
        assert world.ctx.notifier.watchers() == 0
        async with stream(world.app, events_of(session)) as live:
            assert (await live.event())["event"] == "snapshot"


async def test_who_watches_is_a_reason_to_look(lite: World) -> None:
    session = await lite.create()
    await lite.lever(session["provider_ref"], "pay", "drop")
    lite.clock.forward(seconds=6)
    async with stream(lite.app, events_of(session)) as live:
        assert (await live.event())["data"]["status"] == "open"
        async with asyncio.timeout(5):
            while (await lite.get(session))["status"] == "open":
                await lite.run()
        assert (await live.event())["data"]["status"] == "succeeded"
