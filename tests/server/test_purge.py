"""Forgetting what is over, and only that."""

from __future__ import annotations

import sqlalchemy as sa

from checkout_server.store.tables import metadata
from tests.world import World

KEPT_TABLES = {"assets", "budgets"}


async def rows(world: World) -> dict[str, int]:
    async with world.ctx.database.read() as conn:
        counts = {
            table.name: await conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if name not in KEPT_TABLES and count}


async def purge(world: World, days: int = 30) -> int:
    answer = await world.api.post("/v1/purge", json={"older_than_days": days})
    assert answer.status_code == 200, answer.text
    count: int = answer.json()["sessions"]
    return count


async def test_what_is_long_over_goes_with_all_that_hangs_on_it(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay")
    await world.api.post(f"/v1/sessions/{session['id']}/refunds", headers={"idempotency-key": "r"})
    for _ in range(8):
        await world.forward(seconds=5)
    assert (await world.get(session))["status"] == "refunded"
    await world.forward(days=20)
    assert await purge(world) == 0
    await world.forward(days=12)
    assert await purge(world) == 1
    assert await rows(world) == {}
    assert (await world.http.get(session["url"])).status_code == 404


async def test_what_waits_for_a_person_or_for_the_merchant_stays(world: World) -> None:
    review = await world.create(order_id="review")
    await world.tamper(review["provider_ref"], amount=1)
    await world.do(review, "pay")
    assert (await world.get(review))["status"] == "review"
    world.store.status = 500
    untold = await world.create(order_id="untold")
    await world.do(untold, "pay")
    world.clock.forward(days=60)
    assert await purge(world) == 0
    world.store.status = 200
    await world.run()
    assert await purge(world) == 1
    assert (await world.get(review))["status"] == "review"


async def test_a_month_is_the_least(lite: World) -> None:
    answer = await lite.api.post("/v1/purge", json={"older_than_days": 29})
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, "older_than_days")
