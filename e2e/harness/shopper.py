"""A shopper: one browser profile, watched, with the page objects for the places they visit."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, expect

from e2e.harness.watch import Watch
from e2e.harness.world import Purchase, World
from e2e.models.checkout import CheckoutPage
from e2e.models.store import StorePage

_TIMEOUT_MS = 15_000


class Shopper:
    """`options` are the browser context's: a phone's width, a dark theme, JavaScript switched off."""

    def __init__(self, browser: Browser, world: World, **options: Any) -> None:
        self.world = world
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(_TIMEOUT_MS)
        expect.set_options(timeout=_TIMEOUT_MS)
        self.watch = Watch(self.context, world)
        self.hostile = False  # the component misbehaves: violations are expected

    def buys(self) -> CheckoutPage:
        """From the store's shelf to its checkout."""
        page = self.context.new_page()
        page.goto(self.world.store)
        StorePage(page).buy("Enamel mug")
        checkout = CheckoutPage(page)
        expect(checkout.main).to_be_visible()
        return checkout

    def opens(self, purchase: Purchase, view: str = "") -> CheckoutPage:
        """The checkout's own link, in a tab of its own."""
        checkout = CheckoutPage(self.context.new_page())
        checkout.page.goto(purchase.url + (f"?view={view}" if view else ""))
        return checkout

    def leaves(self) -> None:
        """Closes the browser and verifies what it saw."""
        try:
            self.watch.verify(hostile=self.hostile)
        finally:
            self.context.close()
