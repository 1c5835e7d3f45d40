"""A shopper in Chromium: one browser profile, watched, with the page objects for the places they visit."""

from __future__ import annotations

from typing import Any, TypeVar

from playwright.sync_api import Browser, expect

from e2e.harness.purchase import Purchase
from e2e.harness.watch import Watch
from e2e.harness.world import CRYPTO_COM, World
from e2e.models.checkout import CheckoutPage
from e2e.models.crypto_com import CryptoComCheckout
from e2e.models.store import StorePage

_TIMEOUT_MS = 15_000
C = TypeVar("C", bound=CheckoutPage)


class Shopper:
    """`script=False` switches JavaScript off; `options` are the browser context's: a phone's width, a dark theme."""

    def __init__(self, browser: Browser, world: World, *, script: bool = True, **options: Any) -> None:
        self.world = world
        self.context = browser.new_context(java_script_enabled=script, **options)
        self.context.set_default_timeout(_TIMEOUT_MS)
        expect.set_options(timeout=_TIMEOUT_MS)
        self.watch = Watch(self.context, world)
        self.hostile = False  # the component misbehaves: violations are expected

    def allows(self, *complaints: str) -> None:
        """What the browser says of a thing that the journey breaks on purpose, as patterns."""
        self.watch.allow(*complaints)

    def buys(self) -> CryptoComCheckout:
        """From the store's shelf to its checkout, with Crypto.com Pay."""
        return self.buys_with(CRYPTO_COM, CryptoComCheckout)

    def buys_with(self, provider: str, model: type[C]) -> C:
        page = self.context.new_page()
        page.goto(self.world.store)
        StorePage(page).buy("Enamel mug", provider)
        checkout = model(page)
        expect(checkout.main).to_be_visible()
        return checkout

    def opens(self, purchase: Purchase, view: str = "") -> CryptoComCheckout:
        """The checkout's own link, in a tab of its own."""
        return self.opens_as(CryptoComCheckout, purchase, view)

    def opens_as(self, model: type[C], purchase: Purchase, view: str = "") -> C:
        """The same with another provider's page object."""
        checkout = model(self.context.new_page())
        checkout.page.goto(purchase.url + (f"?view={view}" if view else ""))
        return checkout

    def leaves(self) -> None:
        """Closes the browser and verifies what it saw."""
        try:
            self.watch.verify(hostile=self.hostile)
        finally:
            self.context.close()
