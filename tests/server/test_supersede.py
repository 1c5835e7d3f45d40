"""An order that is paid cannot be paid again: its other payments are closed where they are, at the provider."""

from __future__ import annotations

import httpx

from tests.world import World, settings_for


async def test_the_other_payment_of_a_paid_order_is_cancelled_at_the_provider(world: World) -> None:
    first, second = await world.create(), await world.create(cancel_url="https://store.test/cart")
    await world.do(first, "pay")

    after = await world.get(second)
    assert after["status"] == "cancelled"
    payment = {each["id"]: each for each in await world.payments()}[second["provider_ref"]]
    assert payment["status"] == "cancelled"
    assert {"session.superseded", "session.cancelled"} <= {event["type"] for event in after["events"]}


async def test_its_page_says_that_the_order_is_paid(world: World) -> None:
    first, second = await world.create(), await world.create(cancel_url="https://store.test/cart")
    await world.do(first, "pay")

    shown = await world.status(second)
    assert (shown["already_paid"], shown["payable"], shown["redirect"]) == (True, False, None)
    back = await world.api.post(f"/checkout/{second['url'].rsplit('/', 1)[1]}/leave")
    assert back.json()["redirect"].startswith("https://store.test/done?")
    assert f"checkout_session={first['id']}" in back.json()["redirect"]


async def test_the_merchant_hears_of_the_payment_and_not_of_the_closing(world: World) -> None:
    first, _ = await world.create(), await world.create()
    await world.do(first, "pay")
    assert world.store.types == ["session.succeeded"]


async def test_a_payment_that_was_quicker_than_the_closing_is_for_a_person(world: World) -> None:
    first, second = await world.create(), await world.create()
    await world.lever(second["provider_ref"], "pay", "drop")
    await world.do(first, "pay")
    for _ in range(3):
        await world.forward(seconds=10)
    after = await world.get(second)
    assert (after["status"], after["review_reason"]) == ("review", "paid_twice")


async def test_a_provider_that_does_not_answer_is_asked_again(world: World) -> None:
    first, second = await world.create(), await world.create()
    answers = [httpx.Response(503), httpx.ReadTimeout("slow")]

    def unwilling(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("/cancel") or not answers:
            return None
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    world.provider.instead = unwilling
    await world.do(first, "pay")
    assert (await world.get(second))["status"] == "open"
    for _ in range(4):
        await world.forward(seconds=10)
    assert (answers, (await world.get(second))["status"]) == ([], "cancelled")


async def test_a_payment_that_is_born_too_late_is_closed_too(world: World) -> None:
    """Its create was postponed, and the order was paid in the meantime."""
    first = await world.create()
    world.provider.instead = lambda request: httpx.Response(429) if request.method == "POST" else None
    second = await world.create()
    assert second["provider_ref"] is None
    world.provider.instead = None
    await world.do(first, "pay")
    for _ in range(3):
        await world.forward(seconds=10)
    assert (await world.get(second))["status"] == "cancelled"


async def test_another_account_is_not_asked_to_close_it(lite_url: str) -> None:
    """The merchant has changed the provider's account: its key must not touch payments of the old one."""
    async with World.open(lite_url) as world:
        old = await world.create()
    own = settings_for(lite_url).crypto_com  # type: ignore[attr-defined]  # a field of each provider that is found
    changed = {**own.model_dump(), "publishable_key": "pk_test_new"}
    changed |= {"secret_key": "sk_test_demo", "webhook_secret": "whsec_demo"}
    async with World.open(lite_url, crypto_com=changed) as world:
        paid = await world.create()
        world.provider.seen.clear()
        await world.do(paid, "pay")
        await world.forward(minutes=1)
        assert [(await world.get(each))["status"] for each in (paid, old)] == ["succeeded", "open"]
        assert world.asked("POST", "/cancel") == 0
