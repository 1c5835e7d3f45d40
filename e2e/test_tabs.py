"""More than one page of the same order, and a page that is loaded again while the money moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.engines import everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


@everywhere
def test_reloaded_while_the_window_is_open(shopper: AnyShopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()
    window = checkout.pay_window()
    window.arrives()

    checkout.reloads()
    checkout.runs_python()
    window.pays()

    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


@everywhere
def test_one_tab_pays_and_the_other_shows_it(shopper: AnyShopper, world: World) -> None:
    purchase = world.purchase()
    first, second = shopper.opens(purchase), shopper.opens(purchase)
    first.runs_python()
    second.runs_python()

    second.pays_in_window()

    second.shows("Paid")
    first.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_another_session_of_the_order_is_already_paid(shopper: Shopper, world: World) -> None:
    paid = world.purchase()
    other = world.purchase(order=paid.order)
    watching = shopper.opens(other)
    watching.runs_python()

    paid.lever("pay")
    paid.ends("succeeded", store="paid")

    watching.shows("Already paid")
    watching.says("Do not pay again.")
    expect(watching.pay_button).to_be_hidden()
    opened_later = shopper.opens(other)
    opened_later.shows("Already paid")
    expect(opened_later.hosted_link).to_be_hidden()
    assert opened_later.violations() == []
    assert other.ends("cancelled", store="paid")["paid"] is False  # nobody can pay it any more
