"""`embed.js` in a store that has a strict policy of its own: in the page, twice, and taken out again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from selenium.webdriver import WebKitGTK

from e2e.harness.embedding import hears, purchase_in, store, webkit_store, within
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout

pytestmark = pytest.mark.browser


def test_a_store_with_a_strict_policy_of_its_own(shopper: Shopper, world: World) -> None:
    purchase = purchase_in(world)
    page = store(shopper, world, purchase.session["embed"])
    checkout = within(page, "checkout-embed iframe")
    checkout.runs_python()
    expect(page.locator("checkout-embed iframe")).to_have_attribute("title", "Checkout: Demo Store")
    expect(page.get_by_role("link", name="Checkout: Demo Store")).to_have_count(0)

    checkout.pays_in_window()

    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_a_store_whose_scripts_do_not_run(shoppers: Callable[..., Shopper], world: World) -> None:
    purchase = purchase_in(world)
    page = store(shoppers(script=False), world, purchase.session["embed"])

    page.get_by_role("link", name="Checkout: Demo Store").click()

    CryptoComCheckout(page).shows("Pay $25.00")
    purchase.stays("open", store="waiting")


def test_its_height_follows_the_page(shopper: Shopper, world: World) -> None:
    purchase = purchase_in(world)
    page = store(shopper, world, purchase.session["embed"])
    checkout = within(page, "checkout-embed iframe")
    checkout.runs_python()
    frame = page.locator("checkout-embed iframe")
    assert _height(page) == checkout.inside.locator("body").evaluate(
        "(body) => Math.ceil(body.getBoundingClientRect().height)"
    )
    before = _height(page)

    purchase.lever("detect")

    checkout.shows("Payment seen")
    expect(frame).not_to_have_css("height", f"{before}px")
    purchase.lever("pay")
    purchase.ends("succeeded", store="paid")


def test_what_the_store_prevents_is_left_to_it(shopper: Shopper, world: World) -> None:
    purchase = purchase_in(world)
    page = store(shopper, world, purchase.session["embed"])
    page.evaluate("window.prevented = 'redirect'")
    checkout = within(page, "checkout-embed iframe")
    checkout.runs_python()

    purchase.lever("pay")

    checkout.shows("Paid")
    redirect = hears(page, "redirect")
    assert redirect["url"].startswith(f"{world.store}/return?")
    assert page.url == f"{world.framing}/"
    status = hears(page, "status")
    assert status.keys() == {"status", "paid", "final", "version"}
    purchase.ends("succeeded", store="paid")


def test_two_on_one_page_do_not_hear_each_other(shopper: Shopper, world: World) -> None:
    first, second = purchase_in(world), purchase_in(world)
    page = store(shopper, world, first.session["embed"] + second.session["embed"])
    page.evaluate("window.prevented = 'redirect'")
    one, two = (within(page, f"checkout-embed:nth-of-type({n}) iframe") for n in (1, 2))
    one.runs_python()
    two.runs_python()

    first.lever("pay")

    one.shows("Paid")
    two.shows("Pay $25.00")
    first.ends("succeeded", store="paid")
    second.stays("open", store="waiting")


def test_taken_out_and_put_back(shopper: Shopper, world: World) -> None:
    """What React, Vue and HTMX do with an element."""
    purchase = purchase_in(world)
    page = store(shopper, world, purchase.session["embed"])
    within(page, "checkout-embed iframe").runs_python()

    page.evaluate("window.kept = document.querySelector('checkout-embed'); kept.remove()")
    expect(page.locator("iframe")).to_have_count(0)
    page.evaluate("document.body.append(kept)")

    checkout = within(page, "checkout-embed iframe")
    checkout.runs_python()
    assert page.evaluate("heard.filter(([name]) => name === 'ready').length") == 2
    checkout.pays_in_window()
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_without_an_engine_the_store_is_told_all_the_same(shopper: Shopper, world: World) -> None:
    shopper.allows(".")  # whatever a browser says of files that it cannot have
    world.gate.shut("/static/vendor/")
    purchase = purchase_in(world)
    page = store(shopper, world, purchase.session["embed"])
    page.evaluate("window.prevented = 'redirect'")
    checkout = within(page, "checkout-embed iframe")
    checkout.shows("Pay $25.00")

    purchase.lever("pay")

    checkout.shows("Paid", timeout=20_000)
    assert hears(page, "status", "succeeded")["paid"] is True
    assert hears(page, "redirect")
    purchase.ends("succeeded", store="paid")


@pytest.mark.parametrize("browser_name", ["webkit"])
def test_paid_in_webkit(shopper: WebKitShopper, webkits: Callable[[bool], WebKitGTK], world: World) -> None:
    purchase = purchase_in(world, provider="crossmint", customer={"email": "kim@example.com"})
    page = webkit_store(shopper, webkits, world, purchase.session["embed"])
    page.runs_python()

    page.pays()

    page.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def _height(page: Page) -> int:
    return round(page.locator("checkout-embed iframe").evaluate("(frame) => parseFloat(frame.style.height)"))
