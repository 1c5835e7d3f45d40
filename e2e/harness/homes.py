"""Where a checkout may live: a page, a store's page around it or under it, and the WebView of an app."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from playwright.sync_api import Page

from e2e.harness.patience import until
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout

# An Android phone, as its WebView names itself.
_ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7 Build/AP1A.240305.019; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36"
)
_STORE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Store</title><link rel="icon" href="data:,"><h1>Store</h1>%s</html>"""
# What a native app puts into its WebView, to hear what the page says.
_APP = """window.told = []; window.CheckoutHost = { postMessage: (text) => window.told.push(JSON.parse(text)) };"""


class Home:
    """`purchase`, then `opens` it, or `opens_by_link` where no script runs; `ends` waits for the end in sight, and
    `hears` for what is told of it."""

    options: ClassVar[dict[str, Any]] = {}  # what the browser's context has here

    @staticmethod
    def seen(world: World) -> World:
        """The world as it is for a shopper here."""
        return world

    def __init__(self, shopper: Shopper) -> None:
        self.shopper = shopper
        self.world = shopper.world

    def purchase(self) -> Purchase:
        return self.world.purchase()

    def opens(self, purchase: Purchase) -> CryptoComCheckout:
        return self.shopper.opens(purchase)

    def opens_by_link(self, purchase: Purchase) -> CryptoComCheckout:
        """By what is left of this home without script."""
        return self.opens(purchase)

    def ends(self, checkout: CryptoComCheckout) -> None:
        checkout.shows("Paid")

    def hears(self, checkout: CryptoComCheckout) -> None:
        """Waits until whoever holds the page has heard of the end from Python, where that is more than the page."""


class InTab(Home):
    """The checkout's own page."""


class InStore(Home):
    """The session's snippet, in a store's page that allows what docs/embedding.md asks for and nothing more."""

    def purchase(self) -> Purchase:
        return self.world.purchase(embed_origins=[self.world.framing])

    def opens(self, purchase: Purchase) -> CryptoComCheckout:
        page = self._store(purchase.session["embed"])
        return CryptoComCheckout(page, page.frame_locator("checkout-embed iframe"))

    def opens_by_link(self, purchase: Purchase) -> CryptoComCheckout:
        page = self._store(purchase.session["embed"])
        page.locator("checkout-embed").get_by_role("link").click()
        return CryptoComCheckout(page)

    def _store(self, markup: str) -> Page:
        checkout = self.world.checkout
        self.world.framer.html = _STORE % markup
        self.world.framer.policy = (
            f"default-src 'none'; script-src {checkout}; frame-src {checkout}; img-src data:"
        )
        page = self.shopper.context.new_page()
        page.goto(self.world.framing)
        return page


class OverStore(InStore):
    """A link of the store's that opens the checkout over the page; without script it is a link like any other."""

    def opens(self, purchase: Purchase) -> CryptoComCheckout:
        page = self._follows(purchase)
        return CryptoComCheckout(page, page.get_by_role("dialog").frame_locator("iframe"))

    def opens_by_link(self, purchase: Purchase) -> CryptoComCheckout:
        return CryptoComCheckout(self._follows(purchase))

    def _follows(self, purchase: Purchase) -> Page:
        page = self._store(
            f'<script src="{self.world.checkout}/embed.js" defer></script>'
            f'<a data-checkout="{purchase.url}" href="{purchase.url}" label="Checkout: Demo Store">Pay</a>'
        )
        page.get_by_role("link", name="Pay").click()
        return page


class InApp(Home):
    """The WebView of an Android app, which is where the shopper shall return to."""

    options: ClassVar[dict[str, Any]] = {
        "user_agent": _ANDROID,
        "viewport": {"width": 412, "height": 839},
        "device_scale_factor": 2.625,
        "is_mobile": True,
        "has_touch": True,
    }

    @staticmethod
    def seen(world: World) -> World:
        """The store is the app."""
        other = copy(world)
        other.store = "shop://done"
        return other

    def __init__(self, shopper: Shopper) -> None:
        super().__init__(shopper)
        shopper.context.add_init_script(_APP)

    def opens(self, purchase: Purchase) -> CryptoComCheckout:
        return self.shopper.opens(purchase, view="webview")

    def hears(self, checkout: CryptoComCheckout) -> None:
        def paid() -> bool:
            return any(said.get("paid") for said in checkout.page.evaluate("window.told"))

        until("the app hears that it is paid", paid)
