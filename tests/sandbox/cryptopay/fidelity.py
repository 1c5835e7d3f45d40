"""What makes the sandbox a true stand-in: each check is one promise of the provider's document.

They run against the sandbox as it is, and against each mutation of it, which at least one of them must notice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.sandbox.cryptopay.examples import CONFIRMED, CREATED, ERROR, EVENT, LIST
from tests.sandbox.cryptopay.rig import ORDER, Rig, signed
from tests.sandbox.examples import assert_like

Check = Callable[[Rig], Awaitable[None]]


def assert_error(answer: httpx.Response, status: int, code: str, field: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert_like(answer.json(), ERROR)
    error = answer.json()["error"]
    assert (answer.json()["success"], error["code"]) == (False, code)
    assert field is None or field in error["details"]


async def a_created_order_is_the_documents(rig: Rig) -> None:
    answer = await rig.post("/payment-orders/", ORDER)
    body = answer.json()
    assert_like(body, CREATED)
    data = body["data"]
    assert {key: data[key] for key in ORDER if key != "redirect_url"} == {
        key: value for key, value in ORDER.items() if key != "redirect_url"
    }
    assert (data["status"], data["transaction"]) == ("pending", None)
    assert data["qr_code_url"] == f"/qr/{data['order_id']}"
    assert "confirmed_at" not in data


async def a_confirmed_order_is_the_documents(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "pay")
    body = (await rig.get(f"/payment-orders/{order['order_id']}/")).json()
    assert_like(body, CONFIRMED)
    assert body["data"]["status"] == "confirmed"
    assert body["data"]["transaction"]["status"] == "confirmed"
    assert body["data"]["transaction"]["confirmations"] >= 3


async def amounts_are_text_to_the_last_digit(rig: Rig) -> None:
    text = "1234567890.000000000000000001"
    order = await rig.create(amount=text, currency="ETH")
    assert (await rig.fetch(order["order_id"]))["amount"] == text


async def order_info_is_text_as_it_came(rig: Rig) -> None:
    text = ' {"é": 0.10} '
    order = await rig.create(order_info=text)
    assert (await rig.fetch(order["order_id"]))["order_info"] == text


async def many_orders_share_the_merchants_wallet(rig: Rig) -> None:
    one, other = await rig.create(), await rig.create()
    assert one["receiving_address"] == other["receiving_address"]
    assert one["order_id"] != other["order_id"]
    assert one["receiving_address"] != (await rig.create(blockchain="ethereum"))["receiving_address"]


async def only_known_callers_are_let_in(rig: Rig) -> None:
    for token in (None, "", "cp_demo_key2", "Basic x"):
        assert_error(await rig.get("/payment-orders/", token), 401, "UNAUTHORIZED")
        assert_error(await rig.post("/payment-orders/", ORDER, token), 401, "UNAUTHORIZED")
    assert (await rig.get("/payment-orders/")).json()["count"] == 0


async def a_login_opens_for_a_day(rig: Rig) -> None:
    tokens = (await rig.post("/auth/login", {"username": "demo", "password": "demo-password"}, None)).json()
    assert set(tokens) == {"access", "refresh"}
    assert (await rig.get("/payment-orders/", tokens["access"])).status_code == 200
    assert (await rig.get("/payment-orders/", tokens["refresh"])).status_code == 401
    rig.time.forward(24 * 3600)
    assert_error(await rig.get("/payment-orders/", tokens["access"]), 401, "UNAUTHORIZED")
    renewed = (await rig.post("/auth/token/refresh/", {"refresh": tokens["refresh"]}, None)).json()
    assert (await rig.get("/payment-orders/", renewed["access"])).status_code == 200
    rig.time.forward(30 * 24 * 3600)
    ended = await rig.post("/auth/token/refresh/", {"refresh": renewed["refresh"]}, None)
    assert_error(ended, 401, "UNAUTHORIZED")


async def a_wrong_password_opens_nothing(rig: Rig) -> None:
    for pair in ({"username": "demo", "password": "x"}, {"username": "demo"}, {"password": "demo-password"}):
        assert_error(await rig.post("/auth/login", pair, None), 401, "UNAUTHORIZED")


async def the_six_errors_are_the_documents(rig: Rig) -> None:
    for amount in ("0", "0.00", "-1", "ten", "1e3", "1.0000001"):
        assert_error(await rig.refuses(amount=amount), 400, "INVALID_AMOUNT", "amount")
    assert_error(await rig.refuses(currency="USDT"), 400, "UNSUPPORTED_CURRENCY", "currency")
    assert_error(await rig.refuses(blockchain="dogechain"), 400, "INVALID_BLOCKCHAIN", "blockchain")
    assert_error(await rig.refuses(blockchain="polygon"), 400, "WALLET_NOT_CONFIGURED", "blockchain")
    order = await rig.create()
    assert_error(await rig.refuses(nonce=order["nonce"]), 400, "DUPLICATE_NONCE", "nonce")
    assert_error(await rig.refuses(order_info="{"), 400, "INVALID_ORDER_INFO", "order_info")


async def fields_of_another_kind_are_named(rig: Rig) -> None:
    for field, value in {
        "amount": 100,
        "currency": None,
        "blockchain": "",
        "order_info": {"product": "x"},
        "nonce": "1640995200123456",
        "redirect_url": "javascript:alert(1)",
        "expires_at": "tomorrow",
    }.items():
        assert_error(await rig.refuses(**{field: value}), 400, "VALIDATION_ERROR", field)
    assert_error(await rig.refuses(expires_at="2020-01-01T00:00:00Z"), 400, "VALIDATION_ERROR", "expires_at")


async def a_refused_order_leaves_its_nonce_free(rig: Rig) -> None:
    assert_error(await rig.refuses(nonce=77, amount="0"), 400, "INVALID_AMOUNT")
    assert (await rig.create(nonce=77))["nonce"] == 77


async def what_is_not_there_is_404(rig: Rig) -> None:
    for path in ("/payment-orders/ORD-000000000000/", "/payments/", "/payment-orders/x/y/"):
        assert (await rig.get(path)).status_code == 404


async def a_detected_transfer_is_not_paid(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "detect")
    after = await rig.fetch(order["order_id"])
    assert after["status"] == "processing"
    assert after["transaction"]["confirmations"] == 1
    assert after["transaction"]["status"] != "confirmed"
    assert "confirmed_at" not in after


async def confirmations_come_block_by_block(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "detect")
    seen = []
    for _ in range(3):
        after = await rig.fetch(order["order_id"])
        seen.append((after["transaction"]["confirmations"], after["status"]))
        await rig.do(order["order_id"], "block")
    assert seen == [(1, "processing"), (2, "processing"), (3, "confirmed")]
    assert (await rig.fetch(order["order_id"]))["transaction"]["confirmations"] == 4


async def a_block_is_one_for_all_of_its_network(rig: Rig) -> None:
    one, same, other = await rig.create(), await rig.create(), await rig.create(blockchain="ethereum")
    for order in (one, same, other):
        await rig.do(order["order_id"], "detect")
    await rig.do(one["order_id"], "block")
    depths = [
        (await rig.fetch(order["order_id"]))["transaction"]["confirmations"] for order in (one, same, other)
    ]
    assert depths == [2, 2, 1]


async def each_transfer_has_a_hash_of_its_own(rig: Rig) -> None:
    orders = [await rig.create() for _ in range(2)]
    for order in orders:
        await rig.do(order["order_id"], "pay")
    hashes = {(await rig.fetch(order["order_id"]))["transaction"]["transaction_hash"] for order in orders}
    assert len(hashes) == 2


async def events_are_the_documents(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "detect")
    await rig.do(order["order_id"], "pay")
    detected, done = await rig.told()
    assert_like(done, EVENT)
    assert [detected["event"], done["event"]] == ["payment.pending", "payment.confirmed"]
    assert (detected["data"]["status"], done["data"]["status"]) == ("processing", "confirmed")
    assert done["data"]["order_id"] == order["order_id"]
    assert done["data"]["to_address"] == order["receiving_address"]
    assert done["data"]["order_info"] == order["order_info"]
    assert detected["webhook_id"] != done["webhook_id"]


async def unpaid_ends_are_told_too(rig: Rig) -> None:
    failed, expired = await rig.create(), await rig.create()
    await rig.do(failed["order_id"], "fail")
    await rig.do(expired["order_id"], "expire")
    assert await rig.kinds() == ["payment.failed", "order.expired"]
    assert (await rig.fetch(failed["order_id"]))["status"] == "failed"
    assert (await rig.fetch(expired["order_id"]))["status"] == "expired"


async def creating_tells_nothing(rig: Rig) -> None:
    await rig.create()
    assert await rig.told() == []


async def events_are_signed(rig: Rig) -> None:
    order = await rig.create(order_info='{"product": "Café ☕"}')
    await rig.do(order["order_id"], "pay")
    await rig.told()
    assert [signed(request) for request in rig.inbox] == [True, True]
    await rig.do((await rig.create())["order_id"], "detect", webhook="bad_signature")
    await rig.told()
    assert not signed(rig.inbox[-1])


async def an_order_may_have_a_webhook_address_of_its_own(rig: Rig) -> None:
    order = await rig.create(webhook_url="https://your-site.com/webhooks/cryptopay")
    await rig.do(order["order_id"], "detect")
    await rig.told()
    assert str(rig.inbox[0].url) == "https://your-site.com/webhooks/cryptopay"


async def an_order_expires_in_time(rig: Rig) -> None:
    order = await rig.create()
    rig.time.forward(1799)
    assert (await rig.fetch(order["order_id"]))["status"] == "pending"
    rig.time.forward(1)
    assert (await rig.fetch(order["order_id"]))["status"] == "expired"


async def money_that_was_seen_does_not_expire(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "detect")
    rig.time.forward(3600)
    assert (await rig.fetch(order["order_id"]))["status"] == "processing"


async def an_order_is_paid_once(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "pay")
    for again in ("pay", "detect", "expire", "fail"):
        assert (await rig.do(order["order_id"], again)).status_code == 409
    assert (await rig.fetch(order["order_id"]))["status"] == "confirmed"


async def a_failed_order_stays_failed(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "detect")
    await rig.do(order["order_id"], "fail")
    await rig.do(order["order_id"], "block")
    await rig.do(order["order_id"], "block")
    after = await rig.fetch(order["order_id"])
    assert (after["status"], after["transaction"]["status"]) == ("failed", "failed")


async def listed(rig: Rig, query: str = "") -> dict[str, Any]:
    answer = await rig.get(f"/payment-orders/{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def the_list_is_the_documents(rig: Rig) -> None:
    refs = []
    for _ in range(3):
        refs.append((await rig.create())["order_id"])
        rig.time.forward(1)
    body = await listed(rig, "?page=1&page_size=2")
    assert_like(body, {**LIST, "previous": None})
    assert (body["count"], body["previous"]) == (3, None)
    assert "success" not in body  # the list has no envelope
    assert [row["order_id"] for row in body["results"]] == refs[:0:-1]
    assert set(body["results"][0]) == set(LIST["results"][0])
    assert body["next"].startswith("/api/payment-orders/?")
    last = await listed(rig, body["next"].partition("/api/payment-orders/")[2])
    assert ([row["order_id"] for row in last["results"]], last["next"]) == (refs[:1], None)
    assert last["previous"]
    assert (await rig.get("/payment-orders/?page=3&page_size=2")).status_code == 404


async def the_list_is_filtered_and_ordered(rig: Rig) -> None:
    cheap = (await rig.create(amount="9"))["order_id"]
    dear = (await rig.create(amount="100.5"))["order_id"]
    other = (await rig.create(amount="30", blockchain="ethereum", currency="ETH"))["order_id"]
    await rig.do(dear, "pay")

    async def refs(query: str) -> list[str]:
        return [row["order_id"] for row in (await listed(rig, query))["results"]]

    assert await refs("?ordering=amount") == [cheap, other, dear]
    assert await refs("?ordering=-amount") == [dear, other, cheap]
    assert await refs("?ordering=created_at") == [cheap, dear, other]
    assert await refs("?ordering=-created_at") == [other, dear, cheap]
    assert await refs("?status=confirmed&blockchain=base&page=1&page_size=50") == [dear]
    assert await refs("?currency=ETH") == [other]
    assert await refs("?status=expired") == []


async def a_page_holds_twenty_and_at_most_a_hundred(rig: Rig) -> None:
    for _ in range(101):
        await rig.create()
    assert len((await listed(rig))["results"]) == 20
    assert len((await listed(rig, "?page_size=500"))["results"]) == 100


async def the_hour_is_counted(rig: Rig) -> None:
    first, second = await rig.get("/payment-orders/"), await rig.get("/payment-orders/x/")
    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in (first, second)]
    assert first.headers["X-RateLimit-Limit"] == "1000"
    assert left == [999, 998]
    assert int(first.headers["X-RateLimit-Reset"]) > rig.time.now.timestamp()


CHECKS: tuple[Check, ...] = (
    a_created_order_is_the_documents,
    a_confirmed_order_is_the_documents,
    amounts_are_text_to_the_last_digit,
    order_info_is_text_as_it_came,
    many_orders_share_the_merchants_wallet,
    only_known_callers_are_let_in,
    a_login_opens_for_a_day,
    a_wrong_password_opens_nothing,
    the_six_errors_are_the_documents,
    fields_of_another_kind_are_named,
    a_refused_order_leaves_its_nonce_free,
    what_is_not_there_is_404,
    a_detected_transfer_is_not_paid,
    confirmations_come_block_by_block,
    a_block_is_one_for_all_of_its_network,
    each_transfer_has_a_hash_of_its_own,
    events_are_the_documents,
    unpaid_ends_are_told_too,
    creating_tells_nothing,
    events_are_signed,
    an_order_may_have_a_webhook_address_of_its_own,
    an_order_expires_in_time,
    money_that_was_seen_does_not_expire,
    an_order_is_paid_once,
    a_failed_order_stays_failed,
    the_list_is_the_documents,
    the_list_is_filtered_and_ordered,
    a_page_holds_twenty_and_at_most_a_hundred,
    the_hour_is_counted,
)
