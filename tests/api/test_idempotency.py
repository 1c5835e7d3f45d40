"""Idempotency keys: money is asked for once, and the first answer is the answer."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from checkout_server.store import idempotency as kept
from checkout_server.store.tables import idempotency, refunds, sessions
from tests.api.shape import is_problem
from tests.world import ORDER, World


async def post(world: World, key: str, **fields: Any) -> httpx.Response:
    return await world.api.post("/v1/sessions", json={**ORDER, **fields}, headers={"idempotency-key": key})


async def test_the_first_answer_byte_for_byte(world: World) -> None:
    first = await post(world, "k1")
    session = first.json()
    await world.do(session, "pay")
    again = await post(world, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert (await world.count(sessions), len(await world.payments())) == (1, 1)


async def test_another_body_under_the_same_key(world: World) -> None:
    await post(world, "k1")
    is_problem(await post(world, "k1", amount="26.00"), 409, "idempotency_conflict", "Idempotency-Key")
    assert (await post(world, "k2", amount="26.00")).status_code == 201
    assert len(await world.payments()) == 2


async def test_the_same_request_written_differently_is_the_same(lite: World) -> None:
    first = await post(lite, "k1")
    fields = dict(reversed({**ORDER, "metadata": {}, "description": None}.items()))
    again = await lite.api.post("/v1/sessions", json=fields, headers={"idempotency-key": "k1"})
    assert again.content == first.content


async def test_two_at_once_are_one(world: World) -> None:
    answers = await asyncio.gather(*(post(world, "k1") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (await world.count(sessions), len(await world.payments())) == (1, 1)


async def test_two_refunds_at_once_are_one(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay")
    answers = await asyncio.gather(*(world.refunded(session, "r1", amount="20.00") for _ in range(4)))
    assert len({answer.content for answer in answers}) == 1
    assert (await world.count(refunds), world.asked("POST", "/refunds")) == (1, 1)


async def test_refunds_at_once_never_pay_back_more_than_came(world: World) -> None:
    """Each is allowed alone; together they are too much, whichever comes first."""
    session = await world.create()
    await world.do(session, "pay")
    answers = await asyncio.gather(*(world.refunded(session, f"r{n}", amount="10.00") for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 422, 422, 422]
    assert world.asked("POST", "/refunds") == 2


async def test_a_key_refused_before_anything_was_stored_can_be_used_again(world: World) -> None:
    is_problem(await post(world, "k1", amount="0"), 422)
    is_problem(await post(world, "k1", provider="nobody"), 422)
    assert (await post(world, "k1")).status_code == 201
    session = (await post(world, "k1")).json()
    is_problem(await world.refunded(session, "r1", amount="1.00"), 409, "not_refundable")
    await world.run()
    await world.do(session, "pay")
    assert (await world.refunded(session, "r1", amount="1.00")).status_code == 201


async def test_what_the_provider_refused_stays_refused(world: World) -> None:
    await world.fault(status=402, on="api")
    first = await post(world, "k1")
    again = await post(world, "k1")
    is_problem(first, 502, "provider_error")
    assert (again.status_code, again.content) == (502, first.content)
    assert world.asked("POST", "/payments") == 1


async def test_a_refund_is_replayed(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay")
    first = await world.refunded(session, "r1", amount="10.00")
    again = await world.refunded(session, "r1", amount="10.00")
    assert again.content == first.content
    is_problem(await world.refunded(session, "r1", amount="11.00"), 409, "idempotency_conflict")
    assert (await world.count(refunds), world.asked("POST", "/refunds")) == (1, 1)


async def test_a_refund_without_a_key(lite: World) -> None:
    session = await lite.create()
    await lite.do(session, "pay")
    is_problem(await lite.api.post(f"/v1/sessions/{session['id']}/refunds"), 422, "idempotency_key_required")
    assert await lite.count(refunds) == 0


async def test_a_first_request_that_died_is_told_as_it_stands(world: World) -> None:
    """Its row has no answer: the process was killed after it had written down what it was about to do."""
    first = await post(world, "k1")
    async with world.ctx.database.write() as tx:
        await tx.execute(idempotency.update().values(status=None, body=None))
    await world.run()
    await world.do(first.json(), "pay")
    world.clock.forward(seconds=31)
    again = await post(world, "k1")
    assert (again.status_code, again.json()["id"], again.json()["status"]) == (
        201,
        first.json()["id"],
        "succeeded",
    )
    assert len(await world.payments()) == 1


async def test_a_second_request_waits_for_the_first(lite: World) -> None:
    await post(lite, "k1")
    row = (await lite.rows(idempotency))[0]
    async with lite.ctx.database.write() as tx:
        await tx.execute(idempotency.update().values(status=None, body=None))
    waiting = asyncio.create_task(post(lite, "k1"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    async with lite.ctx.database.write() as tx:
        await kept.answer(tx, row["key"], row["fingerprint"], row["status"], row["body"])
    assert (await waiting).text == row["body"]


async def test_a_refusal_beside_it_does_not_become_the_answer(lite: World) -> None:
    """Two different requests under one key at once: the one that is refused must not answer for the other."""
    first = await post(lite, "k1")
    row = (await lite.rows(idempotency))[0]
    async with lite.ctx.database.write() as tx:
        await tx.execute(idempotency.update().values(status=None, body=None))
        await kept.answer(tx, row["key"], "another fingerprint", 422, "refused")
        await kept.answer(tx, row["key"], row["fingerprint"], 201, first.text)
        await kept.answer(tx, row["key"], row["fingerprint"], 502, "later")
    assert (await post(lite, "k1")).content == first.content


async def test_keys_of_different_routes_do_not_meet(lite: World) -> None:
    session = (await post(lite, "same")).json()
    await lite.run()
    await lite.do(session, "pay")
    assert (await lite.refunded(session, "same", amount="1.00")).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "\x7f", "é"])
async def test_a_key_that_is_none(lite: World, key: str) -> None:
    headers = {b"idempotency-key": key.encode("latin-1")}
    answer = await lite.api.post("/v1/sessions", json=ORDER, headers=headers)
    is_problem(answer, 422, "idempotency_key_invalid", "Idempotency-Key")
    assert await lite.count(sessions) == 0
