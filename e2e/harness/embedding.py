"""The store of the merchant's own around `embed.js`: its page, its strict policy, and what it hears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import FrameLocator, Page
from selenium.webdriver import WebKitGTK

from e2e.harness.patience import until
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout
from e2e.models.webkit_embed import WebKitEmbed

_STORE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Store</title><link rel="icon" href="data:,"><h1>Store</h1>%s
<script nonce="store">
window.heard = [];
for (const name of ["ready", "status", "redirect", "close"])
  addEventListener(`checkout:${name}`, (event) => {
    heard.push([name, event.detail, event.target.localName]);
    if (window.prevented === name) event.preventDefault();
  });
</script></html>"""


def purchase_in(world: World, **fields: Any) -> Purchase:
    return world.purchase(embed_origins=[world.framing], **fields)


def pay_button(world: World, purchase: Purchase) -> str:
    url = purchase.session["url"]
    return (
        f'<script src="{world.checkout}/embed.js" defer></script>'
        f'<button data-checkout="{url}" label="Checkout: Demo Store">Pay</button>'
    )


def store(shopper: Shopper, world: World, markup: str) -> Page:
    _serve(world, markup)
    page = shopper.context.new_page()
    page.goto(world.framing)
    return page


def webkit_store(
    shopper: WebKitShopper, webkits: Callable[[bool], WebKitGTK], world: World, markup: str
) -> WebKitEmbed:
    _serve(world, markup)
    driver = webkits(True)
    driver.get(world.framing)
    return WebKitEmbed(driver, shopper.watch)


def within(page: Page, selector: str) -> CryptoComCheckout:
    frame: FrameLocator = page.frame_locator(selector)
    return CryptoComCheckout(page, frame)


def hears(page: Page, name: str, status: str | None = None) -> dict[str, Any]:
    """Waits until the store has heard an event of this name, and of this status where one is given."""

    def heard() -> dict[str, Any] | None:
        said: list[tuple[str, dict[str, Any], str]] = page.evaluate("window.heard")
        fitting = (detail for kind, detail, _ in said if kind == name)
        return next((detail for detail in fitting if status in (None, detail.get("status"))), None)

    return until(f"the store hears {name}", heard)


def _serve(world: World, markup: str) -> None:
    """The store's page, under a policy that has no more than docs/embedding.md asks for."""
    world.framer.html = _STORE % markup
    world.framer.policy = (
        f"default-src 'none'; script-src 'nonce-store' {world.checkout}; frame-src {world.checkout}; img-src data:; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
