"""Payments that the shopper's browser creates: its word for an id is only a place to look."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from checkout_server.store import ledger
from tests.world import World

BROWSER = {"options": {"create": "browser"}}


async def made_by_browser(world: World, session: dict[str, Any], **changes: Any) -> str:
    """What the button does with the publishable key, any way the shopper likes."""
    form = {"amount": "2500", "currency": "USD", "order_id": session["id"], **changes}
    answer = await world.control.post(
        "/crypto_com/api/payments",
        data={k: v for k, v in form.items() if v is not None},
        auth=("pk_test_demo", ""),
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def claim(world: World, session: dict[str, Any], ref: str) -> httpx.Response:
    answer = await world.http.post(f"{session['url']}/refresh", json={"ref": ref})
    await world.run()
    return answer


def story(session: dict[str, Any]) -> list[str]:
    return [event["type"] for event in session["events"]]


async def test_nothing_is_created_here(world: World) -> None:
    session = await world.create(**BROWSER)
    assert (session["provider_ref"], await world.payments()) == (None, [])
    assert (await world.status(session))["payable"] is True


async def test_bound_only_with_money_in_it(world: World) -> None:
    session = await world.create(**BROWSER)
    ref = await made_by_browser(world, session)
    assert (await claim(world, session, ref)).status_code == 202
    assert (await world.get(session))["provider_ref"] is None
    await world.lever(ref, "pay", "drop")
    await claim(world, session, ref)
    after = await world.get(session)
    assert (after["provider_ref"], after["status"]) == (ref, "succeeded")
    assert world.store.types == ["session.succeeded"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"order_id": "order-1"}, "reference_mismatch"),
        ({"order_id": None}, "reference_mismatch"),
    ],
)
async def test_another_payment_is_not_ours_however_it_was_paid(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    session = await world.create(**BROWSER)
    ref = await made_by_browser(world, session, **changes)
    await world.lever(ref, "pay", "drop")
    await claim(world, session, ref)
    after = await world.get(session)
    assert (after["provider_ref"], after["paid"]) == (None, False)
    assert next(e["data"]["reason"] for e in after["events"] if e["type"] == "claim.rejected") == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"amount": "1"}, "amount_mismatch"), ({"currency": "EUR"}, "currency_mismatch")],
)
async def test_paid_but_not_what_was_asked_is_for_a_person(
    world: World, changes: dict[str, Any], reason: str
) -> None:
    session = await world.create(**BROWSER)
    ref = await made_by_browser(world, session, **changes)
    await world.lever(ref, "pay", "drop")
    await claim(world, session, ref)
    for _ in range(3):
        await world.forward(seconds=20)
    after = await world.get(session)
    assert (after["provider_ref"], after["status"], after["review_reason"]) == (None, "review", reason)
    assert (await world.status(session))["payable"] is False
    assert [event["type"] for event in after["events"]].count("session.review") == 1
    assert world.store.types == ["session.review"]


async def test_the_payment_of_another_session(world: World) -> None:
    theirs, mine = await world.create(order_id="theirs"), await world.create(order_id="mine", **BROWSER)
    await world.do(theirs, "pay")
    await claim(world, mine, theirs["provider_ref"])
    assert (await world.get(mine))["provider_ref"] is None
    assert (await world.get(mine))["status"] == "open"
    assert (await world.get(theirs))["status"] == "succeeded"


@pytest.mark.parametrize("ref", ["no-such-payment", "../refunds", "x" * 128])
async def test_an_id_that_is_none(lite: World, ref: str) -> None:
    session = await lite.create(**BROWSER)
    answer = await claim(lite, session, ref)
    assert answer.status_code == (422 if "/" in ref else 202)
    for _ in range(3):
        await lite.forward(minutes=5)
    assert (await lite.get(session))["status"] == "open"


async def test_a_claim_on_a_session_that_the_server_created_is_only_a_nudge(lite: World) -> None:
    session = await lite.create()
    ref = await made_by_browser(lite, session)
    await lite.lever(ref, "pay", "drop")
    await claim(lite, session, ref)
    after = await lite.get(session)
    assert (after["provider_ref"], after["status"]) == (session["provider_ref"], "open")


async def test_the_callback_is_lost_and_the_webhook_arrives(world: World) -> None:
    session = await world.create(**BROWSER)
    ref = await made_by_browser(world, session)
    await world.lever(ref, "pay")
    await world.run()
    after = await world.get(session)
    assert (after["provider_ref"], after["status"]) == (ref, "succeeded")


async def test_both_are_lost_and_looking_finds_it(world: World) -> None:
    session = await world.create(**BROWSER)
    ref = await made_by_browser(world, session)
    await world.lever(ref, "pay", "drop")
    await world.forward(seconds=20)
    after = await world.get(session)
    assert (after["provider_ref"], after["status"]) == (ref, "succeeded")


async def test_the_one_that_was_paid_of_two(world: World) -> None:
    """The shopper opened the window twice: the first that was shown is not the one with money."""
    session = await world.create(**BROWSER)
    first, second = await made_by_browser(world, session), await made_by_browser(world, session)
    await claim(world, session, first)
    await world.lever(second, "pay", "drop")
    await world.forward(seconds=20)
    assert (await world.get(session))["provider_ref"] == second
    assert first != second


async def test_paid_twice_is_for_a_person(world: World) -> None:
    session = await world.create(**BROWSER)
    refs = [await made_by_browser(world, session) for _ in range(2)]
    for ref in refs:
        await world.lever(ref, "pay", "drop")
        await claim(world, session, ref)
    after = await world.get(session)
    assert (after["status"], after["review_reason"], after["provider_ref"]) == (
        "review",
        "paid_twice",
        refs[0],
    )
    assert world.store.types == ["session.succeeded", "session.review"]


async def test_never_created_expires(world: World) -> None:
    session = await world.create(expires_in=600, **BROWSER)
    await world.forward(minutes=10)
    assert (await world.get(session))["status"] == "open"
    for _ in range(3):
        await world.forward(minutes=1)
    assert (await world.get(session))["status"] == "expired"


async def test_money_after_that_is_noticed(world: World) -> None:
    session = await world.create(expires_in=600, **BROWSER)
    ref = await made_by_browser(world, session, expired_at=str(int(world.clock().timestamp()) + 9000))
    for _ in range(3):
        await world.forward(minutes=6)
    assert (await world.get(session))["status"] == "expired"
    await world.lever(ref, "pay")
    await world.run()
    after = await world.get(session)
    assert (after["status"], after["review_reason"]) == ("review", "late")


async def test_claims_cannot_use_up_what_others_need(lite: World) -> None:
    """Ids invented by a page are read at the provider at most as often as shoppers may make us look."""
    session = await lite.create(**BROWSER)
    lite.clock.forward(minutes=1)
    lite.provider.seen.clear()
    async with lite.ctx.database.write() as tx:
        for n in range(120):
            await ledger.plan(tx, session["id"], "claim", lite.clock(), ref=f"invented-{n}")
    await lite.worker.drain()
    assert lite.asked("GET") == 41, "300 a minute: what eight seconds allow, and the one at hand"
    for _ in range(3):
        await lite.forward(seconds=8)
    assert lite.asked("GET") >= 120, "the others have their turn"
