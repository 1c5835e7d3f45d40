"""The watch is worth its trust: each thing that it looks for, done on purpose, is noticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect
from selenium.webdriver import WebKitGTK

from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser

_MISDEEDS = {
    "cookie": "document.cookie = 'a=b'",
    "storage": "localStorage.setItem('a', 'b')",
    "session storage": "sessionStorage.setItem('a', 'b')",
    "database": "new Promise((done) => indexedDB.open('a').addEventListener('success', done))",
    "console": "console.error('something went wrong')",
    "stranger": "fetch('STORE/').catch(String)",
    "policy": "void document.body.setAttribute('style', 'color: red')",
}
_TIDIES = """localStorage.clear(); sessionStorage.clear();
indexedDB.deleteDatabase("a").addEventListener("success", arguments[0])"""


@pytest.mark.parametrize("misdeed", _MISDEEDS)
def test_a_misdeed_is_noticed(browser: Browser, world: World, misdeed: str) -> None:
    shopper = Shopper(browser, world)
    checkout = shopper.opens(world.purchase())
    checkout.runs_python()
    shopper.watch.verify()

    checkout.page.evaluate(_MISDEEDS[misdeed].replace("STORE", world.store))

    with pytest.raises(AssertionError):
        shopper.watch.verify()
    shopper.context.close()


@pytest.mark.parametrize("misdeed", [name for name in _MISDEEDS if name != "console"])
def test_a_misdeed_is_noticed_in_webkit(
    webkits: Callable[[bool], WebKitGTK], world: World, misdeed: str
) -> None:
    driver = webkits(True)
    shopper = WebKitShopper(driver, world)
    checkout = shopper.opens(world.purchase())
    checkout.runs_python()

    driver.execute_script(f"return {_MISDEEDS[misdeed].replace('STORE', world.store)}")

    with pytest.raises(AssertionError):
        shopper.leaves()
    # All journeys share this browser.
    driver.get(f"{world.checkout}/checkout/nobody")
    driver.execute_async_script(_TIDIES)
    driver.delete_all_cookies()
    world.reset()
    shopper.watch.forget()
    shopper.leaves()


def test_what_everyone_needs_is_missed_when_it_is_gone(shopper: Shopper, world: World) -> None:
    checkout = shopper.opens(world.purchase())
    expect(checkout.pay_button).to_be_visible()
    assert checkout.violations() == []

    checkout.page.evaluate(
        """() => {
          document.querySelector("#leave button").textContent = "";
          document.querySelector("section:not([hidden]) h1").hidden = true;
          document.querySelector("#summary").style.inlineSize = "300vw";
        }"""
    )
    found = " ".join(checkout.violations())
    assert all(part in found for part in ("0 visible h1", "no name", "scrolls sideways")), found
