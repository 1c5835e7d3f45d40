"""Crossmint's orders through the whole server, against the provider's sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from checkout_server.demo.accounts import crossmint
from tests.world import SANDBOX, World

ORDER: dict[str, Any] = {
    "provider": "crossmint",
    "customer": {"email": "kim@example.com"},
    "description": "A mug",
}


@pytest.fixture
async def shop(lite_url: str) -> AsyncIterator[World]:
    async with World.open(lite_url, crossmint=crossmint.settings(f"{SANDBOX}/crossmint")) as opened:
        yield opened


async def lever(shop: World, session: dict[str, Any], what: str, webhook: str = "send", **more: Any) -> None:
    url = f"/_control/crossmint/payments/{session['provider_ref']}"
    response = await shop.control.post(url, json={"do": what, "webhook": webhook, **more})
    assert response.status_code == 200, response.text
    await shop.run()


async def tamper(shop: World, session: dict[str, Any], **fields: Any) -> None:
    url = f"/_control/crossmint/payments/{session['provider_ref']}/tamper"
    assert (await shop.control.post(url, json=fields)).status_code == 200


async def test_paid_delivered_and_told(shop: World) -> None:
    session = await shop.create(**ORDER)
    assert (session["status"], session["mode"], session["amount"]) == ("open", "test", "25.00")
    await lever(shop, session, "pay")
    after = await shop.get(session)
    assert (after["status"], after["amount_received"], after["delivery"]) == (
        "succeeded",
        "25.00",
        "completed",
    )
    assert shop.store.types[0] == "session.succeeded"
    assert (await shop.status(session))["text"]["delivery"] == "Your order was delivered."


async def test_lost_webhooks_are_repaired_by_looking(shop: World) -> None:
    session = await shop.create(**ORDER)
    await lever(shop, session, "pay", "drop")
    assert (await shop.get(session))["status"] == "open"
    await shop.forward(seconds=16)
    assert (await shop.get(session))["status"] == "succeeded"


async def test_a_decline_is_told_and_left_to_the_shopper(shop: World) -> None:
    session = await shop.create(**ORDER)
    await lever(shop, session, "decline")
    snapshot = await shop.status(session)
    assert (snapshot["status"], snapshot["payable"]) == ("open", True)
    assert snapshot["text"]["failure"] == "Your card was declined."
    writes = [request for request in shop.provider.seen if request.method != "GET"]
    assert len(writes) == 1  # the create: nothing was tried again by us
    await lever(shop, session, "pay")
    assert (await shop.get(session))["status"] == "succeeded"


@pytest.mark.parametrize(
    ("do", "words"),
    [
        ("ask_identity", "confirm who you are"),
        ("review_identity", "is being checked"),
        ("lack_funds", "not enough money"),
        ("expire_quote", "price is being updated"),
    ],
)
async def test_requirements_are_explained(shop: World, do: str, words: str) -> None:
    session = await shop.create(**ORDER)
    await lever(shop, session, do)
    await shop.forward(seconds=16)
    snapshot = await shop.status(session)
    assert (snapshot["status"], snapshot["payable"]) == ("open", True)
    assert words in snapshot["text"]["needs"]


async def test_a_shopper_without_an_address_is_asked_for_one(shop: World) -> None:
    session = await shop.create(provider="crossmint")
    await shop.forward(seconds=16)
    assert "where your order" in (await shop.status(session))["text"]["needs"]


@pytest.mark.parametrize("spoken", ["de", "ar"])
async def test_a_refused_identity_is_explained_in_the_shoppers_language(shop: World, spoken: str) -> None:
    session = await shop.create(**ORDER, locale=spoken)
    await lever(shop, session, "refuse_identity")
    await shop.forward(seconds=16)
    failure = (await shop.status(session))["text"]["failure"]
    assert failure
    assert "identity" not in failure.lower()


async def test_failed_for_good(shop: World) -> None:
    session = await shop.create(**ORDER)
    await lever(shop, session, "fail")
    assert (await shop.get(session))["status"] == "failed"


async def test_paid_and_not_delivered_is_for_a_person(lite_url: str) -> None:
    account = crossmint.settings(f"{SANDBOX}/crossmint")
    async with World.open(lite_url, crossmint=account) as shop:
        session = await shop.create(**ORDER)
        await lever(shop, session, "pay", "drop")
        await tamper(shop, session, lineItems=[{"delivery": {"status": "failed"}}])
        await shop.forward(seconds=16)
        after = await shop.get(session)
        assert (after["status"], after["review_reason"], after["delivery"]) == (
            "review",
            "undeliverable",
            "failed",
        )


async def test_a_refund_is_noticed(shop: World) -> None:
    session = await shop.create(**ORDER)
    await lever(shop, session, "pay")
    await lever(shop, session, "refund", amount="5.00")
    await shop.api.post(f"/v1/sessions/{session['id']}/refresh")
    await shop.forward(minutes=31)
    assert (await shop.get(session))["status"] == "partially_refunded"
    await lever(shop, session, "refund")
    await shop.forward(minutes=31)
    after = await shop.get(session)
    assert (after["status"], after["amount_refunded"]) == ("refunded", "25.00")
    assert "25.00" in (await shop.status(session))["text"]["refunded"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"quote": {"totalPrice": {"amount": "24.99"}}}, "amount_mismatch"),
        ({"quote": {"totalPrice": {"currency": "eur"}}}, "currency_mismatch"),
        ({"quote": {"totalPrice": {"amount": "25.001"}}}, "terms_mismatch"),
        ({"orderId": "another-order"}, "ref_mismatch"),
    ],
)
async def test_what_is_not_as_it_was_made_is_never_paid(
    shop: World, fields: dict[str, Any], reason: str
) -> None:
    session = await shop.create(**ORDER)
    await tamper(shop, session, **fields)
    await lever(shop, session, "pay", "drop")
    await shop.forward(seconds=16)
    after = await shop.get(session)
    assert (after["status"], after["review_reason"], after["paid"]) == ("review", reason, False)


async def test_an_unknown_status_is_neither_paid_nor_failed(shop: World) -> None:
    session = await shop.create(**ORDER)
    await tamper(shop, session, payment={"status": "settling-soon"})
    await shop.forward(seconds=16)
    assert (await shop.get(session))["status"] == "open"


async def test_another_price_is_refused_and_shown_to_nobody(shop: World) -> None:
    options = {"lineItems": {"collectionLocator": "c", "callData": {"totalPrice": "30.00"}}}
    from_merchant = {
        "order_id": "o",
        "return_url": "https://store.test/done",
        "amount": "25.00",
        "currency": "USD",
    }
    answer = await shop.api.post("/v1/sessions", json={**ORDER, **from_merchant, "options": options})
    assert answer.status_code == 502
    assert "30.00 USD" in answer.json()["error"]["message"]


async def test_an_open_price_is_the_orders(shop: World) -> None:
    options = {"lineItems": {"collectionLocator": "c", "callData": {"totalPrice": "30.00"}}}
    session = await shop.create(**ORDER, options=options, amount=None, currency=None)
    await lever(shop, session, "pay")
    after = await shop.get(session)
    assert (after["status"], after["amount"], after["amount_received"]) == ("succeeded", None, "30.00")


async def test_a_bad_option_is_refused_before_anything_is_sent(shop: World) -> None:
    wanted = {
        **ORDER,
        "order_id": "o",
        "return_url": "https://store.test/done",
        "amount": "25.00",
        "currency": "USD",
    }
    answer = await shop.api.post("/v1/sessions", json={**wanted, "options": {"lineItems": {"locator": "x"}}})
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, "options.lineItems.0.locator")
    assert shop.provider.seen == []


async def test_a_lost_answer_makes_one_new_order(shop: World) -> None:
    await shop.control.post("/_control/crossmint/faults", json={"status": 503, "carried_out": True})
    session = await shop.create(**ORDER)
    assert session["provider_ref"] is None
    for _ in range(6):
        await shop.forward(seconds=20)
    after = await shop.get(session)
    held = (await shop.control.get("/_control/crossmint/payments")).json()["data"]
    assert (len(held), after["provider_ref"]) == (2, held[0]["orderId"])


async def test_a_message_that_comes_twice_is_one(shop: World) -> None:
    session = await shop.create(**ORDER)
    await lever(shop, session, "pay", "duplicate")
    assert shop.store.types.count("session.succeeded") == 1


async def test_a_wrongly_signed_message_is_not_heard(shop: World) -> None:
    session = await shop.create(**ORDER)
    before = shop.asked("GET", session["provider_ref"])
    await lever(shop, session, "decline", "bad_signature")
    assert shop.asked("GET", session["provider_ref"]) == before


async def test_the_orders_secret_is_in_the_page_and_nowhere_else(
    shop: World, capsys: pytest.CaptureFixture[str]
) -> None:
    session = await shop.create(**ORDER)
    secret = shop.sandbox.state.sandboxes["crossmint"].ledger.order(session["provider_ref"]).client_secret
    page = (await shop.http.get(session["url"])).text
    urls = [part for part in page.split('"') if secret in part]
    assert urls
    assert all("/sdk/2024-03-05/" in url for url in urls)
    await lever(shop, session, "pay")
    told = [
        await shop.get(session),
        shop.store.got,
        await shop.status(session),
        (await shop.api.get("/v1/sessions")).json(),
    ]
    log = (await shop.control.get("/_control/crossmint/log")).text
    printed = capsys.readouterr()
    for text in (str(told), log, printed.out, printed.err):
        assert secret not in text
        assert "pi_" not in text
        assert "sk_staging" not in text
    assert "sk_staging" not in page


async def test_the_page_lets_the_provider_in_and_nobody_else(shop: World) -> None:
    session = await shop.create(**ORDER)
    headers = (await shop.http.get(session["url"])).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["frame-src"] == "'self' http://localhost:8001"
    assert policy["connect-src"] == "'self'"
    for feature in ("payment", "camera", "microphone"):
        assert f'{feature}=(self "http://localhost:8001")' in headers["permissions-policy"]


async def test_the_merchants_accent_is_the_frames(lite_url: str) -> None:
    account = crossmint.settings(f"{SANDBOX}/crossmint")
    async with World.open(lite_url, crossmint=account, accent="#7a1fa2") as shop:
        session = await shop.create(**ORDER)
        assert "%22accent%22%3A%22%237a1fa2%22" in (await shop.http.get(session["url"])).text


async def test_too_many_reads_slow_us_down(shop: World) -> None:
    session = await shop.create(**ORDER)

    def slow(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            429, json={"error": True, "message": "Too many requests"}, headers={"retry-after": "60"}
        )

    await shop.forward(seconds=10)
    shop.provider.instead = slow
    before = len(shop.provider.seen)
    for _ in range(6):
        await shop.forward(seconds=10)
    assert len(shop.provider.seen) - before <= 2
    shop.provider.instead = None
    await lever(shop, session, "pay", "drop")
    await shop.forward(minutes=3)
    assert (await shop.get(session))["status"] == "succeeded"
