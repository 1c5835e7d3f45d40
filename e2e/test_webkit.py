"""The journeys that matter most once more, in WebKit: what iPhones and the WebViews of apps run."""

from __future__ import annotations

import pytest

from e2e.harness.world import World
from e2e.models.webkit import WebKitShopper

pytestmark = pytest.mark.browser


def test_paid_by_button_and_window(webkit_shopper: WebKitShopper, world: World) -> None:
    purchase = world.purchase()
    webkit_shopper.opens(purchase)
    webkit_shopper.shows("Pay $25.00")
    webkit_shopper.runs_python()

    webkit_shopper.presses_pay()

    webkit_shopper.shows("Paid")
    webkit_shopper.is_back_in_the_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_paid_on_the_hosted_page(webkit_shopper: WebKitShopper, world: World) -> None:
    purchase = world.purchase()
    webkit_shopper.opens(purchase)
    assert webkit_shopper.is_visible()

    webkit_shopper.goes_to_provider()
    webkit_shopper.pays()

    webkit_shopper.shows("Paid")
    webkit_shopper.is_back_in_the_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_a_lost_webhook_is_repaired_by_looking(webkit_shopper: WebKitShopper, world: World) -> None:
    purchase = world.purchase()
    webkit_shopper.opens(purchase)
    webkit_shopper.runs_python()

    purchase.lever("pay", webhook="drop")

    webkit_shopper.shows("Paid")
    purchase.ends("succeeded", store="paid")


@pytest.mark.parametrize("missing", ["/static/vendor/", "/static/boot/"])
def test_paid_without_an_engine(webkit_shopper: WebKitShopper, world: World, missing: str) -> None:
    world.gate.shut(missing)
    purchase = world.purchase()
    webkit_shopper.opens(purchase)

    webkit_shopper.presses_pay()

    webkit_shopper.shows("Paid")
    webkit_shopper.is_back_in_the_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_the_status_page_looks_again_until_the_end(webkit_shopper: WebKitShopper, world: World) -> None:
    """The page for browsers without script: nothing on it has any."""
    purchase = world.purchase()
    webkit_shopper.opens(purchase, view="status")
    webkit_shopper.shows("Pay $25.00")

    purchase.lever("pay", webhook="drop")

    webkit_shopper.shows("Paid")
    webkit_shopper.returns()
    webkit_shopper.is_back_in_the_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_a_hostile_component_runs_nothing_inline(webkit_shopper: WebKitShopper, world: World) -> None:
    webkit_shopper.hostile = True
    world.fault(hostile=True)
    purchase = world.purchase()
    webkit_shopper.opens(purchase)
    webkit_shopper.runs_python()

    tried = webkit_shopper.tried()
    assert set(tried.values()) == {"blocked"}, tried

    webkit_shopper.goes_to_provider()
    webkit_shopper.pays()
    webkit_shopper.shows("Paid")
    purchase.ends("succeeded", store="paid")
