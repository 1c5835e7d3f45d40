"""What makes the sandbox a true stand-in: each check is one promise of the provider's document or of its verified facts.

They run against the sandbox as it is, and against each mutation of it, which at least one of them must notice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.sandbox.crossmint.rig import CLIENT, ITEM, ORDER, SERVER, Rig, signed

Check = Callable[[Rig], Awaitable[None]]
PRICE = {"amount": "25.00", "currency": "usd"}


def assert_error(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["error"] is True
    assert isinstance(body["message"], str)


async def a_created_order_comes_with_its_secret(rig: Rig) -> None:
    made = await rig.create()
    assert made.keys() == {"clientSecret", "order"}
    assert isinstance(made["clientSecret"], str)
    order = made["order"]
    assert order["phase"] == "payment"
    assert order["locale"] == "en-US"
    assert order["quote"] == {"status": "valid", "totalPrice": PRICE}
    assert order["payment"]["status"] == "awaiting-payment"
    assert order["lineItems"][0]["delivery"] == {"status": "awaiting-payment"}


async def a_read_order_is_bare(rig: Rig) -> None:
    made = await rig.create()
    assert await rig.fetch(made["order"]["orderId"]) == made["order"]


async def the_secret_is_only_told_once(rig: Rig) -> None:
    made = await rig.create()
    ref = made["order"]["orderId"]
    assert made["clientSecret"] not in str(await rig.fetch(ref))
    await rig.do(ref, "pay")
    assert made["clientSecret"] not in str(await rig.told())


async def amounts_are_exact_text(rig: Rig) -> None:
    item = {"collectionLocator": "c", "callData": {"totalPrice": "42.000000000000000001"}}
    payment = {"method": "card", "currency": "cro"}
    order = (await rig.create(lineItems=[item, item], payment=payment))["order"]
    assert order["quote"]["totalPrice"] == {"amount": "84.000000000000000002", "currency": "cro"}


async def line_items_are_one_or_a_list(rig: Rig) -> None:
    items = [ITEM, {"tokenLocator": "solana:x", "executionParameters": {"n": 1}}, {"productLocator": "p"}]
    order = (await rig.create(lineItems=items))["order"]
    assert len(order["lineItems"]) == 3
    assert len((await rig.create())["order"]["lineItems"]) == 1


async def bad_orders_are_refused(rig: Rig) -> None:
    for changes in (
        {"lineItems": []},
        {"lineItems": {}},
        {"lineItems": {"collectionLocator": "a", "productLocator": "b"}},
        {"lineItems": {"productLocator": "a", "callData": {}}},
        {"payment": {"method": "card"}},
        {"payment": {}},
        {"recipient": {}},
        {"recipient": {"email": "a@b", "walletAddress": "0x"}},
        {"metadata": {}},
    ):
        assert_error(await rig.call("POST", "", {**ORDER, **changes}), 400)
    assert_error(await rig.call("POST", "", "text"), 400)


async def only_a_known_key_is_let_in(rig: Rig) -> None:
    ref = await rig.order()
    for headers in ({}, {"X-API-KEY": "sk_staging_other"}, {"Authorization": "Bearer sk_staging_demo"}):
        assert_error(await rig.call("POST", "", ORDER, headers), 401)
        assert_error(await rig.call("GET", f"/{ref}", None, headers), 401)


async def a_client_key_reads_with_the_orders_secret(rig: Rig) -> None:
    made = await rig.create()
    ref, secret = made["order"]["orderId"], made["clientSecret"]
    assert_error(await rig.call("GET", f"/{ref}", None, CLIENT), 401)
    assert_error(await rig.call("GET", f"/{ref}", None, {**CLIENT, "Authorization": f"Bearer {secret}"}), 401)
    assert (await rig.call("GET", f"/{ref}", None, {**CLIENT, "Authorization": secret})).status_code == 200
    assert (await rig.call("POST", "", ORDER, CLIENT)).status_code == 200


async def an_unknown_order_is_not_found(rig: Rig) -> None:
    assert_error(await rig.call("GET", "/nothing"), 404)
    assert_error(await rig.call("PATCH", "/nothing", {"payment": ORDER["payment"]}), 404)


async def an_update_replaces_the_whole_payment(rig: Rig) -> None:
    ref = await rig.order(recipient={"walletAddress": "0x1"}, payment={"method": "card", "currency": "usd"})
    assert (await rig.fetch(ref))["payment"]["status"] == "requires-email"
    payment = {"method": "card", "currency": "usd", "receiptEmail": "a@example.com"}
    answer = await rig.call("PATCH", f"/{ref}", {"payment": payment})
    assert answer.status_code == 200
    assert answer.json()["payment"]["status"] == "awaiting-payment"
    assert answer.json()["payment"]["receiptEmail"] == "a@example.com"
    assert_error(await rig.call("PATCH", f"/{ref}", {"payment": {"receiptEmail": "b@example.com"}}), 400)
    # What is left out is gone.
    del payment["receiptEmail"]
    answer = await rig.call("PATCH", f"/{ref}", {"payment": payment})
    assert answer.json()["payment"]["status"] == "requires-email"


async def line_items_are_immutable(rig: Rig) -> None:
    ref = await rig.order()
    changed = {"payment": ORDER["payment"], "lineItems": {"productLocator": "other"}}
    assert_error(await rig.call("PATCH", f"/{ref}", changed), 400)
    assert (await rig.fetch(ref))["lineItems"][0]["collectionLocator"] == ITEM["collectionLocator"]


async def without_a_recipient_there_is_no_quote(rig: Rig) -> None:
    order = (await rig.create(recipient=None))["order"]
    assert (order["phase"], order["quote"]["status"]) == ("quote", "requires-recipient")
    assert order["payment"]["status"] == "requires-quote"
    assert "totalPrice" not in order["quote"]


async def a_quote_expires_and_is_made_again(rig: Rig) -> None:
    ref = await rig.order()
    await rig.do(ref, "expire_quote")
    order = await rig.fetch(ref)
    assert (order["phase"], order["quote"]["status"]) == ("quote", "expired")
    assert (await rig.do(ref, "pay")).status_code == 409
    await rig.call("PATCH", f"/{ref}", {"payment": ORDER["payment"]})
    order = await rig.fetch(ref)
    assert (order["phase"], order["quote"]["totalPrice"]) == ("payment", PRICE)


async def a_payment_is_followed_by_delivery(rig: Rig) -> None:
    ref = await rig.order()
    await rig.do(ref, "detect")
    assert (await rig.fetch(ref))["payment"]["status"] == "in-progress"
    await rig.do(ref, "pay")
    order = await rig.fetch(ref)
    assert (order["phase"], order["payment"]["status"]) == ("delivery", "completed")
    assert order["lineItems"][0]["delivery"]["status"] == "in-progress"
    await rig.do(ref, "deliver")
    order = await rig.fetch(ref)
    assert (order["phase"], order["lineItems"][0]["delivery"]["status"]) == ("completed", "completed")


async def completed_is_not_delivered(rig: Rig) -> None:
    ref = await rig.order()
    await rig.do(ref, "pay")
    await rig.do(ref, "fail_delivery")
    order = await rig.fetch(ref)
    assert (order["phase"], order["payment"]["status"]) == ("completed", "completed")
    assert order["lineItems"][0]["delivery"]["status"] == "failed"


async def a_decline_waits_for_another_try(rig: Rig) -> None:
    ref = await rig.order()
    await rig.do(ref, "decline")
    payment = (await rig.fetch(ref))["payment"]
    assert payment["status"] == "awaiting-payment"
    assert payment["failureReason"].keys() >= {"code", "message"}
    await rig.do(ref, "pay")
    payment = (await rig.fetch(ref))["payment"]
    assert payment["status"] == "completed"
    assert "failureReason" not in payment


async def a_refund_leaves_the_payment_completed(rig: Rig) -> None:
    ref = await rig.order()
    assert (await rig.do(ref, "refund")).status_code == 409
    await rig.do(ref, "pay")
    await rig.do(ref, "refund", amount="5.00")
    payment = (await rig.fetch(ref))["payment"]
    assert (payment["status"], payment["refunded"]) == ("completed", {"amount": "5.00", "currency": "usd"})
    assert (await rig.do(ref, "refund", amount="20.01")).status_code == 409
    await rig.do(ref, "refund")
    assert (await rig.fetch(ref))["payment"]["refunded"] == PRICE


async def requirements_have_their_statuses(rig: Rig) -> None:
    ref = await rig.order()
    for do, status in {
        "ask_identity": "requires-kyc",
        "review_identity": "manual-kyc",
        "refuse_identity": "rejected-kyc",
        "lack_funds": "crypto-payer-insufficient-funds",
        "clear": "awaiting-payment",
    }.items():
        await rig.do(ref, do)
        assert (await rig.fetch(ref))["payment"]["status"] == status


async def what_is_sold_out_says_so(rig: Rig) -> None:
    ref = await rig.order()
    await rig.do(ref, "sell_out")
    order = await rig.fetch(ref)
    assert order["quote"]["status"] == "all-line-items-unavailable"
    assert order["lineItems"][0]["quote"]["unavailabilityReason"]


async def events_tell_of_the_order(rig: Rig) -> None:
    answer = await rig.call("POST", "", {**ORDER, "lineItems": {**ITEM, "collectionLocator": "Tee – ü"}})
    ref = answer.json()["order"]["orderId"]
    for do in ("decline", "pay", "deliver"):
        await rig.do(ref, do)
    told = await rig.told()
    assert [event["type"] for event in told] == [
        "orders.quote.created",
        "orders.payment.failed",
        "orders.payment.succeeded",
        "orders.delivery.initiated",
        "orders.delivery.completed",
    ]
    assert {event["data"]["orderId"] for event in told} == {ref}
    assert "pi_" not in str(told)


async def events_are_signed(rig: Rig) -> None:
    await rig.call("POST", "", {**ORDER, "lineItems": {**ITEM, "collectionLocator": "Tee – ü"}})
    await rig.settle()
    (request,) = rig.inbox
    assert signed(request)
    assert request.headers["svix-timestamp"] == str(int(rig.time.now.timestamp()))


async def a_webhook_is_sent_eight_times_over_a_day(rig: Rig) -> None:
    rig.answers = [500, 302, httpx.ConnectError("down"), 404, 503, 400, 500, 500]
    await rig.call("POST", "", ORDER)
    await rig.settle()
    assert len(rig.inbox) == 8
    assert 27 * 3600 < sum(rig.time.slept) < 29 * 3600
    assert len({(request.content, request.headers["svix-id"]) for request in rig.inbox}) == 1
    # A signature is good for five minutes: each attempt has its own.
    assert len({request.headers["svix-timestamp"] for request in rig.inbox}) == 8
    assert all(signed(request) for request in rig.inbox)


async def retries_end_with_any_2xx(rig: Rig) -> None:
    rig.answers = [500, 204, 500]
    await rig.call("POST", "", ORDER)
    await rig.settle()
    assert len(rig.inbox) == 2


async def the_frame_takes_a_client_key_and_the_orders_secret(rig: Rig) -> None:
    made = await rig.create()
    assert (await rig.embedded(made)).status_code == 200
    refused: list[dict[str, Any]] = [
        {"apiKey": SERVER["X-API-KEY"]},
        {"clientSecret": "other"},
        {"orderId": "other"},
        {"payment": None},
        {"payment": "{}"},
        {"sdkMetadata": None},
        {"lineItems": "[]"},
        {"recipient": "{}"},
        {"locale": "en-US"},
    ]
    for changes in refused:
        assert (await rig.embedded(made, **changes)).status_code == 404, changes


async def a_project_asks_only_so_often(rig: Rig) -> None:
    """360 reads and 120 writes a minute, counted apart."""
    made = (await rig.http.post("/crossmint/api/2022-06-09/orders", json=ORDER, headers=SERVER)).json()
    url = f"/crossmint/api/2022-06-09/orders/{made['order']['orderId']}"
    for _ in range(360):
        assert (await rig.http.get(url, headers=SERVER)).status_code == 200
    refused = await rig.http.get(url, headers=SERVER)
    assert (refused.status_code, refused.json()["error"]) == (429, True)
    change = {"payment": ORDER["payment"]}
    for _ in range(119):
        assert (await rig.http.patch(url, json=change, headers=SERVER)).status_code == 200
    assert (await rig.http.patch(url, json=change, headers=SERVER)).status_code == 429
    rig.time.forward(60)
    assert (await rig.http.get(url, headers=SERVER)).status_code == 200


CHECKS: tuple[Check, ...] = (
    a_created_order_comes_with_its_secret,
    a_read_order_is_bare,
    the_secret_is_only_told_once,
    amounts_are_exact_text,
    line_items_are_one_or_a_list,
    bad_orders_are_refused,
    only_a_known_key_is_let_in,
    a_client_key_reads_with_the_orders_secret,
    an_unknown_order_is_not_found,
    an_update_replaces_the_whole_payment,
    line_items_are_immutable,
    without_a_recipient_there_is_no_quote,
    a_quote_expires_and_is_made_again,
    a_payment_is_followed_by_delivery,
    completed_is_not_delivered,
    a_decline_waits_for_another_try,
    a_refund_leaves_the_payment_completed,
    requirements_have_their_statuses,
    what_is_sold_out_says_so,
    events_tell_of_the_order,
    events_are_signed,
    a_webhook_is_sent_eight_times_over_a_day,
    retries_end_with_any_2xx,
    the_frame_takes_a_client_key_and_the_orders_secret,
    a_project_asks_only_so_often,
)
