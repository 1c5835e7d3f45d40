"""`embed.js` over the store's page: a dialog that Escape closes, that has a name, and that gives the focus back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from selenium.webdriver import WebKitGTK

from e2e.harness.embedding import hears, pay_button, purchase_in, store, webkit_store, within
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser

_LATER = """(url) => {
  const element = document.createElement("checkout-embed");
  for (const [name, value] of Object.entries({ mode: "modal", label: "Kasse", "close-label": "Schließen" }))
    element.setAttribute(name, value);
  document.body.append(element);
  if (document.querySelector("iframe")) throw new Error("it frames what nobody named");
  element.setAttribute("session-url", url);
}"""


def test_over_the_page_and_away_again(shopper: Shopper, world: World) -> None:
    purchase = purchase_in(world)
    page = store(shopper, world, pay_button(world, purchase))
    button = page.get_by_role("button", name="Pay", exact=True)
    button.focus()
    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog", name="Checkout: Demo Store")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    within(page, "dialog iframe").runs_python()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    assert hears(page, "close")["status"] == "open"

    # Escape within the frame, whose page the browser would not let speak for the store's.
    button.click()
    checkout = within(page, "dialog iframe")
    checkout.runs_python()
    checkout.heading.click()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()

    button.click()
    checkout = within(page, "dialog iframe")
    checkout.runs_python()
    checkout.pays_in_window()
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_over_a_page_that_decides_when_it_goes(shopper: Shopper, world: World) -> None:
    """What a framework does: the element is there before its session, and goes when the store takes it out."""
    purchase = purchase_in(world)
    page = store(
        shopper, world, f'<script src="{world.checkout}/embed.js" defer></script><button>Buy</button>'
    )
    button = page.get_by_role("button", name="Buy")
    button.focus()
    page.evaluate(_LATER, purchase.url)

    dialog = page.get_by_role("dialog", name="Kasse")
    expect(dialog.get_by_role("button", name="Schließen")).to_be_focused()
    assert button.evaluate("(node) => (node.focus(), document.activeElement !== node)")  # the page is inert
    within(
        page, "dialog iframe"
    ).runs_python()  # a page that goes while it fetches makes the browser complain
    page.evaluate("window.prevented = 'close'")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")  # by the second in a row, Chromium closes a dialog whatever the page says
    page.wait_for_function("() => heard.filter(([name]) => name === 'close').length === 2")
    expect(dialog).to_be_visible()
    page.evaluate("document.querySelector('checkout-embed').remove()")

    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    purchase.stays("open", store="waiting")


def test_near_the_button_all_is_fetched_ahead(shopper: Shopper, world: World) -> None:
    purchase = purchase_in(world)
    page = store(shopper, world, pay_button(world, purchase))

    with page.expect_request(lambda request: request.url.endswith("micropython.wasm")) as warm:
        page.get_by_role("button", name="Pay", exact=True).hover()

    frame = warm.value.frame
    assert frame.url == f"{world.checkout}/warm"
    purchase.stays("open", store="waiting")


@pytest.mark.parametrize("browser_name", ["webkit"])
def test_over_the_page_in_webkit(
    shopper: WebKitShopper, webkits: Callable[[bool], WebKitGTK], world: World
) -> None:
    purchase = purchase_in(world, provider="crossmint", customer={"email": "kim@example.com"})
    page = webkit_store(shopper, webkits, world, pay_button(world, purchase))

    page.opens()
    assert page.focus() == "Close"
    page.escapes()
    page.is_closed()
    assert page.focus() == "Pay"

    page.opens()
    page.runs_python()
    page.escapes_within()
    page.is_closed()
    assert page.focus() == "Pay"

    page.opens()
    page.runs_python()
    page.pays()
    page.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")
