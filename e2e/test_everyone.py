"""For everyone: by keyboard, on a narrow screen, by ear, and with nothing that jumps."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.engines import ENGINES
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser

_MOST_TABS = 12
# Notes what the live region says, each time it says something.
_EAR = """addEventListener("DOMContentLoaded", () => {
  const region = document.getElementById("announce");
  window.__heard = [];
  if (region) new MutationObserver(() => window.__heard.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
});"""


def test_paid_by_keyboard_alone(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    _tab_to(checkout.page, "Pay with Crypto.com")
    expect(checkout.pay_button).to_be_focused()
    with checkout.page.expect_popup() as opened:
        checkout.page.keyboard.press("Enter")
    window = opened.value
    expect(window.get_by_role("heading", level=1)).to_have_text("25.00 USD")
    _tab_to(window, "Pay")
    window.keyboard.press("Enter")

    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_each_state_is_said_once(shopper: Shopper, world: World) -> None:
    shopper.context.add_init_script(_EAR)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()
    expect(checkout.announcement).to_have_text("")

    purchase.lever("detect")
    expect(checkout.announcement).to_have_text(re.compile(r"^Payment seen\. "))
    purchase.lever("pay")
    expect(checkout.announcement).to_have_text(re.compile(r"^Paid\. "))

    heard: list[str] = checkout.page.evaluate("window.__heard")
    assert [text.partition(".")[0] for text in heard if text] == ["Payment seen", "Paid"]
    purchase.ends("succeeded", store="paid")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_while_all_arrives(shoppers: Callable[..., Shopper], world: World, width: int) -> None:
    shopper = shoppers(viewport={"width": width, "height": 800})
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    expect(checkout.component).to_have_attribute("data-state", "mounted")
    checkout.runs_python()

    assert checkout.page.evaluate("window.__seen.shift") < 0.02
    purchase.stays("open", store="waiting")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_narrow_screen_needs_no_sideways_scrolling(
    shoppers: Callable[..., Shopper], world: World, locale: str
) -> None:
    shopper = shoppers(viewport={"width": 320, "height": 640})
    purchase = world.purchase(locale=locale, description="Thirty-five-centilitre-enamel-mug " * 4)
    checkout = shopper.opens(purchase)
    checkout.runs_python()
    assert checkout.violations() == []

    purchase.lever("detect")
    expect(checkout.main).to_have_attribute("data-panel", "processing")
    assert checkout.violations() == []
    purchase.lever("pay")
    purchase.ends("succeeded", store="paid")


def _tab_to(page: Page, name: str) -> None:
    """Presses Tab until the element with this name has the focus, through shadow trees."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at?.textContent.trim() })()"
        )
        if focused == name:
            return
    raise AssertionError(f"{name!r} is not reached by keyboard")
