"""CryptoPay's whole way through the server, against its sandbox: what differs from a provider with a button."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from checkout_server.demo.accounts import cryptopay as account
from checkout_server.qr import qr_svg
from tests.world import SANDBOX, World

ORDER = {"provider": "cryptopay", "currency": "USDC"}
ORDERS = "/api/payment-orders/"


class Shop:
    """A world that sells for USDC."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bearer = {"authorization": "Bearer cp_demo_key"}

    async def sells(self, **fields: Any) -> dict[str, Any]:
        return await self.world.create(**{**ORDER, **fields})

    async def do(self, session: dict[str, Any], what: str, webhook: str = "send") -> None:
        path = f"/_control/cryptopay/payments/{session['provider_ref']}"
        answer = await self.world.control.post(path, json={"do": what, "webhook": webhook})
        assert answer.status_code == 200, answer.text
        await self.world.run()

    async def tampers(self, session: dict[str, Any], **fields: Any) -> None:
        path = f"/_control/cryptopay/payments/{session['provider_ref']}/tamper"
        assert (await self.world.control.post(path, json=fields)).status_code == 200

    async def fault(self, **fields: Any) -> None:
        assert (await self.world.control.post("/_control/cryptopay/faults", json=fields)).status_code == 201

    async def orders(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.world.control.get("/_control/cryptopay/payments")).json()[
            "data"
        ]
        return found

    async def now(self, session: dict[str, Any]) -> tuple[str, str | None]:
        after = await self.world.get(session)
        return after["status"], after["review_reason"]

    def posts(self) -> int:
        return self.world.asked("POST", ORDERS)


@pytest.fixture
async def shop(lite_url: str) -> AsyncIterator[Shop]:
    async with World.open(lite_url, cryptopay=account.settings(f"{SANDBOX}/cryptopay")) as world:
        yield Shop(world)


async def test_seen_confirmed_block_by_block_and_told(shop: Shop) -> None:
    session = await shop.sells(amount="25.00")
    assert (session["status"], session["amount"], session["mode"]) == ("open", "25", "test")
    await shop.do(session, "detect")
    seen = [(await shop.world.status(session))["text"]["confirmations"]]
    await shop.do(session, "block")
    await shop.world.forward(seconds=20)  # no webhook tells of a block
    seen.append((await shop.world.status(session))["text"]["confirmations"])
    assert seen == ["1 confirmation so far.", "2 confirmations so far."]
    await shop.do(session, "block")
    after = await shop.world.get(session)
    assert (after["status"], after["paid"], after["amount_received"]) == ("succeeded", True, "25")
    assert shop.world.store.types == ["session.processing", "session.succeeded"]


async def test_the_page_can_be_paid_by_reading_it(shop: Shop) -> None:
    session = await shop.sells()
    (order,) = await shop.orders()
    html = (await shop.world.http.get(session["url"])).text
    assert order["receiving_address"] in html
    link = f"ethereum:0x0000000000000000000000000000000005a4db0c@84532/transfer?address={order['receiving_address']}&uint256=25000000"
    assert link.replace("&", "&amp;") in html
    code = await shop.world.http.get(f"{session['url']}/qr.svg")
    assert (code.content, code.headers["cache-control"]) == (qr_svg(link), "no-store")
    assert "demo-password" not in html


async def test_once_paid_the_code_leads_to_the_page_and_to_no_wallet(shop: Shop) -> None:
    session = await shop.sells()
    await shop.do(session, "pay")
    code = await shop.world.http.get(f"{session['url']}/qr.svg")
    assert code.content == qr_svg(session["url"])


async def test_on_a_network_without_payment_links_the_code_is_the_address(shop: Shop) -> None:
    session = await shop.sells(currency="USDT", options={"blockchain": "tron"})
    (order,) = await shop.orders()
    code = await shop.world.http.get(f"{session['url']}/qr.svg")
    assert code.content == qr_svg(order["receiving_address"])


async def test_late_money_is_for_a_person(shop: Shop) -> None:
    session = await shop.sells(expires_in=600)
    await shop.world.forward(minutes=12)
    assert await shop.now(session) == ("expired", None)
    await shop.do(session, "pay")
    assert await shop.now(session) == ("review", "late")


async def test_so_is_money_in_an_order_that_stays_expired(shop: Shop) -> None:
    session = await shop.sells(expires_in=600)
    await shop.do(session, "detect", "drop")
    await shop.tampers(session, status="expired")
    await shop.world.forward(minutes=12)
    assert await shop.now(session) == ("review", "conflict")


async def test_a_lost_answer_is_found_by_its_number(shop: Shop) -> None:
    await shop.sells(order_id="order-0")  # another, for the same sum
    await shop.fault(status=503, carried_out=True)
    session = await shop.sells()
    assert (session["provider_ref"], shop.posts()) == (None, 2)
    await shop.world.forward(seconds=30)
    after = await shop.world.get(session)
    mine = [order for order in await shop.orders() if session["id"] in order["order_info"]]
    assert [after["provider_ref"]] == [order["order_id"] for order in mine]
    assert shop.posts() == 2
    html = (await shop.world.http.get(session["url"])).text
    assert mine[0]["receiving_address"] in html


async def test_one_that_was_never_carried_out_is_created_again_with_another_number(shop: Shop) -> None:
    await shop.sells(order_id="order-0")  # signed in
    await shop.fault(status=503)
    session = await shop.sells()
    for _ in range(4):
        await shop.world.forward(seconds=30)
    order, _ = await shop.orders()
    assert (await shop.world.get(session))["provider_ref"] == order["order_id"]
    sent = [
        json.loads(r.content)["nonce"]
        for r in shop.world.provider.seen
        if r.url.path.endswith(ORDERS) and r.method == "POST"
    ]
    assert len(sent) == 3
    assert sent == sorted(set(sent))


async def test_nobody_at_the_door_means_that_nothing_was_sent(shop: Shop) -> None:
    await shop.fault(status=503)  # meets the login
    session = await shop.sells()
    assert (session["provider_ref"], shop.posts()) == (None, 0)
    await shop.world.forward(seconds=30)
    assert (await shop.world.get(session))["provider_ref"]
    assert shop.posts() == 1


async def test_a_number_that_somebody_else_used_is_tried_once_more(shop: Shop) -> None:
    taken = int(shop.world.clock().timestamp()) * 1_000_000
    body = {"amount": "1", "currency": "USDC", "blockchain": "base", "order_info": "{}", "nonce": taken}
    answer = await shop.world.control.post(f"/cryptopay{ORDERS}", json=body, headers=shop.bearer)
    assert answer.status_code == 201, answer.text
    session = await shop.sells()
    assert session["provider_ref"]
    assert shop.posts() == 2
    assert {order["nonce"] for order in await shop.orders()} == {taken, taken + 1}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("blockchain", "ethereum", "terms_mismatch"),
        ("nonce", 7, "terms_mismatch"),
        ("receiving_address", "0x" + "9" * 40, "terms_mismatch"),
        ("amount", "2.50", "amount_mismatch"),
        ("currency", "USDT", "currency_mismatch"),
        ("order_info", "{}", "reference_mismatch"),
        ("order_id", "ORD-other", "ref_mismatch"),
        ("transaction", None, "conflict"),
    ],
)
async def test_confirmed_is_not_enough(shop: Shop, field: str, value: Any, reason: str) -> None:
    session = await shop.sells()
    await shop.tampers(session, **{field: value})
    await shop.do(session, "pay")
    assert await shop.now(session) == ("review", reason)
    assert not (await shop.world.get(session))["paid"]


async def test_one_transfer_pays_one_session(shop: Shop) -> None:
    first, second = await shop.sells(), await shop.sells(order_id="order-2")
    await shop.do(first, "pay")
    (transfer,) = [order["transaction"] for order in await shop.orders() if order["transaction"]]
    await shop.tampers(second, status="confirmed", transaction=transfer)
    await shop.world.forward(seconds=20)
    assert await shop.now(first) == ("succeeded", None)
    assert await shop.now(second) == ("review", "transaction_reused")


async def test_the_merchants_own_minimum_is_waited_for(lite_url: str) -> None:
    settings = {**account.settings(f"{SANDBOX}/cryptopay"), "min_confirmations": 5}
    async with World.open(lite_url, cryptopay=settings) as world:
        shop = Shop(world)
        session = await shop.sells()
        await shop.do(session, "pay")  # three are enough for the provider
        assert await shop.now(session) == ("processing", None)
        assert (await world.status(session))["text"]["confirmations"] == "3 of 5 confirmations."
        await shop.do(session, "block")
        await shop.do(session, "block")
        await world.forward(seconds=20)
        assert await shop.now(session) == ("succeeded", None)


async def test_a_chain_that_goes_another_way_is_for_a_person(shop: Shop) -> None:
    session = await shop.sells()
    await shop.do(session, "pay")
    await shop.do(session, "reorg")
    await shop.world.forward(minutes=31)
    assert await shop.now(session) == ("review", "reversed")


@pytest.mark.parametrize(("what", "status"), [("fail", "failed"), ("expire", "expired")])
async def test_ends_without_money(shop: Shop, what: str, status: str) -> None:
    session = await shop.sells()
    await shop.do(session, what)
    assert await shop.now(session) == (status, None)
    assert shop.world.store.types == [f"session.{status}"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"currency": "USD"}, "currency"),
        ({"options": {"blockchain": "dogechain"}}, "options.blockchain"),
        ({"options": {"order_info": "{"}}, "options.order_info"),
        ({"options": {"info": "{}"}}, "options.info"),
        ({"amount": "0"}, "amount"),
    ],
)
async def test_what_cannot_be_is_refused_by_name_before_anything_is_sent(
    shop: Shop, changes: dict[str, Any], param: str
) -> None:
    body = {**ORDER, "amount": "25.00", "order_id": "o", "return_url": "https://store.test/done", **changes}
    answer = await shop.world.api.post("/v1/sessions", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, param)
    assert shop.world.provider.seen == []


async def test_a_refusal_says_who_must_act(lite_url: str) -> None:
    settings = {
        **account.settings(f"{SANDBOX}/cryptopay"),
        "networks": {"polygon": {}},
        "blockchain": "polygon",
    }
    async with World.open(lite_url, cryptopay=settings) as world:
        body = {**ORDER, "amount": "1", "order_id": "o", "return_url": "https://store.test/done"}
        answer = await world.api.post("/v1/sessions", json=body)
        assert answer.status_code == 502
        assert "no wallet for this network" in answer.json()["error"]["message"]


async def test_a_day_later_the_token_is_renewed(shop: Shop) -> None:
    await shop.sells()
    await shop.world.forward(hours=25)
    session = await shop.sells(order_id="order-2")
    assert session["provider_ref"]
    assert shop.world.asked("POST", "/auth/login") == 1
    assert shop.world.asked("POST", "/token/refresh/") == 1


async def test_the_providers_list_for_reconciliation(shop: Shop) -> None:
    session = await shop.sells()
    await shop.do(session, "pay")
    answer = await shop.world.api.get("/v1/providers/cryptopay/payments")
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["data"]
    assert (row["provider_ref"], row["state"], row["amount"]) == (session["provider_ref"], "succeeded", "25")
