"""Inqud: paid in its widget and on its page, too little, with no widget at all, on narrow screens, and by a widget that lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from e2e.engines import ENGINES
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World
from e2e.models.inqud import InqudCheckout, WebKitInqud
from e2e.models.store import OrderPage

pytestmark = pytest.mark.browser

NARROW = [320, 360, 375, 390]
in_webkit = pytest.mark.parametrize("browser_name", ["webkit"])


def purchase_of(world: World, **fields: Any) -> Purchase:
    return world.purchase(provider="inqud", **fields)


def opened(shopper: Shopper, purchase: Purchase) -> InqudCheckout:
    return shopper.opens_as(InqudCheckout, purchase)


@pytest.mark.parametrize("engine", ENGINES)
def test_paid_in_the_widget(shopper: Shopper, world: World) -> None:
    checkout = shopper.buys_with("inqud", InqudCheckout)
    purchase = world.newest()
    checkout.shows("Pay $25.00")
    checkout.runs_python()

    checkout.presses("Pretend to pay")

    checkout.shows("Paid")
    assert checkout.violations() == []
    OrderPage(checkout.page).shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_paid_by_keyboard_alone(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    checkout.runs_python()
    checkout.mounts()

    checkout.pays_by_keyboard()

    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_paid_though_the_webhook_is_lost(shopper: Shopper, world: World) -> None:
    """The widget's word is what makes the page ask."""
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    checkout.runs_python()
    checkout.mounts()

    purchase.lever("pay", webhook="drop")

    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


@pytest.mark.parametrize("missing", ["/static/vendor/", "/static/boot/"])
def test_paid_without_an_engine(shopper: Shopper, world: World, missing: str) -> None:
    shopper.allows("503", "Failed to load", "Failed to fetch", "wasm", "import")
    world.gate.shut(missing)
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)

    checkout.presses("Pretend to pay")

    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_an_open_price_is_what_the_shopper_sent(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world, amount=None, currency=None)
    checkout = opened(shopper, purchase)
    checkout.shows("Pay Demo Store")
    checkout.runs_python()

    checkout.presses("Pretend to pay")

    checkout.shows("Paid")
    session = purchase.becomes("succeeded")
    assert (session["amount_received"], session["currency"]) == ("25", "USDT")


def test_too_little_is_told_as_it_is(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    checkout.runs_python()

    checkout.presses("Send less")

    checkout.shows("We are checking this payment")
    checkout.says("do not pay again")
    assert not checkout.component.is_visible()
    assert checkout.violations() == []
    assert purchase.becomes("review")["paid"] is False


def test_paid_on_its_own_page(shopper: Shopper, world: World) -> None:
    checkout = shopper.buys_with("inqud", InqudCheckout)
    purchase = world.newest()

    checkout.goes_to_provider().pays()

    checkout.page.wait_for_url("**/return?*")
    checkout.shows("Paid")
    OrderPage(checkout.page).shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_back_from_its_own_page_after_too_little(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world)
    hosted = opened(shopper, purchase).goes_to_provider()

    hosted.underpays()
    hosted.goes_back()

    checkout = InqudCheckout(hosted.page)
    checkout.shows("We are checking this payment")
    purchase.becomes("review")


@pytest.mark.parametrize(
    "fault", [{"never_mounts": True}, {"status": 404, "on": "sdk"}], ids=["empty", "404"]
)
def test_a_widget_that_does_not_come_gives_way(shopper: Shopper, world: World, fault: dict[str, Any]) -> None:
    shopper.allows("404")
    world.fault("inqud", **fault)
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)

    checkout.gives_way()
    assert checkout.violations() == []

    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_a_widget_that_lies_and_attacks_gains_nothing(shopper: Shopper, world: World) -> None:
    shopper.hostile = True
    world.fault("inqud", hostile=True)
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)

    tried = checkout.attempts()
    assert set(tried.values()) == {"blocked"}, tried
    checkout.shows("Checking your payment")
    purchase.stays("open", store="waiting")

    purchase.lever("pay")
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_narrow_screen_holds_the_widget_without_sideways_scrolling(
    shoppers: Callable[..., Shopper], world: World, locale: str
) -> None:
    shopper = shoppers(viewport={"width": NARROW[0], "height": 740}, has_touch=True)
    purchase = purchase_of(world, locale=locale)
    checkout = opened(shopper, purchase)
    checkout.runs_python()
    checkout.mounts()

    for width in NARROW:
        checkout.page.set_viewport_size({"width": width, "height": 740})
        assert checkout.violations() == []
        assert checkout.component.evaluate("(node) => node.scrollWidth <= node.clientWidth")
        for name in ("Pretend to pay", "Send less"):
            box = checkout.button(name)
            assert box.left >= 0
            assert box.left + box.width <= width
            assert box.height >= 40 * width / 392

    checkout.presses("Pretend to pay")
    purchase.becomes("succeeded")


def test_no_width_cuts_the_widget(shopper: Shopper, world: World) -> None:
    checkout = opened(shopper, purchase_of(world))
    checkout.mounts()
    for width in (400, 490, 719, 720, 919, 920, 1280):
        checkout.page.set_viewport_size({"width": width, "height": 800})
        assert checkout.violations() == []
        fits, of_widget = checkout.component.evaluate(
            "(node) => [node.scrollWidth <= node.clientWidth, node.firstElementChild.getBoundingClientRect().width]"
        )
        assert fits, width
        assert of_widget == 392, width


@pytest.mark.parametrize("fields", [{}, {"amount": None, "currency": None}], ids=["fixed", "open"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_jumps_while_all_arrives(
    shoppers: Callable[..., Shopper], world: World, width: int, fields: dict[str, Any]
) -> None:
    shopper = shoppers(viewport={"width": width, "height": 800})
    purchase = purchase_of(world, **fields)
    checkout = opened(shopper, purchase)
    checkout.mounts()
    checkout.runs_python()
    assert checkout.page.evaluate("window.__seen.shift") < 0.02


@in_webkit
def test_paid_in_the_widget_in_webkit(shopper: WebKitShopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = shopper.opens_as(WebKitInqud, purchase)
    checkout.runs_python()
    checkout.presses_pay()
    checkout.shows("Paid")
    assert checkout.violations() == []
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


@in_webkit
def test_paid_on_its_own_page_in_webkit(shopper: WebKitShopper, world: World) -> None:
    purchase = purchase_of(world)
    shopper.opens_as(WebKitInqud, purchase).goes_to_inqud().pays()
    shopper.opens_as(WebKitInqud, purchase).shows("Paid")
    purchase.ends("succeeded", store="paid")


@in_webkit
def test_back_from_its_own_page_after_too_little_in_webkit(shopper: WebKitShopper, world: World) -> None:
    purchase = purchase_of(world)
    hosted = shopper.opens_as(WebKitInqud, purchase).goes_to_inqud()
    hosted.underpays()
    hosted.goes_back()
    hosted.shows("We are checking this payment")
    purchase.becomes("review")


@in_webkit
@pytest.mark.parametrize("width", [320, 360])
def test_a_narrow_frame_holds_the_widget_in_webkit(shopper: WebKitShopper, world: World, width: int) -> None:
    purchase = purchase_of(world, embed_origins=[world.framing])
    frame = f'<iframe src="{purchase.url}?view=embed" width="{width}" height="740" title="Checkout"></iframe>'
    world.framer.html = f'<!doctype html><html lang="en"><title>Shop</title><body>{frame}</body></html>'
    found = shopper.opens_as(WebKitInqud, purchase).measured_in(world.framing)
    assert found["lacking"] == []
    assert (found["screen"], found["overflow"]) == (width, 0)
    assert (found["button"], found["edges"]) == ("APP-WIDGET", ["APP-WIDGET"] * 2)
    assert found["zoom"] > 0.8
