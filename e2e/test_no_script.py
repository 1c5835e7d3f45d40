"""JavaScript is off: the hosted page, and a status page that looks again by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.store import OrderPage

pytestmark = pytest.mark.browser


@pytest.fixture
def shopper(shoppers: Callable[..., Shopper]) -> Shopper:
    return shoppers(java_script_enabled=False)


def test_paid_on_the_hosted_page(shopper: Shopper, world: World) -> None:
    checkout = shopper.buys()
    purchase = world.newest()
    checkout.shows("Pay $25.00")

    checkout.goes_to_provider().pays()

    checkout.shows("Paid")
    checkout.return_link.click()
    OrderPage(checkout.page).shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_the_status_page_looks_again_until_the_end(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    status = shopper.opens(purchase, view="status")
    status.shows("Pay $25.00")

    purchase.lever("pay", webhook="drop")  # only the page's own loading leads to a look

    status.shows("Paid")
    status.return_link.click()
    OrderPage(status.page).shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_the_way_back_to_the_store(shopper: Shopper, world: World) -> None:
    checkout = shopper.buys()
    purchase = world.newest()

    checkout.leave_button.click()

    OrderPage(checkout.page).shows("You have not paid")
    purchase.stays("open", store="waiting")
