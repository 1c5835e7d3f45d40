"""The ways out of a frame: the store's page decides, whoever presses what, and nothing else of it can be moved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.harness.embedding import hears, purchase_in, store, within
from e2e.harness.patience import until
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.crypto_com import HostedPage
from e2e.models.store import OrderPage

pytestmark = pytest.mark.browser

_FRAME = "checkout-embed iframe"
_LOOSE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Store</title><link rel="icon" href="data:,">
<h1>Store</h1>%s</html>"""


def test_what_the_shopper_presses_is_the_stores_to_decide_too(shopper: Shopper, world: World) -> None:
    purchase = purchase_in(world)
    page = store(shopper, world, purchase.session["embed"])
    page.evaluate("window.prevented = 'redirect'")
    checkout = within(page, _FRAME)
    checkout.runs_python()

    checkout.leaves()
    assert hears(page, "redirect")["url"].startswith(f"{world.store}/cancelled?")
    purchase.stays("open", store="waiting")

    purchase.lever("pay")
    checkout.shows("Paid")
    until("the frame would leave by itself", lambda: len(_redirects(page)) == 2)
    checkout.returns()
    until("the shopper would leave", lambda: len(_redirects(page)) == 3)
    assert _redirects(page)[2].startswith(f"{world.store}/return?")
    assert page.url == f"{world.framing}/"
    purchase.ends("succeeded", store="paid")


def test_a_frame_runs_nothing_in_the_store(shopper: Shopper, world: World) -> None:
    """The provider's script runs in the frame, and can say whatever our page can."""
    purchase = purchase_in(world)
    world.framer.html = _LOOSE % purchase.session["embed"]
    page = shopper.context.new_page()
    page.goto(world.framing)
    within(page, _FRAME).runs_python()

    for url in (" javascript:document.title='owned'", "java\tscript:document.title='owned'"):
        page.frames[1].evaluate(
            "([url, store]) => parent.postMessage(JSON.stringify({v: 1, type: 'redirect', url}), store)",
            [url, world.framing],
        )
    page.frames[1].evaluate(
        "store => parent.postMessage(JSON.stringify({v: 1, type: 'height', px: 777}), store)", world.framing
    )

    expect(page.locator(_FRAME)).to_have_css("height", "777px")  # which was said after it
    expect(page).to_have_title("Store")


def test_a_window_of_a_session_that_the_frame_no_longer_shows(shopper: Shopper, world: World) -> None:
    """It goes to the store by itself: nobody here would tell the shopper that it was paid."""
    first, second = purchase_in(world), purchase_in(world)
    page = store(shopper, world, first.session["embed"])
    checkout = within(page, _FRAME)
    checkout.runs_python()
    hosted_url = checkout.hosted_link.get_attribute("href")
    with page.expect_popup() as opened:
        page.frames[1].evaluate("(url) => void open(url)", hosted_url)
    window = HostedPage(opened.value)
    window.arrives()
    page.locator("checkout-embed").evaluate(
        "(node, url) => node.setAttribute('session-url', url)", second.url
    )
    checkout.runs_python()

    window.pays()

    OrderPage(window.page).shows("Paid")
    checkout.shows("Pay $25.00")
    first.ends("succeeded", store="paid")


def test_back_to_the_checkout_as_it_is_here(shopper: Shopper, world: World) -> None:
    purchase = purchase_in(world)
    page = store(shopper, world, purchase.session["embed"])
    checkout = within(page, _FRAME)
    checkout.runs_python()

    page.frames[1].evaluate("(url) => void (location.href = url)", f"{purchase.url}/return")
    back = checkout.inside.locator("#hosted")
    expect(back).to_have_attribute("href", f"{purchase.url}?view=embed#embed")
    assert "ready" in [said[0] for said in page.evaluate("window.heard")]
    purchase.stays("open", store="waiting")


def test_a_link_that_leads_to_no_session_yet_is_a_link(shopper: Shopper, world: World) -> None:
    page = store(
        shopper,
        world,
        f'<script src="{world.checkout}/embed.js" defer></script><a data-checkout="" href="#cart">Pay</a>',
    )
    page.get_by_role("link", name="Pay").click()
    expect(page).to_have_url(f"{world.framing}/#cart")
    expect(page.locator("checkout-embed")).to_have_count(0)


def _redirects(page: Page) -> list[str]:
    """The addresses that the store heard of, in order."""
    return [detail["url"] for name, detail, _ in page.evaluate("window.heard") if name == "redirect"]
