"""Every state that Crypto.com can bring about, on four screens: looked at by a test, and kept for people to look at."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 360, "height": 740}
Scheme = Literal["light", "dark"]
# For each language the screens that a state is looked at on.
SCREENS: dict[str, dict[str, tuple[ViewportSize, Scheme]]] = {
    "en": {"desktop": (DESKTOP, "light"), "360": (PHONE, "light"), "dark": (DESKTOP, "dark")},
    "ar": {"rtl": (DESKTOP, "light")},
}


@pytest.mark.parametrize(("locale", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_every_state_is_fit_to_be_seen(shopper: Shopper, world: World, locale: str, direction: str) -> None:
    shopper.allows("ERR_ABORTED")
    # Final pages leave for the store: here they stay to be looked at.
    shopper.context.route(re.compile(f"^{world.store}/"), _stay)
    ARTIFACTS.mkdir(exist_ok=True)

    for panel, bring_about in STATES.items():
        checkout = shopper.opens(bring_about(world, locale))
        expect(checkout.main).to_have_attribute("data-panel", panel)
        expect(checkout.component).not_to_have_attribute("data-state", "loading")
        assert checkout.page.evaluate("document.dir") == direction
        for screen, (size, scheme) in SCREENS[locale].items():
            checkout.page.set_viewport_size(size)
            checkout.page.emulate_media(color_scheme=scheme)
            checkout.page.screenshot(path=ARTIFACTS / f"{panel}-{screen}.png", full_page=True)
            assert checkout.violations() == [], f"{panel}, {screen}"
        checkout.page.close()


def _stay(route: Route) -> None:
    route.fulfill(status=204)


def _open(world: World, locale: str) -> Purchase:
    return world.purchase(locale=locale)


def _checking(world: World, locale: str) -> Purchase:
    purchase = _open(world, locale)
    purchase.signal()
    return purchase


def _processing(world: World, locale: str) -> Purchase:
    return _moved(_open(world, locale), "detect", "processing")


def _review(world: World, locale: str) -> Purchase:
    purchase = _open(world, locale)
    purchase.lever("underpay")
    return _moved(purchase, "expire", "review")


def _succeeded(world: World, locale: str) -> Purchase:
    return _moved(_open(world, locale), "pay", "succeeded")


def _partially_refunded(world: World, locale: str) -> Purchase:
    purchase = _succeeded(world, locale)
    purchase.refund("5.00")
    return _moved(purchase, "refund", "partially_refunded")


def _refunded(world: World, locale: str) -> Purchase:
    purchase = _succeeded(world, locale)
    purchase.refund()
    return _moved(purchase, "refund", "refunded")


def _cancelled(world: World, locale: str) -> Purchase:
    purchase = _open(world, locale)
    purchase.cancel()
    return purchase


def _expired(world: World, locale: str) -> Purchase:
    return _moved(_open(world, locale), "expire", "expired")


def _already_paid(world: World, locale: str) -> Purchase:
    paid = _succeeded(world, locale)
    return world.purchase(order=paid.order, locale=locale)


def _unavailable(world: World, locale: str) -> Purchase:
    world.fault(status=429, times=1000)
    return _open(world, locale)


def _moved(purchase: Purchase, lever: str, status: str) -> Purchase:
    purchase.lever(lever)
    purchase.look()
    purchase.becomes(status)
    return purchase


STATES: dict[str, Callable[[World, str], Purchase]] = {
    "open": _open,
    "checking": _checking,
    "processing": _processing,
    "review": _review,
    "succeeded": _succeeded,
    "partially_refunded": _partially_refunded,
    "refunded": _refunded,
    "cancelled": _cancelled,
    "expired": _expired,
    "already_paid": _already_paid,
    "unavailable": _unavailable,  # last: the provider stays silent until the next test
}
