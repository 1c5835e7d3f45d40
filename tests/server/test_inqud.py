"""Inqud through the server: open and fixed prices, conflicts, what was tampered with, answers that got lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from checkout_server.demo.accounts import inqud
from tests.world import SANDBOX, World

Session = dict[str, Any]


@pytest.fixture(params=["token", "signed"])
async def world(lite_url: str, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with World.open(
        lite_url, inqud={**inqud.settings(f"{SANDBOX}/inqud"), "auth": request.param}
    ) as opened:
        yield opened


@pytest.fixture
async def shop(lite_url: str) -> AsyncIterator[World]:
    async with World.open(lite_url, inqud=inqud.settings(f"{SANDBOX}/inqud")) as opened:
        yield opened


async def fixed(world: World, **fields: Any) -> Session:
    return await world.create(provider="inqud", **fields)


async def open_price(world: World, **fields: Any) -> Session:
    """`World.create` has a price in every order."""
    order = {"provider": "inqud", "order_id": "order-1", "return_url": "https://store.test/done", **fields}
    response = await world.api.post("/v1/sessions", json=order)
    assert response.status_code == 201, response.text
    body: Session = response.json()
    await world.run()
    return body


async def lever(world: World, session: Session, do: str, webhook: str = "send", **more: Any) -> None:
    url = f"/_control/inqud/payments/{session['provider_ref']}"
    response = await world.control.post(url, json={"do": do, "webhook": webhook, **more})
    assert response.status_code == 200, response.text
    await world.run()


async def tamper(world: World, session: Session, **fields: Any) -> None:
    url = f"/_control/inqud/payments/{session['provider_ref']}/tamper"
    response = await world.control.post(url, json=fields)
    assert response.status_code == 200, response.text


async def checkouts(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.control.get("/_control/inqud/payments")).json()["data"]
    return found


async def test_a_fixed_price_is_paid(world: World) -> None:
    session = await fixed(world)
    assert (session["status"], session["amount"], session["mode"]) == ("open", "25.00", "test")
    (held,) = await checkouts(world)
    assert (held["clientOrderId"], held["type"]) == (session["id"], "FIXED_PRICE")
    await lever(world, session, "pay")
    after = await world.get(session)
    assert (after["status"], after["amount_received"]) == ("succeeded", "25.00")
    assert world.store.types == ["session.succeeded"]


@pytest.mark.parametrize("kind", [None, "NO_PRICE", "SUGGESTED_FIXED_PRICE"])
async def test_an_open_price_records_what_was_received(shop: World, kind: str | None) -> None:
    session = await open_price(shop, **({"options": {"type": kind}} if kind else {}))
    assert (session["amount"], session["currency"]) == (None, None)
    await lever(shop, session, "pay", amount="12.5")
    after = await shop.get(session)
    assert (after["status"], after["amount"]) == ("succeeded", None)
    assert (after["amount_received"], after["currency"]) == ("12.5", "USDT")
    told = shop.store.got[-1]["data"]
    assert (told["amount_received"], told["currency"]) == ("12.5", "USDT")


async def test_an_open_price_in_a_coin_nobody_here_counts_is_for_a_person(shop: World) -> None:
    session = await open_price(shop)
    await tamper(
        shop,
        session,
        status="SUCCESS",
        request={"paidAmount": {"amount": 7, "currency": "PEPE"}, "txHash": "0x7"},
    )
    await shop.forward(seconds=20)
    after = await shop.get(session)
    assert (after["status"], after["paid"], after["amount_received"]) == ("review", False, None)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"options": {"type": "NO_PRICE"}}, "amount"),
        ({"options": {"type": "SUGGESTED_FIXED_PRICE"}}, "amount"),
        ({"amount": "1.000000000000000001", "currency": "ETH"}, "amount"),
        ({"options": {"type": "ANY"}}, "options.type"),
        ({"options": {"kind": "NO_PRICE"}}, "options.kind"),
    ],
)
async def test_bad_input_names_the_field_and_nothing_is_sent(
    shop: World, fields: dict[str, Any], param: str
) -> None:
    order = {
        "provider": "inqud",
        "amount": "25.00",
        "currency": "USD",
        "order_id": "order-1",
        "return_url": "https://store.test/done",
        **fields,
    }
    response = await shop.api.post("/v1/sessions", json=order)
    assert (response.status_code, response.json()["error"]["param"]) == (422, param)
    assert shop.provider.seen == []


async def test_money_seen_is_processing_and_nothing_more(shop: World) -> None:
    session = await fixed(shop)
    await lever(shop, session, "detect")
    assert (await shop.get(session))["status"] == "processing"
    await lever(shop, session, "pay")
    assert (await shop.get(session))["status"] == "succeeded"


@pytest.mark.parametrize("do", ["underpay", "conflict"])
async def test_a_conflict_is_for_a_person_and_the_shopper_is_told(shop: World, do: str) -> None:
    session = await fixed(shop)
    await lever(shop, session, do)
    after = await shop.get(session)
    assert (after["status"], after["review_reason"], after["paid"]) == ("review", "conflict", False)
    snapshot = await shop.status(session)
    assert not snapshot["payable"]
    assert "could not settle" in snapshot["text"]["review"]


async def test_a_payment_that_support_takes_back_is_for_a_person(shop: World) -> None:
    session = await fixed(shop)
    await lever(shop, session, "pay")
    await lever(shop, session, "reverse")
    after = await shop.get(session)
    assert (after["status"], after["review_reason"]) == ("review", "reversed")


async def test_too_much_is_paid(shop: World) -> None:
    session = await fixed(shop)
    await lever(shop, session, "overpay", amount="40.00")
    assert (await shop.get(session))["status"] == "succeeded"


@pytest.mark.parametrize("status", ["COMPLETED", "PAID", "FAILED", "EXPIRED", "success"])
async def test_a_status_nobody_knows_is_neither_paid_nor_failed(shop: World, status: str) -> None:
    session = await fixed(shop)
    await tamper(shop, session, status=status)
    await shop.forward(seconds=30)
    assert (await shop.get(session))["status"] == "open"


async def test_late_money_is_for_a_person(shop: World) -> None:
    session = await fixed(shop, expires_in=600)
    await shop.forward(minutes=11, seconds=1)
    assert (await shop.get(session))["status"] == "expired"
    await lever(shop, session, "pay")
    after = await shop.get(session)
    assert (after["status"], after["paid"]) == ("review", False)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"fixedAmount": {"amount": 2.5, "currency": "USD"}}, "amount_mismatch"),
        ({"fixedAmount": {"amount": 25, "currency": "EUR"}}, "currency_mismatch"),
        ({"fixedAmount": None}, "amount_mismatch"),
        ({"type": "NO_PRICE"}, "terms_mismatch"),
        ({"projectId": "CAP-another"}, "terms_mismatch"),
        ({"clientOrderId": "cs_another"}, "reference_mismatch"),
        ({"clientOrderId": None}, "reference_mismatch"),
        ({"id": "CCO-another"}, "ref_mismatch"),
    ],
)
async def test_a_checkout_that_is_not_as_it_was_created_is_never_paid(
    shop: World, fields: dict[str, Any], reason: str
) -> None:
    session = await fixed(shop)
    await tamper(shop, session, **fields, status="SUCCESS")
    await lever(shop, session, "pay", "drop")
    await shop.forward(seconds=20)
    after = await shop.get(session)
    assert (after["status"], after["review_reason"], after["paid"]) == ("review", reason, False)


async def test_one_transfer_settles_one_session(shop: World) -> None:
    one, two = await fixed(shop), await fixed(shop, order_id="order-2")
    await lever(shop, one, "pay")
    held = {each["id"]: each for each in await checkouts(shop)}
    request = held[one["provider_ref"]]["request"]
    await tamper(shop, two, status="SUCCESS", request=request)
    await shop.forward(seconds=20)
    assert (await shop.get(one))["status"] == "succeeded"
    after = await shop.get(two)
    assert (after["status"], after["review_reason"]) == ("review", "transaction_reused")


@pytest.mark.parametrize("webhook", ["drop", "bad_signature", "duplicate", "reorder"])
async def test_whatever_becomes_of_the_webhook_it_is_paid_once(shop: World, webhook: str) -> None:
    session = await fixed(shop)
    await lever(shop, session, "pay", webhook)
    await shop.forward(seconds=20)
    assert (await shop.get(session))["status"] == "succeeded"
    assert shop.store.types == ["session.succeeded"]


async def test_after_a_lost_answer_a_new_checkout_is_made(shop: World) -> None:
    fault = {"status": 503, "carried_out": True}
    (await shop.control.post("/_control/inqud/faults", json=fault)).raise_for_status()
    session = await fixed(shop)
    assert session["provider_ref"] is None
    await shop.forward(seconds=60)
    after = await shop.get(session)
    first, second = sorted(await checkouts(shop), key=lambda each: each["id"] == after["provider_ref"])
    assert (after["status"], after["provider_ref"]) == ("open", second["id"])
    # The first was shown to nobody; whatever is told of it changes nothing.
    await shop.control.post(f"/_control/inqud/payments/{first['id']}", json={"do": "pay"})
    await shop.forward(seconds=20)
    assert (await shop.get(session))["status"] == "open"
    await lever(shop, after, "pay")
    assert (await shop.get(session))["status"] == "succeeded"


@pytest.mark.parametrize("path", ["cancel", "refunds"])
async def test_what_inqud_cannot_do_is_said(shop: World, path: str) -> None:
    session = await fixed(shop)
    if path == "refunds":
        await lever(shop, session, "pay")
    response = await shop.api.post(
        f"/v1/sessions/{session['id']}/{path}", json={}, headers={"idempotency-key": "k"}
    )
    assert (response.status_code, response.json()["error"]["code"]) == (409, "not_supported")


async def test_the_page_has_the_widget_and_its_policy(shop: World) -> None:
    session = await open_price(shop, locale="ar")
    page = await shop.http.get(session["url"])
    assert (
        f'<app-widget id="{session["provider_ref"]}" lang="en" dir="ltr" data-open></app-widget>' in page.text
    )
    assert f'src="{SANDBOX}/inqud/widget.js" defer' in page.text
    assert "/static/providers/inqud-" in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe-inline" not in policy
    for part in policy.split("; "):
        if part.startswith(("script-src", "connect-src", "frame-src", "img-src")):
            assert SANDBOX in part, part
    assert "demo-token-secret" not in page.text
    again = await fixed(shop)
    assert "data-open" not in (await shop.http.get(again["url"])).text


async def test_where_the_widget_is_not_allowed_the_page_leads_to_inqud(lite_url: str) -> None:
    account = {**inqud.settings(f"{SANDBOX}/inqud"), "widget": False}
    async with World.open(lite_url, inqud=account) as world:
        session = await fixed(world)
        page = await world.http.get(session["url"])
        assert "<app-widget" not in page.text
        assert SANDBOX not in page.headers["content-security-policy"]
        assert f'href="{SANDBOX}/inqud/checkout/{session["provider_ref"]}"' in page.text
