"""What a test or a person can do behind the provider's back, and what its page shows."""

from __future__ import annotations

import pytest

from tests.sandbox.cryptopay.rig import Rig


async def test_money_that_is_late_is_taken_or_only_noted() -> None:
    for late, status in (("confirm", "confirmed"), ("keep", "expired")):
        async with Rig(late=late) as rig:
            order = await rig.create()
            rig.time.forward(1800)
            assert (await rig.do(order["order_id"], "pay")).status_code == 200
            after = await rig.fetch(order["order_id"])
            assert after["status"] == status
            assert after["transaction"]["confirmations"] == 3


async def test_sent_by_a_wallet_it_goes_on_by_itself(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "send")
    assert await rig.kinds() == ["payment.pending", "payment.confirmed"]
    assert rig.time.slept == [1.0, 1.0]


async def test_a_network_may_drop_a_transfer_even_of_a_confirmed_order(rig: Rig) -> None:
    order = await rig.create()
    await rig.do(order["order_id"], "pay")
    first = (await rig.fetch(order["order_id"]))["transaction"]["transaction_hash"]
    assert (await rig.do(order["order_id"], "reorg")).json()["webhooks"] == []
    after = await rig.fetch(order["order_id"])
    assert (after["status"], after["transaction"]) == ("pending", None)
    assert "confirmed_at" not in after
    await rig.do(order["order_id"], "pay")
    assert (await rig.fetch(order["order_id"]))["transaction"]["transaction_hash"] != first
    assert (await rig.do((await rig.create())["order_id"], "reorg")).status_code == 409


@pytest.mark.parametrize("do", ["underpay", "overpay", "cancel", "refund", "approve"])
async def test_what_its_document_does_not_know_is_not_there(rig: Rig, do: str) -> None:
    order = await rig.create()
    answer = await rig.do(order["order_id"], do)
    assert answer.status_code == 422
    assert answer.json()["error"]["supported"] == [
        "pay",
        "detect",
        "block",
        "send",
        "fail",
        "expire",
        "reorg",
    ]
    assert (await rig.do(order["order_id"], "pay", amount="1")).status_code == 422


async def test_any_field_can_be_tampered_with_and_restored(rig: Rig) -> None:
    order = await rig.create()
    path = f"/_control/cryptopay/payments/{order['order_id']}/tamper"
    await rig.http.post(path, json={"amount": "1.00", "nonce": 7})
    after = await rig.fetch(order["order_id"])
    assert (after["amount"], after["nonce"]) == ("1.00", 7)
    assert (await rig.get("/payment-orders/")).json()["results"][0]["amount"] == "1.00"
    await rig.http.delete(path)
    assert (await rig.fetch(order["order_id"]))["nonce"] == order["nonce"]


@pytest.mark.parametrize(("status", "json"), [(401, True), (404, True), (429, True), (503, False)])
async def test_faults_are_in_the_providers_own_shapes(rig: Rig, status: int, json: bool) -> None:
    await rig.http.post("/_control/cryptopay/faults", json={"status": status})
    answer = await rig.get("/payment-orders/")
    assert answer.status_code == status
    assert (answer.headers["content-type"] == "application/json") == json
    assert (await rig.get("/payment-orders/")).status_code == 200


async def test_no_more_than_so_many_an_hour() -> None:
    async with Rig(requests_per_hour=2) as rig:
        statuses = [(await rig.get("/payment-orders/")).status_code for _ in range(3)]
        rig.time.forward(3600)
        assert [*statuses, (await rig.get("/payment-orders/")).status_code] == [200, 200, 429, 200]


async def test_rows_in_full_where_an_account_has_them() -> None:
    async with Rig(list_rows="full") as rig:
        order = await rig.create()
        assert (await rig.get("/payment-orders/")).json()["results"] == [order]


async def test_its_page_shows_what_to_send_and_sends_it(rig: Rig) -> None:
    order = await rig.create()
    path = f"/cryptopay/order/{order['order_id']}"
    assert order["payment_url"].endswith(path)
    shown = await rig.http.get(path)
    for expected in ("100.00 USDC", "on base", order["receiving_address"], f"/qr/{order['order_id']}"):
        assert expected in shown.text
    assert (await rig.http.get(f"/cryptopay/qr/{order['order_id']}")).headers[
        "content-type"
    ] == "image/svg+xml"

    assert (await rig.http.post(f"{path}/send")).status_code == 303
    waiting = await rig.http.get(path)
    assert (waiting.headers["refresh"], "1 of 3 confirmations" in waiting.text) == ("1", True)
    await rig.told()
    done = await rig.http.get(path)
    assert (done.status_code, done.headers["location"]) == (303, "https://your-site.com/payment/success")


@pytest.mark.parametrize(("do", "words"), [("fail", "Payment failed"), ("expire", "This order has expired")])
async def test_its_page_ends_without_payment(rig: Rig, do: str, words: str) -> None:
    order = await rig.create()
    path = f"/cryptopay/order/{order['order_id']}"
    await rig.http.post(f"{path}/{do}")
    shown = await rig.http.get(path)
    assert words in shown.text
    assert "https://your-site.com/payment/success" in shown.text
    assert (await rig.http.post(f"{path}/send")).status_code == (409 if do == "fail" else 303)


async def test_pages_of_nothing(rig: Rig) -> None:
    order = await rig.create()
    for path in ("order/ORD-x", "qr/ORD-x"):
        assert (await rig.http.get(f"/cryptopay/{path}")).status_code == 404
    assert (await rig.http.post(f"/cryptopay/order/{order['order_id']}/reorg")).status_code == 404


async def test_the_console_has_every_lever(rig: Rig) -> None:
    await rig.create()
    console = await rig.http.get("/")
    assert console.status_code == 200
    for words in (">Pay<", ">Money seen<", ">Block<", ">Send<", ">Reorg<"):
        assert words in console.text
