"""Webhooks that get lost, come twice, overtake each other, lie or are late."""

from __future__ import annotations

import json

import httpx
import pytest

from checkout_server.sandbox import SandboxSettings
from tests.sandbox.rig import Rig, signed

PAID = ["payment.fulfill", "payment.captured"]


@pytest.mark.parametrize(
    ("mode", "types"),
    [
        ("send", PAID),
        ("drop", []),
        ("duplicate", ["payment.fulfill", "payment.fulfill", "payment.captured", "payment.captured"]),
        ("reorder", PAID[::-1]),
        ("delay", PAID),
    ],
)
async def test_a_mode_decides_what_arrives(rig: Rig, mode: str, types: list[str]) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "pay", webhook=mode)
    assert [event["type"] for event in await rig.told()] == types
    assert all(signed(request) for request in rig.inbox)
    assert (await rig.fetch(payment["id"]))["status"] == "succeeded"


async def test_a_duplicate_is_the_same_event(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "detect", webhook="duplicate")
    one, two = await rig.told()
    assert one == two


async def test_a_single_event_out_of_order_comes_before_the_one_that_was_first(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "detect", webhook="reorder")
    assert [event["type"] for event in await rig.told()] == ["payment.fulfill", "payment.created"]


async def test_a_bad_signature_does_not_verify_and_is_tried_as_often(rig: Rig) -> None:
    payment = await rig.create()
    rig.answers = [401] * 6
    await rig.do(payment["id"], "detect", webhook="bad_signature")
    await rig.settle()
    assert len(rig.inbox) == 6
    assert not any(signed(request) for request in rig.inbox)


async def test_a_delay_is_waited_for_before_anything_is_sent(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "detect", webhook="delay", delay_ms=2500)
    (event,) = await rig.told()
    assert rig.time.slept == [2.5]
    # Told as of when it happened, signed as of when it was sent.
    moment = int(rig.inbox[0].headers["Pay-Signature"].split(",")[0].removeprefix("t="))
    assert moment - event["created"] == 2


async def test_a_failing_event_does_not_hold_up_the_next(rig: Rig) -> None:
    payment = await rig.create()
    rig.answers = [500, 200, 200]
    await rig.do(payment["id"], "pay")
    assert [event["type"] for event in await rig.told()] == [*PAID, "payment.fulfill"]


async def test_the_schedule_can_be_shortened() -> None:
    async with Rig(retry_pace=0.02) as rig:
        rig.answers = [500]
        await rig.create()
        assert rig.time.slept == [0.1]


async def test_text_is_signed_as_the_bytes_that_are_sent(rig: Rig) -> None:
    payment = await rig.create(description="Café – 東京 😀")
    await rig.do(payment["id"], "detect")
    (event,) = await rig.told()
    assert event["data"]["object"]["description"] == "Café – 東京 😀"
    assert "東京".encode() in rig.inbox[0].content
    assert signed(rig.inbox[0])


async def test_without_an_address_nothing_is_sent_and_all_else_works() -> None:
    async with Rig(webhook_url=None) as rig:
        payment = await rig.create()
        assert (await rig.do(payment["id"], "pay")).status_code == 200
        assert await rig.told() == []


def test_the_address_follows_the_checkout_server() -> None:
    settings = SandboxSettings(checkout_url="http://localhost:8000/")
    assert settings.webhook_url("crypto_com") == "http://localhost:8000/webhooks/crypto_com"
    own = SandboxSettings(
        checkout_url="http://localhost:8000", providers={"crypto_com": {"webhook_url": "http://x/y"}}
    )
    assert own.webhook_url("crypto_com") == "http://x/y"


async def test_closing_ends_what_is_under_way() -> None:
    async with Rig() as rig:
        rig.answers = [httpx.ReadTimeout("slow")] * 6
        await rig.post("/payments", {"amount": "1", "currency": "USD"})
        await rig.sandbox.deliveries.aclose()
        assert len(rig.inbox) < 6


async def test_an_event_tells_of_its_own_moment(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "pay", webhook="delay")
    await rig.settle()
    statuses = [json.loads(each.content)["data"]["object"]["status"] for each in rig.inbox]
    assert statuses == ["pending", "succeeded"]
