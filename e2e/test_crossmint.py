"""Crossmint in real browsers: paid in the frame, declined, asked for more, and a frame that does not behave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.engines import every_browser
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World
from e2e.models.crossmint import CrossmintCheckout, WebKitCrossmint

pytestmark = pytest.mark.browser

KIM = {"email": "kim@example.com"}


def bought(world: World, **fields: Any) -> Purchase:
    return world.purchase(provider="crossmint", **{"customer": KIM, **fields})


def opened(shopper: Shopper | WebKitShopper, purchase: Purchase) -> CrossmintCheckout | WebKitCrossmint:
    if isinstance(shopper, WebKitShopper):
        return shopper.opens_as(WebKitCrossmint, purchase)
    return shopper.opens_as(CrossmintCheckout, purchase)


@every_browser
def test_declined_then_paid_in_the_frame(shopper: Shopper | WebKitShopper, world: World) -> None:
    purchase = bought(world)
    checkout = opened(shopper, purchase)
    checkout.is_there()
    checkout.runs_python()
    assert checkout.violations() == []

    checkout.is_declined()
    checkout.shows("Not paid")
    checkout.says("Your card was declined.")
    purchase.stays("open", store="waiting")

    checkout.pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")
    checkout.arrives_in_store("Paid")


@every_browser
def test_a_frame_that_never_speaks_gives_way(shopper: Shopper | WebKitShopper, world: World) -> None:
    world.fault("crossmint", never_mounts=True)
    purchase = bought(world)
    checkout = opened(shopper, purchase)
    checkout.gives_way()
    assert checkout.violations() == []


def test_from_the_shelf_to_paid(shopper: Shopper, world: World) -> None:
    """The store sells without an e-mail address: the frame asks for it, and the page says so."""
    checkout = shopper.buys_with("crossmint", CrossmintCheckout)
    checkout.is_there()
    checkout.asks("Where should it go?")
    checkout.says("Say below where your order shall go.")
    checkout.gives_email("kim@example.com")
    checkout.pays()
    checkout.shows("Paid")
    checkout.says("Your order is being delivered.")
    world.newest().ends("succeeded", store="paid")
    checkout.arrives_in_store("Paid")


def test_an_identity_check_is_explained_and_passed(shopper: Shopper, world: World) -> None:
    purchase = bought(world)
    purchase.lever("ask_identity")
    checkout = shopper.opens_as(CrossmintCheckout, purchase)
    checkout.is_there()
    checkout.says("You are asked to confirm who you are before you can pay.")
    checkout.confirms_identity()
    checkout.pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_the_hosted_page_opens_beside_a_page_that_goes_on_looking(shopper: Shopper, world: World) -> None:
    purchase = bought(world)
    checkout = shopper.opens_as(CrossmintCheckout, purchase)
    checkout.is_there()
    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_paid_where_a_frame_never_speaks(shopper: Shopper, world: World) -> None:
    world.fault("crossmint", never_mounts=True)
    purchase = bought(world)
    checkout = shopper.opens_as(CrossmintCheckout, purchase)
    checkout.gives_way()
    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_without_script_the_hosted_page_is_there(shoppers: Callable[..., Shopper], world: World) -> None:
    shopper = shoppers(script=False)
    purchase = bought(world)
    checkout = shopper.opens_as(CrossmintCheckout, purchase)
    # One link within noscript; the other is for those whose component failed.
    checkout.inside.locator("noscript a", has_text="Continue to Crossmint").click()
    checkout.inside.get_by_role("button", name="Pay 25.00 USD").click()
    purchase.ends("succeeded", store="paid")


def test_a_hostile_frame_stays_in_its_place(shopper: Shopper, world: World) -> None:
    # Its own page's policy stops it there; from here on it is only heard.
    shopper.allows(
        "Content Security Policy",
        "Content-Security-Policy",
        "navigate the top",
        "Unsafe attempt",
        "permission",
    )
    world.fault("crossmint", hostile=True)
    purchase = bought(world)
    checkout = shopper.opens_as(CrossmintCheckout, purchase)
    checkout.runs_python()
    # The last of what it says is that it has failed, and that is believed: nothing is lost by it.
    checkout.gives_way()
    checkout.shows("Pay $25.00")
    assert checkout.page.url == purchase.url
    assert checkout.frame_element.evaluate("frame => parseInt(frame.style.blockSize)") < 1000
    assert checkout.violations() == []
    purchase.stays("open", store="waiting")

    of_the_frame = [each for each in shopper.watch.violations if " at /crossmint/" in each]
    assert shopper.watch.violations == of_the_frame
    shopper.watch.violations.clear()


def test_a_second_frame_of_the_provider_is_not_heard(shopper: Shopper, world: World) -> None:
    purchase = bought(world)
    checkout = shopper.opens_as(CrossmintCheckout, purchase)
    checkout.is_there()
    before = checkout.height()
    checkout.page.evaluate("""() => new Promise((done) => {
      const other = document.createElement("iframe");
      other.src = document.querySelector("#crossmint").src;
      addEventListener("message", ({ source }) => source == other.contentWindow && done());
      document.body.append(other);
      other.style.width = "100px"; // so narrow that its height is another
    })""")
    checkout.page.wait_for_function("document.querySelectorAll('iframe').length == 2")
    assert checkout.height() == before


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_nothing_jumps_and_nothing_scrolls_sideways(
    shoppers: Callable[..., Shopper], world: World, width: int, locale: str
) -> None:
    shopper = shoppers(viewport={"width": width, "height": 800})
    purchase = bought(world, locale=locale)
    checkout = shopper.opens_as(CrossmintCheckout, purchase)
    checkout.is_there()
    checkout.runs_python()
    assert checkout.violations() == []
    assert checkout.page.evaluate("window.__seen.shift") < 0.02
    inner = checkout.frame.locator("html").evaluate("node => [node.scrollWidth, innerWidth]")
    assert inner[0] <= inner[1]


@pytest.mark.parametrize(("scheme", "card"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(23, 27, 33)")])
def test_the_frame_has_the_colours_of_the_page(
    shoppers: Callable[..., Shopper], world: World, scheme: str, card: str
) -> None:
    shopper = shoppers(color_scheme=scheme)
    checkout = shopper.opens_as(CrossmintCheckout, bought(world))
    checkout.is_there()
    expect(checkout.frame.locator("body")).to_have_css("background-color", card)
    accent = checkout.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')")
    inside = checkout.frame.locator("html").evaluate(
        "node => getComputedStyle(node).getPropertyValue('--accent')"
    )
    assert inside == accent


def test_wallets_are_declined_in_the_providers_own_words(
    worlds: Callable[[str], World], shopper: Shopper, world: World
) -> None:
    purchase = bought(world)
    checkout = shopper.opens_as(CrossmintCheckout, purchase)
    checkout.is_there()
    # The frame with crypto on offer, as an account that sells for it would have it.
    checkout.page.evaluate("""() => {
      const frame = document.querySelector("#crossmint");
      const url = new URL(frame.src);
      const payment = JSON.parse(url.searchParams.get("payment"));
      payment.crypto.enabled = true;
      url.searchParams.set("payment", JSON.stringify(payment));
      frame.src = url;
    }""")
    checkout.frame.get_by_role("button", name="Pay with a wallet").click()
    expect(checkout.frame.get_by_role("status")).to_have_text("No payer configured")
