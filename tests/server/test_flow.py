"""A payment's whole way through the server, on both databases, against the provider's sandbox."""

from __future__ import annotations

import asyncio

import httpx

from checkout_server.hints import verify_hint
from checkout_server.worker import Worker
from tests.world import ORDER, RETURN_SECRET, World, settings_for


async def test_created_paid_and_told(world: World) -> None:
    session = await world.create()
    assert (session["status"], session["amount"], session["mode"]) == ("open", "25.00", "test")
    assert session["provider_ref"]
    await world.do(session, "pay")
    after = await world.get(session)
    assert (after["status"], after["paid"], after["amount_received"]) == ("succeeded", True, "25.00")
    assert world.store.types == ["session.succeeded"]
    told = world.store.got[0]["data"]
    assert (told["id"], told["version"], told["order_id"]) == (session["id"], after["version"], "order-1")


async def test_the_shopper_is_sent_back_with_a_hint_that_verifies(world: World) -> None:
    session = await world.create()
    assert (await world.status(session))["redirect"] is None
    await world.do(session, "pay")
    snapshot = await world.status(session)
    assert snapshot["redirect"].startswith("https://store.test/done?checkout_session=")
    hint = verify_hint(snapshot["redirect"], ["newer", RETURN_SECRET], now=world.clock())
    assert (hint.session, hint.order, hint.status) == (session["id"], "order-1", "succeeded")


async def test_detected_then_paid(world: World) -> None:
    session = await world.create()
    await world.do(session, "detect", "drop")
    await world.forward(seconds=20)
    assert (await world.get(session))["status"] == "processing"
    await world.do(session, "pay")
    assert (await world.get(session))["status"] == "succeeded"
    assert world.store.types == ["session.processing", "session.succeeded"]


async def test_a_lost_webhook_is_repaired_by_looking(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay", "drop")
    assert (await world.get(session))["status"] == "open"
    await world.forward(seconds=16)
    assert (await world.get(session))["status"] == "succeeded"


async def test_expired_when_the_provider_says_so(world: World) -> None:
    session = await world.create(expires_in=600)
    await world.forward(minutes=9, seconds=59)
    assert (await world.get(session))["status"] == "open"
    await world.forward(seconds=62)
    assert (await world.get(session))["status"] == "expired"
    snapshot = await world.status(session)
    assert snapshot["redirect"].startswith("https://store.test/cart?")


async def test_cancel_is_what_the_provider_says(world: World) -> None:
    session = await world.create()
    answer = await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    await world.run()
    assert world.store.types == ["session.cancelled"]


async def test_cancelling_what_was_just_paid_tells_that_it_was_paid(world: World) -> None:
    session = await world.create()
    await world.lever(session["provider_ref"], "pay", "drop")
    world.clock.forward(seconds=1)
    async with world.working():
        answer = await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_cancellable")
    assert (await world.get(session))["status"] == "succeeded"


async def test_refunds_in_parts_and_never_too_much(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay")
    url = f"/v1/sessions/{session['id']}/refunds"
    first = await world.api.post(url, json={"amount": "10.00"}, headers={"idempotency-key": "r1"})
    assert (first.status_code, first.json()["amount"]) == (201, "10.00")
    too_much = await world.api.post(url, json={"amount": "15.01"}, headers={"idempotency-key": "r2"})
    assert (too_much.status_code, too_much.json()["error"]["code"]) == (422, "refund_too_large")
    replay = await world.api.post(url, json={"amount": "10.00"}, headers={"idempotency-key": "r1"})
    assert replay.json() == first.json()
    for _ in range(6):
        await world.forward(seconds=5)
    assert (await world.get(session))["status"] == "partially_refunded"
    rest = await world.api.post(url, headers={"idempotency-key": "r3"})
    assert rest.json()["amount"] == "15.00"
    for _ in range(6):
        await world.forward(seconds=5)
    after = await world.get(session)
    assert (after["status"], after["amount_refunded"]) == ("refunded", "25.00")
    assert [refund["status"] for refund in after["refunds"]] == ["succeeded", "succeeded"]


async def test_siblings_of_a_paid_order_are_not_payable(world: World) -> None:
    first, second = await world.create(), await world.create()
    assert (await world.status(second))["payable"] is True
    await world.do(first, "pay")
    shown = await world.status(second)
    assert (shown["already_paid"], shown["payable"], shown["status"]) == (True, False, "cancelled")


async def test_an_order_that_is_paid_twice_at_once_is_paid_once_and_reviewed(world: World) -> None:
    """Two processes decide at the same moment; one of the payments has to go back, and a person is told."""
    first, second = await world.create(), await world.create()
    for session in (first, second):
        await world.lever(session["provider_ref"], "pay")
    await world.deliveries()
    async with world.other_process() as other:
        await asyncio.gather(world.worker.drain(), Worker(other).drain())
    for _ in range(3):
        await world.forward(seconds=5)
    after = [await world.get(session) for session in (first, second)]
    assert sorted(session["status"] for session in after) == ["review", "succeeded"]
    assert {session["review_reason"] for session in after} == {None, "paid_twice"}
    assert sorted(world.store.types) == ["session.review", "session.succeeded"]
    assert [session["amount_received"] for session in after] == ["25.00"] * 2


async def test_an_order_that_is_paid_again_later(world: World) -> None:
    """The provider did not take the cancellation of the other payment in time."""
    first, second = await world.create(), await world.create()
    world.provider.instead = lambda request: (
        httpx.Response(429) if request.url.path.endswith("/cancel") else None
    )
    await world.do(first, "pay")
    await world.do(second, "pay")
    assert ((await world.get(first))["status"], (await world.get(second))["status"]) == (
        "succeeded",
        "review",
    )
    answer = await world.api.post(f"/v1/sessions/{second['id']}/refunds", headers={"idempotency-key": "back"})
    assert answer.status_code == 201


async def test_a_refusal_that_comes_later_is_told(world: World) -> None:
    """The merchant holds a 201: nobody waits for the answer any more."""
    answers = [httpx.Response(429), httpx.Response(400, json={"error": {"type": "invalid_request_error"}})]
    world.provider.instead = lambda request: answers.pop(0)
    session = (await world.api.post("/v1/sessions", json=ORDER)).json()
    assert (session["status"], session["provider_ref"]) == ("open", None)
    await world.forward(seconds=10)
    assert ((await world.get(session))["status"], world.store.types) == ("failed", ["session.failed"])


async def test_a_shopper_does_not_outrun_the_back_off(world: World) -> None:
    session = await world.create()
    world.provider.instead = lambda request: httpx.Response(429, headers={"retry-after": "60"})
    world.clock.forward(seconds=6)
    world.provider.seen.clear()
    for _ in range(12):
        await world.status(session)
        await world.forward(seconds=5)
    assert world.asked("GET") == 1


async def test_nobody_is_asked_before_the_time_it_named(world: World) -> None:
    """Neither for a shopper's nudges nor for webhooks."""
    session = await world.create()
    world.provider.instead = lambda request: httpx.Response(429, headers={"retry-after": "60"})
    world.provider.seen.clear()
    await world.lever(session["provider_ref"], "detect")
    await world.deliveries()
    await world.run()
    assert world.asked("GET") == 1
    for _ in range(10):
        await world.http.post(session["url"] + "/refresh", json={"ref": session["provider_ref"]})
        await world.forward(seconds=5)
    await world.lever(session["provider_ref"], "pay")
    await world.deliveries()
    await world.run()
    assert world.asked("GET") == 1
    world.provider.instead = None
    await world.forward(seconds=15)
    assert (await world.get(session))["status"] == "succeeded"


async def test_a_test_payment_settles_no_live_order(database_url: str) -> None:
    keys = {"secret_key": "sk_live_demo", "publishable_key": "pk_live_demo"}
    async with World.open(database_url) as world:
        paid = await world.create()
        await world.do(paid, "pay")
    own = settings_for(database_url).crypto_com  # type: ignore[attr-defined]
    live = {**own.model_dump(), **keys, "webhook_secret": "whsec_demo"}
    async with World.open(database_url, crypto_com=live) as world:
        session = await world.create()
        shown = await world.status(session)
        assert (session["mode"], shown["already_paid"], shown["payable"]) == ("live", False, True)


async def test_the_merchant_is_tried_again_on_schedule(world: World) -> None:
    world.store.status = 500
    session = await world.create()
    await world.do(session, "pay")
    assert world.store.tries == 1
    await world.forward(seconds=6)
    assert world.store.tries == 2
    world.store.status = 200
    await world.forward(minutes=6)
    assert (world.store.tries, world.store.types) == (3, ["session.succeeded"])
    await world.forward(hours=30)
    assert world.store.tries == 3
