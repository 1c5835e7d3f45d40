"""JavaScript is off: the hosted page, and a status page that looks again by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from e2e.engines import every_browser
from e2e.harness.anyone import AnyShopper
from e2e.harness.world import World

pytestmark = [pytest.mark.browser, every_browser]


@pytest.fixture
def shopper(shoppers: Callable[..., AnyShopper]) -> AnyShopper:
    return shoppers(script=False)


def test_paid_on_the_hosted_page(shopper: AnyShopper, world: World) -> None:
    checkout = shopper.buys()
    purchase = world.newest()
    checkout.shows("Pay $25.00")

    checkout.goes_to_provider().pays()

    checkout.shows("Paid")
    checkout.returns()
    checkout.arrives_in_store("Paid")
    assert not world.gate.asked("/events")
    purchase.ends("succeeded", store="paid")


def test_the_status_page_looks_again_until_the_end(shopper: AnyShopper, world: World) -> None:
    purchase = world.purchase()
    status = shopper.opens(purchase, view="status")
    status.shows("Pay $25.00")

    purchase.lever("pay", webhook="drop")  # only the page's own loading leads to a look

    status.shows("Paid")
    status.returns()
    status.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_the_way_back_to_the_store(shopper: AnyShopper, world: World) -> None:
    checkout = shopper.buys()
    purchase = world.newest()

    checkout.leaves()

    checkout.arrives_in_store("You have not paid")
    purchase.stays("open", store="waiting")
