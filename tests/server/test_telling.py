"""Races at the end: the store has heard of the payment before its shopper comes back, or we have tried for long enough."""

from __future__ import annotations

from tests.world import World


async def test_back_only_when_the_merchant_was_told(world: World) -> None:
    session = await world.create()
    world.store.status = 500
    await world.do(session, "pay")
    shown = await world.status(session)
    assert (shown["status"], shown["final"], shown["telling"], shown["redirect"]) == (
        "succeeded",
        True,
        True,
        None,
    )
    assert shown["text"]["returning"] == "Telling Demo Store that you paid…"

    world.store.status = 200
    await world.forward(seconds=6)
    shown = await world.status(session)
    assert (shown["telling"], shown["text"]["returning"]) == (False, "Returning to Demo Store…")
    assert shown["redirect"].startswith("https://store.test/done?")


async def test_a_store_that_does_not_answer_keeps_nobody(world: World) -> None:
    session = await world.create()
    world.store.status = 500
    await world.do(session, "pay")
    await world.forward(seconds=9)
    assert (await world.status(session))["redirect"] is None
    await world.forward(seconds=2)
    shown = await world.status(session)
    assert (shown["telling"], bool(shown["redirect"])) == (False, True)


async def test_a_cancelled_shopper_waits_as_well(world: World) -> None:
    session = await world.create()
    world.store.status = 500
    await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    shown = await world.status(session)
    assert (shown["telling"], shown["redirect"]) == (True, None)
