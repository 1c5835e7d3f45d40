"""Too little arrives; money goes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


def test_too_little_is_for_a_person_to_look_at(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("underpay", amount="10.00")
    checkout.shows("Payment seen")  # Crypto.com says no more while the shopper may still send the rest
    purchase.lever("expire")

    checkout.shows("We are checking this payment")
    checkout.says("The payment provider could not settle this payment by itself.")
    checkout.says("do not pay again")
    expect(checkout.pay_button).to_be_hidden()
    assert checkout.violations() == []
    session = purchase.ends("review", store="review")
    assert (session["paid"], session["review_reason"]) == (False, "conflict")


def test_refunded_afterwards(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    purchase.lever("pay")
    purchase.ends("succeeded", store="paid")

    purchase.refund()
    purchase.lever("refund")
    session = purchase.ends("refunded", store="refunded")

    assert (session["paid"], session["amount_refunded"]) == (False, "25.00")
    checkout = shopper.opens(purchase)
    checkout.shows("Refunded")
    checkout.says("$25.00 is on its way back to you.")


def test_refunded_in_part(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    purchase.lever("pay")
    purchase.ends("succeeded", store="paid")

    purchase.refund("5.00")
    purchase.lever("refund")
    session = purchase.ends("partially_refunded", store="paid")

    assert (session["paid"], session["amount_refunded"]) == (True, "5.00")
    checkout = shopper.opens(purchase)
    checkout.shows("Paid, partly refunded")
    checkout.says("$5.00 is on its way back to you.")
