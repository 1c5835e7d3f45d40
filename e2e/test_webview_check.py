"""The self-test page, in a container that allows all of it and in one that allows little."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from checkout_server.selftest import CHECKS
from e2e.harness.patience import until
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.base import BASICS

pytestmark = pytest.mark.browser

_PIXEL: dict[str, Any] = {
    "viewport": {"width": 412, "height": 839},
    "device_scale_factor": 2.625,
    "is_mobile": True,
    "has_touch": True,
}
# What a native app puts into its WebView.
_APP = """window.heard = []; window.CheckoutHost = { postMessage: (text) => heard.push(JSON.parse(text)) };"""
_WALLET = "ethereum:0x0000000000000000000000000000000000000000?value=0"
# As a phone tells a page: this browser never hides one by itself.
_HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_container_that_allows_all(shoppers: Callable[..., Shopper], world: World) -> None:
    shopper = shoppers(**_PIXEL, color_scheme="dark")
    shopper.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=world.checkout)
    shopper.context.add_init_script(_APP)
    page = _opened(shopper, world)

    for check in CHECKS:
        expect(_line(page, check.key)).to_have_attribute("data-result", check.result.replace("todo", "works"))
    expect(_line(page, "bridge")).to_contain_text("Works. CheckoutHost took")
    assert _reported(page, "wasm", "works")["wallet"]["result"] == "todo"

    page.get_by_role("button", name="Copy the report").click()
    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "wasm: Works. Python in the browser can run.\n" in copied

    # Last, for this browser asks whether to open a wallet, and takes no more clicks for the page until it is answered.
    page.get_by_role("link", name="Open ethereum:").click()
    expect(_line(page, "wallet")).to_contain_text("You judge. The page stayed.")
    page.evaluate(_HIDE, True)
    page.evaluate(_HIDE, False)
    expect(_line(page, "foreground")).to_contain_text("Works. Hidden, and seen again after 0 s.")
    assert _reported(page, "foreground", "works")["wallet"]["result"] == "look"

    assert page.evaluate(BASICS) == []
    # The browser was asked for a wallet, which is a stranger everywhere else.
    shopper.watch.requests.remove(("navigation", _WALLET))


def test_a_container_that_allows_little(shoppers: Callable[..., Shopper], world: World) -> None:
    """No WebAssembly, no stream, nobody to tell; no clipboard; and every link is followed in the view."""
    shopper = shoppers(viewport={"width": 320, "height": 640})
    shopper.allows("503", "400")  # the stream; and a store that believes no hint but the checkout's own
    world.gate.shut("/webview/events")
    shopper.context.add_init_script("delete window.WebAssembly; delete Navigator.prototype.clipboard;")
    page = _opened(shopper, world, f"?return={world.store}/return")

    for key in ("wasm", "push", "bridge"):
        expect(_line(page, key)).to_have_attribute("data-result", "less")
    expect(_line(page, "wasm")).to_contain_text("The page works without, by its bridge.")
    expect(_line(page, "push")).to_contain_text("polled")
    assert page.evaluate(BASICS) == []
    page.get_by_role("button", name="Copy the report").click()
    expect(page.get_by_text(re.compile(r"^(Copied|Selected: copy it by hand)\.$"))).to_be_visible()
    assert page.evaluate("getSelection().toString()").startswith("What this WebView allows\n")

    # A browser keeps a page to go back to, as iOS does, or loads it again, as Android does.
    page.evaluate("window.kept = true")
    for kept in (True, False):
        if not kept:
            page.evaluate("void addEventListener('unload', () => {})")  # no browser keeps such a page
        page.get_by_role("link", name="Return to").click()
        page.wait_for_url(f"{world.store}/return?**")
        page.go_back(wait_until="commit")
        expect(_line(page, "return")).to_contain_text(
            "Does not work. This link replaced the page: rule return is missing."
        )
        assert page.evaluate("window.kept ?? false") == kept
    expect(page.get_by_role("textbox", name="The report")).to_have_value(
        re.compile(r"\nreturn: Does not work\.")
    )


def _opened(shopper: Shopper, world: World, query: str = "") -> Page:
    page = shopper.context.new_page()
    page.goto(f"{world.checkout}/webview{query}")
    return page


def _line(page: Page, key: str) -> Locator:
    return page.locator(f"#check-{key}")


def _reported(page: Page, key: str, result: str) -> dict[str, Any]:
    """Waits until the app has heard a report with this result; answers its checks."""

    def heard() -> dict[str, Any] | None:
        said: list[dict[str, Any]] = page.evaluate("heard")
        assert said[0] == {"v": 1, "type": "test"}
        reports = (message["checks"] for message in said[1:])
        return next((checks for checks in reports if checks[key]["result"] == result), None)

    return until(f"the app hears that {key} {result}", heard)
