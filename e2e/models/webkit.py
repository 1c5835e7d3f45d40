"""The checkout, Crypto.com's pages and the store in WebKitGTK. WebDriver has no locators by role: these are the nearest.

They have the words of the page objects for Chromium, so that a journey is written once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

from selenium.common.exceptions import JavascriptException, StaleElementReferenceException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from e2e.harness.webkit_watch import WebKitWatch
from e2e.models.base import BASICS
from e2e.models.checkout import GIVES_WAY, TIME_LEFT
from e2e.models.crypto_com import ATTEMPTS

_TIMEOUT_S = 20
T = TypeVar("T")


class WebKitPage:
    """A page in one of the browser's windows: that window is brought to the front before anything is asked of it."""

    def __init__(self, driver: WebKitGTK, watch: WebKitWatch, window: str | None = None) -> None:
        self._driver = driver
        self._watch = watch
        self._window = window or driver.current_window_handle

    def shows(self, headline: str) -> None:
        """Waits for the one visible headline, here or on the page that this one leads to."""
        self._until(f"the headline {headline!r}", lambda: self._headline() == headline)

    def _until(self, what: str, look: Callable[[], T | None]) -> T:
        def careful(_: WebKitGTK) -> T | Literal[False]:
            try:
                return look() or False
            except (StaleElementReferenceException, JavascriptException):
                return False  # the page went on to the next one

        self._driver.switch_to.window(self._window)
        return WebDriverWait(self._driver, _TIMEOUT_S, 0.05).until(careful, f"never: {what}")

    def _press(self, kind: str, name: str) -> None:
        """The visible button or link (`a`) of this name."""
        path = f"//{kind}[normalize-space()='{name}']"
        self._click(name, lambda: self._first(path, By.XPATH))

    def _click(self, what: str, find: Callable[[], WebElement | None]) -> None:
        def clicked() -> bool:
            node = find()
            if node is not None:
                node.click()
            return node is not None

        self._until(what, clicked)

    def _headline(self) -> str:
        seen = [
            node.text for node in self._driver.find_elements(By.CSS_SELECTOR, "h1") if node.is_displayed()
        ]
        return seen[0] if len(seen) == 1 else f"{len(seen)} headlines"

    def _text(self, selector: str) -> str:
        found = self._first(selector)
        return found.text if found is not None else ""

    def _first(self, what: str, by: str = By.CSS_SELECTOR) -> WebElement | None:
        return next((node for node in self._driver.find_elements(by, what) if node.is_displayed()), None)


class WebKitCheckout(WebKitPage):
    def shows(self, headline: str) -> None:
        super().shows(headline)
        self._watch.looks()

    def arrives(self) -> None:
        self._until("the checkout", lambda: self._first("main#checkout"))

    def says(self, sentence: str) -> None:
        panel = f"//section[not(@hidden)]//*[contains(normalize-space(), '{sentence}')]"
        self._until(sentence, lambda: self._first(panel, By.XPATH))

    def runs_python(self) -> None:
        self._until("a countdown", lambda: TIME_LEFT.match(self._text("#countdown")))

    def gives_way(self) -> None:
        self._until("the hosted page", lambda: self._first("#hosted[data-prominent]"))
        self._until("why", lambda: GIVES_WAY in self._text(".fallback"))

    def offers_nothing(self) -> None:
        self._until("no way to pay", lambda: self._button() is None and self._first("#hosted") is None)

    def pay_window(self) -> WebKitProviderPage:
        before = set(self._driver.window_handles)
        self._click("the button", self._button)
        (opened,) = self._until("the payment window", lambda: set(self._driver.window_handles) - before)
        return WebKitProviderPage(self._driver, self._watch, opened)

    def pays_in_window(self) -> WebKitProviderPage:
        window = self.pay_window()
        window.pays()
        return window

    def goes_to_provider(self) -> WebKitProviderPage:
        self._press("a", "Continue to Crypto.com Pay")
        hosted = WebKitProviderPage(self._driver, self._watch, self._window)
        hosted.arrives()
        return hosted

    def reloads(self) -> None:
        self._driver.switch_to.window(self._window)
        self._driver.refresh()

    def leaves(self) -> None:
        self._press("button", "Back to Demo Store")

    def returns(self) -> None:
        self._press("a", "Return to Demo Store")

    def arrives_in_store(self, headline: str) -> WebKitOrder:
        order = WebKitOrder(self._driver, self._watch, self._window)
        order.shows(headline)
        return order

    def attempts(self) -> dict[str, str]:
        def all_of_them() -> dict[str, str] | None:
            found: dict[str, str] = self._driver.execute_script("return window.__hostile ?? {}")
            return found if len(found) == ATTEMPTS else None

        return self._until("all attempts were made", all_of_them)

    def violations(self) -> list[str]:
        self._driver.switch_to.window(self._window)
        lacking: list[str] = self._driver.execute_script(f"return ({BASICS})()")
        return [*map(str, self._watch.reports), *lacking]

    def _button(self) -> WebElement | None:
        """The provider's, in the shadow tree of its component."""
        host = self._first("#component > *")
        return None if host is None else host.shadow_root.find_element(By.CSS_SELECTOR, "button")


class WebKitProviderPage(WebKitPage):
    """Where `payment_url` leads, and the window of the button."""

    def arrives(self) -> None:
        self.shows("25.00 USD")

    def pays(self) -> None:
        self._press("button", "Pay")

    def cancels(self) -> None:
        self._press("button", "Cancel")

    def is_gone(self) -> None:
        WebDriverWait(self._driver, _TIMEOUT_S, 0.05).until(
            lambda driver: self._window not in driver.window_handles, "never: the window closes"
        )


class WebKitShelf(WebKitPage):
    def buy(self, product: str, title: str, provider: str) -> None:
        """`product` is as in its address. `provider` is the name of the one to pay with, where there is a choice."""
        choice = self._first(f"form[action$='/{product}'] select")
        if choice is not None:
            Select(choice).select_by_value(provider)
        self._press("button", f"Buy {title}")


class WebKitOrder(WebKitPage):
    def shows(self, headline: str) -> None:
        """Waits for the store's word on the order, in the store: the checkout's own headline may be the same."""
        link = "//nav//a[normalize-space()='Orders']"
        self._until(
            f"the store says {headline!r}",
            lambda: self._first(link, By.XPATH) and headline in self._headline(),
        )

    def tries_again(self) -> None:
        self._press("button", "Try again")
