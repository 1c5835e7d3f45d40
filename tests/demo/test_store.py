"""The demo store over HTTP, with the checkout replaced by a function."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import structlog

from checkout_server.client import ReturnHint
from checkout_server.demo.store import Store, StoreSettings, create_store
from checkout_server.hints import add_hint
from tests.client.rig import OTHER_SECRET, SECRET, event, session, signed

ORIGIN = "http://localhost:8002"
CHECKOUT = "http://localhost:8000"


class Shop:
    """The store, who visits it, and what it asked of the checkout."""

    def __init__(
        self, providers: tuple[tuple[str, str], ...], currencies: dict[str, tuple[str, ...]] | None = None
    ) -> None:
        self.asked: list[httpx.Request] = []
        self.answer: httpx.Response | None = None
        app = create_store(
            StoreSettings(
                checkout_url=CHECKOUT,
                api_key="the-key",
                return_secrets=["return-secret"],
                webhook_secrets=[SECRET],
                providers=providers,
                currencies=currencies or {},
                transport=httpx.MockTransport(self._checkout),
            )
        )
        self.store: Store = app.state.store
        self.visitor = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)

    def _checkout(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.answer is not None:
            return self.answer
        wanted = json.loads(request.content)
        number = len(self.asked)
        return httpx.Response(
            201,
            json=session(
                id=f"cs_{number}",
                url=f"{CHECKOUT}/checkout/t{number}",
                order_id=wanted["order_id"],
                amount=wanted["amount"],
                currency=wanted["currency"],
                created_at=f"2026-11-21T10:00:{number:02}.000Z",
            ),
        )

    async def buy(self, product: str = "mug", **form: str) -> httpx.Response:
        return await self.visitor.post(f"/buy/{product}", data=form)

    def wanted(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.asked[-1].content)
        return found

    async def tell(self, secret: str = SECRET, **changes: Any) -> httpx.Response:
        """The checkout's webhook about the newest order."""
        wanted = self.wanted()
        same = {name: wanted[name] for name in ("order_id", "amount", "currency")}
        headers, raw = signed(event(**{**same, "id": f"cs_{len(self.asked)}", **changes}), secret=secret)
        return await self.visitor.post("/webhooks", content=raw, headers=headers)

    async def come_back(
        self, path: str = "/return", status: str = "succeeded", **changes: str
    ) -> httpx.Response:
        order = changes.get("order", self.wanted()["order_id"])
        hint = ReturnHint("cs_1", order, status, 3, datetime.now(UTC))
        return await self.visitor.get(add_hint(path, hint, changes.get("secret", "return-secret")))

    async def json(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.visitor.get(f"/orders/{self.wanted()['order_id']}.json")).json()
        return found


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    shop = Shop((("crypto_com", "Crypto.com Pay"),))
    async with shop.visitor:
        yield shop
    shop.store.checkout.close()


PAID = {"status": "succeeded", "paid": True, "final": True, "version": 3}


def headline(page: httpx.Response) -> str:
    text = re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", page.text, re.DOTALL)[0])  # type: ignore[index]
    return " ".join(text.split())


def renews(page: httpx.Response) -> bool:
    return 'http-equiv="refresh"' in page.text


async def test_the_shelf_shows_prices_and_runs_no_script(shop: Shop) -> None:
    page = await shop.visitor.get("/")
    assert page.status_code == 200
    for price in ("25.00</span> USD", "3200</span> JPY", "42.000000000000000001</span> CRO"):
        assert price in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "<select" not in page.text  # one provider is no choice


async def test_buying_asks_the_checkout_and_leads_there(shop: Shop) -> None:
    answer = await shop.buy("mug")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{CHECKOUT}/checkout/t1")
    assert shop.asked[0].headers["authorization"] == "Bearer the-key"
    wanted = shop.wanted()
    assert (wanted["provider"], wanted["amount"], wanted["currency"]) == ("crypto_com", "25.00", "USD")
    assert (wanted["return_url"], wanted["cancel_url"]) == (f"{ORIGIN}/return", f"{ORIGIN}/cancelled")


async def test_a_button_pressed_twice_buys_once(shop: Shop) -> None:
    first, again = await shop.buy(cart="c1"), await shop.buy(cart="c1")
    assert first.headers["location"] == again.headers["location"]
    assert len(shop.asked) == 1
    await shop.buy(cart="c2")
    assert len(shop.asked) == 2
    shelf = (await shop.visitor.get("/")).text
    assert shelf.count('name="cart"') == shelf.count("<form")
    assert shelf != (await shop.visitor.get("/")).text  # a cart of its own for each visit


async def test_a_cart_that_is_paid_shows_its_order(shop: Shop) -> None:
    await shop.buy(cart="c1")
    assert (await shop.tell(**PAID)).status_code == 204
    again = await shop.buy(cart="c1")
    assert again.headers["location"].startswith(f"{ORIGIN}/orders/order-")
    assert len(shop.asked) == 1


async def test_the_way_back_keeps_the_host_that_was_opened(shop: Shop) -> None:
    await shop.visitor.post("http://127.0.0.1:8002/buy/mug")
    assert shop.wanted()["return_url"] == "http://127.0.0.1:8002/return"
    assert (await shop.visitor.post("http://evil.example/buy/mug")).status_code == 400


async def test_paid_only_when_the_webhook_has_come(shop: Shop) -> None:
    await shop.buy()
    page = await shop.come_back()
    assert headline(page) == "… Thanks, we are waiting for confirmation"
    assert renews(page)
    assert (await shop.tell(**PAID)).status_code == 204
    page = await shop.come_back()
    assert headline(page) == "✓ Paid"
    assert not renews(page)
    order = await shop.json()
    assert (order["state"], order["paid"]) == ("paid", True)


@pytest.mark.parametrize("status", ["succeeded", "processing", "open", "refunded"])
async def test_no_hint_makes_an_order_paid(shop: Shop, status: str) -> None:
    await shop.buy()
    assert "waiting" in headline(await shop.come_back(status=status))
    assert (await shop.json())["paid"] is False


@pytest.mark.parametrize("changes", [{"secret": "guessed"}, {"order": "order-unknown"}])
async def test_a_forged_or_stale_return_shows_no_order(shop: Shop, changes: dict[str, str]) -> None:
    await shop.buy()
    page = await shop.come_back(**changes)
    assert page.status_code in (400, 404)
    assert shop.wanted()["order_id"] not in page.text


async def test_a_forged_webhook_changes_nothing(shop: Shop) -> None:
    await shop.buy()
    with structlog.testing.capture_logs() as logged:
        assert (await shop.tell(secret=OTHER_SECRET, **PAID)).status_code == 400
    assert [entry["reason"] for entry in logged] == ["signature"]
    assert (await shop.json())["state"] == "waiting"


@pytest.mark.parametrize("changes", [{"amount": "24.99"}, {"currency": "EUR"}])
async def test_another_price_is_taken_note_of_and_not_paid(shop: Shop, changes: dict[str, str]) -> None:
    await shop.buy()
    with structlog.testing.capture_logs() as logged:
        assert (await shop.tell(**PAID, **changes)).status_code == 204
    assert [entry["event"] for entry in logged] == ["store.mismatch"]
    assert (await shop.json())["state"] == "mismatch"
    assert "checking" in headline(await shop.come_back())


async def test_an_unknown_order_is_never_told_again(shop: Shop) -> None:
    await shop.buy()
    assert (await shop.tell(order_id="order-of-yesterday")).status_code == 410


async def test_a_huge_webhook_is_refused(shop: Shop) -> None:
    assert (await shop.visitor.post("/webhooks", content=b"x" * 300_000)).status_code == 413


async def test_who_walked_away_can_go_on_with_the_same_session(shop: Shop) -> None:
    await shop.buy()
    page = await shop.come_back("/cancelled", "open")
    assert headline(page) == "… You have not paid"
    again = await shop.visitor.post(f"/orders/{shop.wanted()['order_id']}/pay")
    assert again.headers["location"] == f"{CHECKOUT}/checkout/t1"
    assert len(shop.asked) == 1


async def test_a_session_that_ended_is_followed_by_another(shop: Shop) -> None:
    await shop.buy()
    first = shop.wanted()["order_id"]
    await shop.tell(status="cancelled", final=True, version=2)
    assert headline(await shop.come_back("/cancelled", "cancelled")) == "✕ Not paid"
    again = await shop.visitor.post(f"/orders/{first}/pay")
    assert again.headers["location"] == f"{CHECKOUT}/checkout/t2"
    assert shop.wanted()["order_id"] == first
    keys = [request.headers["idempotency-key"] for request in shop.asked]
    assert keys[0] != keys[1]


async def test_a_paid_order_is_not_paid_again(shop: Shop) -> None:
    await shop.buy()
    await shop.tell(**PAID)
    again = await shop.visitor.post(f"/orders/{shop.wanted()['order_id']}/pay")
    assert urlsplit(again.headers["location"]).path == f"/orders/{shop.wanted()['order_id']}"
    assert len(shop.asked) == 1


async def test_the_checkout_s_refusal_is_shown_in_its_words(shop: Shop) -> None:
    error = {"type": "provider", "code": "provider_error", "message": "Crypto.com Pay refused <it>."}
    shop.answer = httpx.Response(502, json={"error": error})
    page = await shop.buy()
    assert page.status_code == 502
    assert "Crypto.com Pay refused &lt;it&gt;." in page.text


async def test_orders_survive_a_reload_and_are_listed(shop: Shop) -> None:
    assert "None yet" in (await shop.visitor.get("/orders")).text
    await shop.buy("poster")
    order = shop.wanted()["order_id"]
    for _ in range(2):
        assert "Riso poster" in (await shop.visitor.get(f"/orders/{order}")).text
    listed = (await shop.visitor.get("/orders")).text
    assert order in listed
    assert "3200 JPY" in listed


@pytest.mark.parametrize("path", ["/orders/none", "/orders/none.json", "/elsewhere"])
async def test_what_is_not_there_is_404(shop: Shop, path: str) -> None:
    assert (await shop.visitor.get(path)).status_code == 404
    assert (await shop.buy("yacht")).status_code == 404
    assert (await shop.buy("mug", provider="nobody")).status_code == 404


async def test_several_providers_are_a_choice() -> None:
    shop = Shop((("one", "Pay One"), ("two", "Pay Two")))
    async with shop.visitor:
        assert "<select" in (await shop.visitor.get("/")).text
        await shop.buy("mug", provider="two")
        assert shop.wanted()["provider"] == "two"
        await shop.buy("mug")
        assert shop.wanted()["provider"] == "one"
    shop.store.checkout.close()


async def test_a_product_is_offered_only_where_it_can_be_paid() -> None:
    shop = Shop((("cards", "Cards"), ("coins", "Coins")), {"coins": ("USDC",), "cards": ("USD", "JPY")})
    async with shop.visitor:
        shelf = (await shop.visitor.get("/")).text
        assert "<select" not in shelf
        assert "Field recording" in shelf
        assert "Sticker sheet" not in shelf  # in CRO, which nobody here takes
        assert (await shop.buy("mug", provider="coins")).status_code == 404
        await shop.buy("tape")
        assert shop.wanted()["provider"] == "coins"
    shop.store.checkout.close()


async def test_every_page_has_the_strict_policy(shop: Shop) -> None:
    await shop.buy()
    pages = [
        await shop.visitor.get("/"),
        await shop.visitor.get("/orders"),
        await shop.visitor.get("/return"),
        await shop.come_back(),
        await shop.come_back("/cancelled"),
    ]
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert f"form-action 'self' {CHECKOUT};" in policy
        assert page.headers["cache-control"] == "no-store"
    assert (await shop.visitor.get("/static/store.css")).status_code == 200
