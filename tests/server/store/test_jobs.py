"""Leases: nobody does a job twice at once, and no job is lost with the one who did it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from checkout_server import refresh, sessions
from checkout_server.change import Change, change, unchanged
from checkout_server.errors import Busy
from checkout_server.money import Money
from checkout_server.providers.base import Observation, State
from checkout_server.store import budgets, jobs, ledger
from checkout_server.store import sessions as rows
from checkout_server.store.tables import attempts, outbox, refunds
from checkout_server.store.tables import sessions as session_rows
from checkout_server.worker import Worker
from tests.world import World


async def claim(world: World, owner: str, **more: Any) -> list[str]:
    async with world.ctx.database.write() as tx:
        found = await jobs.claim_sessions(tx, owner, world.clock(), limit=10, **more)
    return [session.id for session in found]


async def ask(world: World, session_id: str, urgency: int = jobs.WEBHOOK) -> None:
    async with world.ctx.database.write() as tx:
        await jobs.request_refresh(tx, session_id, world.clock(), urgency)


async def due(world: World) -> str:
    session = await world.create()
    world.clock.forward(seconds=1)
    await ask(world, session["id"])
    return str(session["id"])


async def test_a_job_has_one_worker(world: World) -> None:
    session = await due(world)
    async with world.other_process() as other:
        both = await asyncio.gather(
            *(refresh_claims(ctx, world) for ctx in (world.ctx, other, world.ctx, other))
        )
    assert sorted(len(found) for found in both) == [0, 0, 0, 1]
    assert [found[0].id for found in both if found] == [session]


async def refresh_claims(ctx: Any, world: World) -> Any:
    async with ctx.database.write() as tx:
        return await jobs.claim_sessions(tx, ctx.owner, world.clock(), limit=10)


async def test_two_workers_at_once_fetch_and_deliver_once(world: World) -> None:
    session = await world.create()
    await world.lever(session["provider_ref"], "pay")
    await world.deliveries()
    world.provider.seen.clear()
    async with world.other_process() as other:
        await asyncio.gather(world.worker.drain(), Worker(other).drain())
    assert world.asked("GET", session["provider_ref"]) == 1
    assert (world.store.tries, world.store.types) == (1, ["session.succeeded"])


async def test_the_lease_of_a_dead_worker_is_taken_over(world: World) -> None:
    session = await due(world)
    assert await claim(world, "dead") == [session]
    world.clock.forward(seconds=jobs.LEASE.total_seconds() - 1)
    assert await claim(world, "next") == []
    world.clock.forward(seconds=1)
    assert await claim(world, "next") == [session]


async def release(world: World, session: str, owner: str, **more: Any) -> None:
    now = world.clock()
    values: dict[str, Any] = {
        "claimed_with": None, "started": now, "observed": now, "next_at": now + timedelta(hours=1),
        "not_before": None, "tries": 0, "miss": None, "urgency": jobs.RECONCILE,
    }  # fmt: skip
    async with world.ctx.database.write() as tx:
        await jobs.release_session(tx, session, owner, **{**values, **more})


async def test_one_who_lost_its_lease_cannot_end_that_of_another(world: World) -> None:
    session = await due(world)
    await claim(world, "slow")
    world.clock.forward(seconds=31)
    await claim(world, "next")
    await release(world, session, "slow")
    assert await claim(world, "third") == []


async def test_a_request_while_it_is_fetched_means_again(world: World) -> None:
    session = await due(world)
    await claim(world, "w")
    started = world.clock()
    known = (await world.rows(session_rows))[0]["refresh_requested_at"]
    world.clock.forward(seconds=1)
    await ask(world, session)
    assert await claim(world, "w2") == []
    await release(world, session, "w", started=started, claimed_with=known)
    assert await claim(world, "w2") == [session]


async def test_a_request_by_a_machine_whose_clock_is_behind_is_not_lost(world: World) -> None:
    session = await due(world)
    await claim(world, "w")
    known = (await world.rows(session_rows))[0]["refresh_requested_at"]
    started = world.clock() + timedelta(seconds=5)
    world.clock.forward(seconds=1)
    await ask(world, session)
    await release(world, session, "w", started=started, claimed_with=known)
    assert await claim(world, "w2") == [session]


async def test_a_request_that_was_answered_is_not_answered_again(world: World) -> None:
    session = await due(world)
    await claim(world, "w")
    known = (await world.rows(session_rows))[0]["refresh_requested_at"]
    await release(world, session, "w", claimed_with=known)
    assert await claim(world, "w2") == []


async def test_an_observation_that_began_earlier_is_dropped(world: World) -> None:
    session = await world.create()
    began = world.clock()
    world.clock.forward(seconds=1)
    await world.do(session, "pay", "drop")
    later = await refresh.observe(world.ctx, session["id"], seen(session, State.SUCCEEDED), world.clock())
    early = await refresh.observe(world.ctx, session["id"], seen(session, State.CANCELLED), began)
    assert (later.status, early.status, early.version) == ("succeeded", "succeeded", later.version)


def seen(session: dict[str, Any], state: State) -> Observation:
    money = Money(2500, "USD")
    return Observation(
        ref=session["provider_ref"], state=state, amount=money, currency="USD", mode="test", reference=session["id"],
        received=money if state is State.SUCCEEDED else None,
    )  # fmt: skip


async def test_a_write_on_an_old_version_is_refused(world: World) -> None:
    made = await world.create()
    async with world.ctx.database.read() as conn:
        old = await rows.by_id(conn, made["id"])
    assert old is not None
    await sessions.leave(world.ctx, old)
    with pytest.raises(rows.Conflict):
        async with world.ctx.database.write() as tx:
            await rows.save(tx, old, read_as=old.version)


async def test_changes_at_once_all_happen_each_in_its_version(world: World) -> None:
    session = await world.get(await world.create())
    turns = range(5)

    async def one(n: int) -> int:
        done = await change(
            world.ctx, session["id"], lambda s: Change(unchanged(s.facts), f"test.{n}", {"n": n})
        )
        return done.version

    versions = await asyncio.gather(*(one(n) for n in turns))
    story = (await world.get(session))["events"]
    assert sorted(versions) == [session["version"] + 1 + n for n in turns]
    assert {event["type"] for event in story} >= {f"test.{n}" for n in turns}
    assert [event["seq"] for event in story] == sorted(event["seq"] for event in story)


async def test_a_conflict_is_tried_again_and_told_when_it_does_not_end(lite: World) -> None:
    session = await lite.create()
    tries = 0

    def always(_: Any) -> Change | None:
        nonlocal tries
        tries += 1
        raise rows.Conflict(session["id"])

    with pytest.raises(Busy) as told:
        await change(lite.ctx, session["id"], always)
    assert tries > 3
    assert told.value.retry_after


async def test_who_waits_longest_is_not_first_but_who_matters_most(world: World) -> None:
    made = [(await world.create(order_id=f"o{n}"))["id"] for n in range(3)]
    world.clock.forward(seconds=1)
    await ask(world, made[0], jobs.RECONCILE)
    world.clock.forward(seconds=1)
    await ask(world, made[1], jobs.SHOPPER)
    world.clock.forward(seconds=1)
    await ask(world, made[2], jobs.WEBHOOK)
    order = []
    for _ in made:
        async with world.ctx.database.write() as tx:
            order += [s.id for s in await jobs.claim_sessions(tx, "w", world.clock(), limit=1)]
    assert order == [made[2], made[1], made[0]]


async def test_urgency_never_falls_by_another_request(world: World) -> None:
    session = await due(world)
    await ask(world, session, jobs.RECONCILE)
    assert (await world.rows(session_rows))[0]["urgency"] == jobs.WEBHOOK


SECOND = timedelta(seconds=1)


async def test_a_budget_is_one_for_all_processes_and_leaks_evenly(world: World) -> None:
    async def take(ctx: Any) -> bool:
        async with ctx.database.write() as tx:
            return await budgets.take(tx, "a:b", world.clock(), interval=SECOND, backlog=4 * SECOND)

    async with world.other_process() as other:
        # Also the very first ones, which all find no row to count in.
        taken = await asyncio.gather(*(take(ctx) for ctx in (world.ctx, other) * 5))
        assert sum(taken) == 5
        world.clock.forward(seconds=2)
        assert [await take(other) for _ in range(3)] == [True, True, False]
        world.clock.forward(hours=1)
        # What was not used while nobody asked is not saved up beyond the backlog.
        assert [await take(other) for _ in range(6)] == [True] * 5 + [False]


async def test_housekeeping_leaves_the_budget_to_shoppers_and_webhooks(world: World) -> None:
    session = await world.create()
    async with world.ctx.database.read() as conn:
        known = await rows.by_id(conn, session["id"])
    assert known is not None
    world.clock.forward(minutes=2)
    taken = {}
    for urgency in (jobs.RECONCILE, jobs.SHOPPER, jobs.WEBHOOK):
        number = 0
        while await refresh.within_budget(world.ctx, known, urgency, world.clock()):
            number += 1
        taken[urgency] = number
    # 300 reads a minute are five a second: four seconds' worth and the one at hand, then four more, then two more.
    assert taken == {jobs.RECONCILE: 21, jobs.SHOPPER: 20, jobs.WEBHOOK: 10}


async def test_over_budget_waits_a_moment_and_loses_nothing(world: World) -> None:
    session = await world.create()
    account = f"crypto_com:{world.ctx.providers['crypto_com'].account}"
    async with world.ctx.database.write() as tx:
        while await budgets.take(tx, account, world.clock(), interval=SECOND, backlog=12 * SECOND):
            pass
    world.provider.seen.clear()
    await world.do(session, "pay")
    assert (world.asked("GET"), (await world.get(session))["status"]) == (0, "open")
    await world.forward(seconds=3)
    assert (await world.get(session))["status"] == "succeeded"


async def test_a_job_that_fails_gives_its_lease_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = await world.create()

    async def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(world.ctx.providers["crypto_com"], "fetch", broken)
        await world.do(session, "pay")
    row = (await world.rows(session_rows))[0]
    assert (row["lease_owner"], row["last_miss"], row["tries"]) == (None, "internal", 1)
    await world.forward(seconds=3)
    assert (await world.get(session))["status"] == "succeeded"


async def test_a_planned_row_is_sent_by_one(world: World) -> None:
    """Two workers whose leases overlapped: money goes out once."""
    session = await world.create()
    await world.do(session, "pay")
    await world.refunded(session, "r1", amount="1.00")
    refund = (await world.rows(refunds))[0]
    async with world.ctx.database.write() as tx:
        await tx.execute(refunds.update().values(state=ledger.PLANNED))
    async with world.ctx.database.write() as tx:
        assert await ledger.mark_sent(tx, refunds, refund["id"])
    async with world.ctx.database.write() as tx:
        assert not await ledger.mark_sent(tx, refunds, refund["id"])


async def test_a_look_wished_for_while_one_is_under_way_comes_after_it(world: World) -> None:
    session = await world.create()

    async def wish() -> None:
        async with world.ctx.database.write() as tx:
            await ledger.plan_once(tx, session["id"], "claim", world.clock(), ref="pay_1")

    async def looks() -> list[str]:
        async with world.ctx.database.write() as tx:
            return [row["id"] for row in await jobs.claim(tx, attempts, "w", world.clock(), limit=10)]

    await wish()
    await wish()  # not begun yet: one look answers both
    (first,) = await looks()
    await wish()
    await ledger.end_attempt(world.ctx.database, first, ledger.DONE, None, world.clock())
    (second,) = await looks()
    assert second != first
    await ledger.end_attempt(world.ctx.database, second, ledger.DONE, None, world.clock())
    assert await looks() == []
    await wish()
    assert await looks() in ([first], [second])


async def test_on_a_file_leases_end_with_their_process(lite: World) -> None:
    session = await due(lite)
    await claim(lite, "dead")
    async with lite.ctx.database.write() as tx:
        await jobs.forget_leases(tx, lite.clock())
    assert await claim(lite, "next") == [session]


async def test_when_the_next_job_is_due(world: World) -> None:
    async with world.ctx.database.read() as conn:
        assert await jobs.next_due(conn) is None
    session = await due(world)
    async with world.ctx.database.read() as conn:
        assert await jobs.next_due(conn) == world.clock()
    await claim(world, "w")
    async with world.ctx.database.read() as conn:
        assert await jobs.next_due(conn) == world.clock() + jobs.LEASE
    assert session
    assert [await world.count(table) for table in (attempts, outbox)] == [1, 0]
