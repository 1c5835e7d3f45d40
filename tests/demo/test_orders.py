"""When the store's books call an order paid: only for a webhook that is about this order at this price."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from checkout_server.client import Session
from checkout_server.demo.orders import PRODUCTS, Order, Orders
from tests.client.rig import session


def order() -> Order:
    return Order("order-1", PRODUCTS[0], "crypto_com", datetime.now(UTC))


def seen(**changes: Any) -> Session:
    return Session.from_json(session(**changes))


def paid(**changes: Any) -> Session:
    return seen(**{"status": "succeeded", "paid": True, "final": True, "version": 3, **changes})


def test_products_in_different_currencies() -> None:
    assert {(p.amount, p.currency) for p in PRODUCTS} >= {("25.00", "USD")}
    assert [p.currency for p in PRODUCTS] == ["USD", "JPY", "CRO", "USDC"]
    assert len(PRODUCTS[2].amount.partition(".")[2]) == 18


def test_only_a_webhook_makes_it_paid() -> None:
    mine = order()
    assert mine.state == "waiting"
    mine.started(paid())  # what the API answered to us is not yet what the checkout told us
    assert mine.state == "waiting"
    mine.told(paid())
    assert mine.state == "paid"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "25.01"},
        {"amount": "24.99"},
        {"amount": None, "currency": None},
        {"currency": "EUR"},
        {"order_id": "order-2"},
    ],
)
def test_another_price_or_order_is_not_paid(changes: dict[str, Any]) -> None:
    mine = order()
    mine.told(paid(**changes))
    assert mine.state == "mismatch"


def test_a_mismatch_stays_one_after_a_good_payment() -> None:
    mine = order()
    mine.told(paid(amount="1.00"))
    mine.told(paid(id="cs_2"))
    assert mine.state == "mismatch"


@pytest.mark.parametrize("amount", ["25", "25.0", "25.000"])
def test_the_same_price_written_otherwise_is_the_same(amount: str) -> None:
    mine = order()
    mine.told(paid(amount=amount))
    assert mine.state == "paid"


def test_webhooks_out_of_order_do_not_turn_back_time() -> None:
    mine = order()
    mine.told(paid(version=3))
    mine.told(seen(status="processing", version=2))
    assert mine.state == "paid"
    mine.told(seen(status="refunded", version=4))
    assert mine.state == "refunded"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("open", "waiting"),
        ("processing", "waiting"),
        ("review", "review"),
        ("failed", "not_paid"),
        ("cancelled", "not_paid"),
        ("expired", "not_paid"),
        ("refunded", "refunded"),
    ],
)
def test_each_status_has_a_state(status: str, state: str) -> None:
    mine = order()
    mine.told(seen(status=status))
    assert mine.state == state


def test_a_second_try_waits_again_and_late_money_for_the_first_counts() -> None:
    mine = order()
    mine.told(seen(status="expired", version=2))
    mine.started(seen(id="cs_2", created_at="2026-11-21T11:00:00.000Z"))
    assert mine.state == "waiting"
    mine.told(paid(version=5))
    assert mine.state == "paid"


def test_orders_are_listed_newest_first() -> None:
    orders = Orders()
    first, second = orders.place(PRODUCTS[0], "crypto_com"), orders.place(PRODUCTS[1], "crypto_com")
    assert list(orders) == [second, first]
    assert orders.get(first.id) is first
    assert orders.get("order-x") is None
