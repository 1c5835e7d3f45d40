"""Lists by cursor: complete, filtered, and not shaken by what is created meanwhile."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.world import ORDER, World


async def ids(world: World, **query: Any) -> tuple[list[str], str | None]:
    body = (await world.api.get("/v1/sessions", params=query)).json()
    return [session["id"] for session in body["data"]], body["next"]


async def some(world: World, number: int, **fields: Any) -> list[str]:
    made = []
    for n in range(number):
        world.clock.forward(seconds=1)
        answer = await world.api.post("/v1/sessions", json={**ORDER, "order_id": f"order-{n}", **fields})
        made.append(answer.json()["id"])
    return made[::-1]


async def test_pages_add_up_while_others_are_created(world: World) -> None:
    made = await some(world, 5)
    first, cursor = await ids(world, limit=2)
    newer = await some(world, 2)
    second, cursor = await ids(world, limit=2, after=cursor)
    third, end = await ids(world, limit=2, after=cursor)
    assert first + second + third == made
    assert end is None
    assert await ids(world) == ([*newer, *made], None)


async def test_the_last_page_that_is_just_full(lite: World) -> None:
    made = await some(lite, 2)
    assert await ids(lite, limit=2) == (made, None)
    assert await ids(lite, limit=1) == (made[:1], made[0])
    assert await ids(lite, after=made[-1]) == ([], None)


async def test_filters(world: World) -> None:
    made = await some(world, 3)
    await world.run()
    paid = (await world.api.get(f"/v1/sessions/{made[1]}")).json()
    await world.do(paid, "pay")
    assert await ids(world, status="succeeded") == ([made[1]], None)
    assert await ids(world, status="open") == ([made[0], made[2]], None)
    assert await ids(world, status="open", limit=1) == ([made[0]], made[0])
    assert await ids(world, status="open", limit=1, after=made[0]) == ([made[2]], None)
    assert await ids(world, order_id="order-1") == ([made[1]], None)
    assert await ids(world, provider="crypto_com", mode="test") == (made, None)
    assert await ids(world, mode="live") == ([], None)
    assert await ids(world, provider_ref=paid["provider_ref"]) == ([made[1]], None)
    assert await ids(world, provider="nobody") == ([], None)


async def test_a_list_costs_the_same_however_long_it_is(lite: World) -> None:
    counted: list[str] = []
    sa.event.listen(
        lite.ctx.database.engine.sync_engine, "before_cursor_execute", lambda *args: counted.append(args[2])
    )
    await some(lite, 1)
    await lite.run()  # or the webhooks that are still on their way would be counted, too
    counted.clear()
    await ids(lite)
    short = len(counted)
    await some(lite, 6)
    await lite.run()
    counted.clear()
    await ids(lite)
    assert len(counted) == short > 0
