"""Paying by the provider's button, which opens a window of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.engines import everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


@everywhere
def test_paid_by_button_and_window(shopper: AnyShopper, world: World) -> None:
    checkout = shopper.buys()
    purchase = world.newest()
    checkout.shows("Pay $25.00")
    checkout.runs_python()

    window = checkout.pay_window()
    window.arrives()
    window.pays()

    checkout.shows("Paid")
    assert checkout.violations() == []
    window.is_gone()
    checkout.arrives_in_store("Paid")
    session = purchase.ends("succeeded", store="paid")
    assert (session["paid"], session["amount_received"]) == (True, "25.00")


def test_closed_without_paying_then_paid(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    window = checkout.pay_window()
    window.arrives()
    with checkout.page.expect_response("**/refresh"):
        window.closes()  # perhaps after the money went out: the page asks
    checkout.shows("Pay $25.00")
    purchase.stays("open", store="waiting")

    checkout.pays_in_window()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_a_blocked_window_gives_way_to_the_hosted_page(shopper: Shopper, world: World) -> None:
    shopper.allows("blocked by the browser")
    shopper.context.add_init_script("window.open = () => null")
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    checkout.pay_button.click()
    expect(checkout.help).to_contain_text("blocked the payment window")
    expect(checkout.hosted_link).to_have_attribute("data-prominent", "")

    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")
