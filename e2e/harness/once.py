"""An order that was paid once: at the provider, at the checkout and in the store's books, however often it was tried."""

from __future__ import annotations

from typing import Any

import httpx

from checkout_server.demo.orders import Order
from e2e.harness.patience import until
from e2e.harness.purchase import Purchase
from e2e.harness.world import World


def paid_once(purchase: Purchase) -> dict[str, Any]:
    """Waits until the purchase is paid, looks once more, and finds one payment, one paid session and one webhook of it.

    Returns the session as the merchant's API gives it. Other sessions of the order may have been closed with it, but
    none of them is paid or needs a person.
    """
    purchase.ends("succeeded", store="paid")
    until("the webhook is written down as delivered", lambda: _told(purchase.now()))
    purchase.look()  # whoever looks again finds nothing new
    session = purchase.now()
    assert [each["type"] for each in session["events"]].count("session.succeeded") == 1
    assert _told(session) == [("session.succeeded", session["version"])]
    assert (session["amount_received"], session["refunds"]) == (session["amount"], [])

    payments = payments_of(purchase.world, purchase.order)
    assert [each["id"] for each in payments if each["status"] == "succeeded"] == [session["provider_ref"]]
    assert {each["amount_refunded"] for each in payments} == {0}

    path = f"/v1/sessions?order_id={purchase.order.id}"
    statuses = {each["id"]: each["status"] for each in purchase.world.api("GET", path)["data"]}
    assert statuses.pop(session["id"]) == "succeeded"
    assert set(statuses.values()) <= {"open", "cancelled"}
    assert [each.id for each in purchase.order.sessions.values() if each.paid] == [session["id"]]
    return session


def payments_of(world: World, order: Order) -> list[dict[str, Any]]:
    """The payments that Crypto.com Pay has for an order, newest first, as its API would return them."""
    answer = httpx.get(f"{world.sandbox}/_control/crypto_com/payments", trust_env=False).raise_for_status()
    return [each for each in answer.json()["data"] if (each["metadata"] or {}).get("order_id") == order.id]


def _told(session: dict[str, Any]) -> list[tuple[str, int]]:
    """What the store has answered for: the webhook's type and the version that it told of."""
    story = [each for each in session["events"] if each["type"] == "webhook.delivered"]
    return [(each["data"]["type"], each["version"]) for each in story]
