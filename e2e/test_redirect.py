"""Paying on the provider's hosted page, and the ways back from it."""

from __future__ import annotations

import pytest

from e2e.engines import everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


@everywhere
def test_paid_on_the_hosted_page(shopper: AnyShopper, world: World) -> None:
    checkout = shopper.buys()
    purchase = world.newest()

    checkout.goes_to_provider().pays()

    checkout.shows("Paid")
    assert checkout.violations() == []
    checkout.arrives_in_store("Paid")
    assert world.gate.count("GET", "/return") == 1
    purchase.ends("succeeded", store="paid")


@everywhere
def test_cancelled_on_the_hosted_page_then_bought_again(shopper: AnyShopper, world: World) -> None:
    checkout = shopper.buys()
    first = world.newest()

    checkout.goes_to_provider().cancels()

    order = checkout.arrives_in_store("Not paid")
    first.ends("cancelled", store="not_paid")

    order.tries_again()
    checkout.shows("Pay $25.00")
    second = world.newest()
    assert second.session["id"] != first.session["id"]
    checkout.goes_to_provider().pays()
    order.shows("Paid")
    second.ends("succeeded", store="paid")


def test_back_from_the_provider_by_the_browsers_button(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    checkout.goes_to_provider()
    checkout.page.go_back(wait_until="commit")  # a page that the browser kept does not load again
    checkout.shows("Pay $25.00")
    checkout.runs_python()

    checkout.pays_in_window()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_the_shopper_walks_away_and_may_come_back(shopper: Shopper, world: World) -> None:
    checkout = shopper.buys()
    purchase = world.newest()
    checkout.runs_python()

    checkout.leave_button.click()
    order = checkout.arrives_in_store("You have not paid")
    purchase.stays("open", store="waiting")

    order.returns_to_payment()
    checkout.shows("Pay $25.00")
    checkout.pays_in_window()
    order.shows("Paid")
    purchase.ends("succeeded", store="paid")
