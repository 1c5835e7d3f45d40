"""A shopper in WebKitGTK: one browser for all journeys, with the page objects for the places they visit."""

from __future__ import annotations

from typing import TypeVar

from selenium.webdriver import WebKitGTK

from e2e.harness.purchase import Purchase
from e2e.harness.webkit_watch import WebKitWatch
from e2e.harness.world import CRYPTO_COM, World
from e2e.models.webkit import WebKitCheckout, WebKitShelf

C = TypeVar("C", bound=WebKitCheckout)


class WebKitShopper:
    """What `Shopper` is in Chromium. A browser starts slowly, so it is kept: each journey leaves one blank window."""

    def __init__(self, driver: WebKitGTK, world: World) -> None:
        self._driver = driver
        self._world = world
        self.watch = WebKitWatch(driver, world)
        self._fresh = True
        self.hostile = False  # the component misbehaves: violations are expected

    def allows(self, *complaints: str) -> None:
        """Nothing to allow: WebDriver does not tell what a console says."""

    def buys(self) -> WebKitCheckout:
        """From the store's shelf to its checkout, with Crypto.com Pay."""
        return self.buys_with(CRYPTO_COM, WebKitCheckout)

    def buys_with(self, provider: str, model: type[C]) -> C:
        self._goes_to(self._world.store)
        WebKitShelf(self._driver, self.watch).buy("mug", "Enamel mug", provider)
        checkout = model(self._driver, self.watch)
        checkout.arrives()
        return checkout

    def opens(self, purchase: Purchase, view: str = "") -> WebKitCheckout:
        """The checkout's own link, in a window of its own: tabs behind another are not to be clicked in WebKitGTK."""
        return self.opens_as(WebKitCheckout, purchase, view)

    def opens_as(self, model: type[C], purchase: Purchase, view: str = "") -> C:
        """The same with another provider's page object."""
        self._goes_to(purchase.url + (f"?view={view}" if view else ""))
        return model(self._driver, self.watch)

    def leaves(self) -> None:
        """Closes all windows but one, and verifies what was seen."""
        try:
            self.watch.verify(hostile=self.hostile)
        finally:
            first, *others = self._driver.window_handles
            for window in others:
                self._driver.switch_to.window(window)
                self._driver.close()
            self._driver.switch_to.window(first)
            self._driver.get("about:blank")

    def _goes_to(self, url: str) -> None:
        if not self._fresh:
            self._driver.switch_to.new_window("window")
        self._fresh = False
        self._driver.get(url)
