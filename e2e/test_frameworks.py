"""`<checkout-embed>` in stores whose framework takes it out, puts it back and changes it, under a strict policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.frameworks.stores import FRAMEWORKS, FrameworkStore
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_shown_hidden_shown_again_changed_and_paid(shopper: Shopper, world: World, framework: str) -> None:
    page, store = _store(shopper, world, framework)
    listening = _listeners(page)

    _press(page, "First order")
    _checkout(page).runs_python()
    assert _listeners(page) == listening + 1
    expect(page.get_by_role("status")).to_have_text("open")

    _press(page, "Hide")
    expect(page.locator("checkout-embed, iframe")).to_have_count(0)
    assert _listeners(page) == listening

    _press(page, "First order")
    _checkout(page).runs_python()
    _press(page, "Second order")
    expect(page.locator("iframe")).to_have_attribute("src", f"{store.second.url}?view=embed#embed")
    _checkout(page).runs_python()
    assert _listeners(page) == listening + 1

    store.second.lever("pay")

    expect(page.get_by_role("status")).to_have_text("succeeded")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.locator("checkout-embed, iframe")).to_have_count(0)
    assert page.url == f"{world.framing}/"
    store.second.ends("succeeded", store="paid")
    store.first.stays("open", store="waiting")


def test_what_htmx_preserves_goes_on(shopper: Shopper, world: World) -> None:
    page, store = _store(shopper, world, "htmx")
    _press(page, "Second order")
    _checkout(page).runs_python()
    kept = page.frames[1]
    kept.evaluate("window.kept = true")

    _press(page, "Basket")

    expect(page.get_by_text("One mug")).to_be_visible()
    assert page.frames[1].evaluate("window.kept") is True
    store.second.lever("pay")
    expect(page.get_by_role("status")).to_have_text("succeeded")
    store.second.ends("succeeded", store="paid")


def _store(shopper: Shopper, world: World, framework: str) -> tuple[Page, FrameworkStore]:
    first, second = (world.purchase(embed_origins=[world.framing]) for _ in range(2))
    store = FrameworkStore(world, framework, first, second)
    page = shopper.context.new_page()
    store.opens_in(page)
    expect(page.get_by_role("button", name="Hide")).to_be_visible()
    return page, store


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def _checkout(page: Page) -> CryptoComCheckout:
    return CryptoComCheckout(page, page.frame_locator("checkout-embed iframe"))


def _listeners(page: Page) -> int:
    """How many listen to messages in the store's page: each `<checkout-embed>` that is shown, and none that is gone."""
    devtools = page.context.new_cdp_session(page)
    window = devtools.send("Runtime.evaluate", {"expression": "window"})["result"]["objectId"]
    found = devtools.send("DOMDebugger.getEventListeners", {"objectId": window})["listeners"]
    devtools.detach()
    return sum(listener["type"] == "message" for listener in found)
