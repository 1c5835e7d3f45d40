"""The checkout, the provider and the store in WebKitGTK. WebDriver has no locators by role: these are the nearest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from e2e.harness.world import Purchase, World

_TIMEOUT_S = 20


class WebKitShopper:
    """One window; `violations` are what the browser reported to the checkout that its policy blocked."""

    def __init__(self, driver: WebKitGTK, world: World) -> None:
        self._driver = driver
        self._world = world
        self.hostile = False  # the component misbehaves: violations are expected

    def opens(self, purchase: Purchase, view: str = "") -> None:
        self._driver.get(purchase.url + (f"?view={view}" if view else ""))

    def is_visible(self) -> bool:
        return self._first("main#checkout") is not None

    def violations(self) -> list[dict[str, Any]]:
        return self._world.gate.reports

    def shows(self, headline: str) -> None:
        """Waits for the one visible headline, here or on the page that this one leads to."""
        self._until(f"the headline {headline!r}", lambda: headline in self._headlines())

    def runs_python(self) -> None:
        """Waits until the glue is there: the time left is written by nobody else."""
        self._until("a countdown", lambda: re.fullmatch(r"\d+:\d\d", self._text("#countdown")))

    def presses_pay(self) -> None:
        """The provider's button, in the shadow tree of its component; then the window that it opens."""
        before = set(self._driver.window_handles)
        self._until("the button", lambda: self._button() is not None)
        button = self._button()
        assert button is not None
        button.click()
        self._until("the payment window", lambda: set(self._driver.window_handles) - before)
        checkout = self._driver.current_window_handle
        (opened,) = set(self._driver.window_handles) - before
        self._driver.switch_to.window(opened)
        self.pays()
        self._driver.switch_to.window(checkout)

    def goes_to_provider(self) -> None:
        self._until("the link", lambda: self._first("#hosted")).click()

    def pays(self) -> None:
        """On the provider's page: its `Pay` button, by its name."""
        path = "//button[normalize-space()='Pay']"
        self._until("Pay", lambda: self._found(By.XPATH, path)).click()

    def is_back_in_the_store(self, headline: str) -> None:
        """Waits until the checkout has been left, and for the store's word on the order."""
        self._until("the store", lambda: self._driver.current_url.startswith(self._world.store))
        self.shows(headline)

    def tried(self) -> dict[str, str]:
        """What became of all that the hostile component tries."""

        def all_of_it() -> dict[str, str] | None:
            found: dict[str, str] = self._driver.execute_script("return window.__hostile ?? {}")
            return found if len(found) == 8 else None

        found: dict[str, str] = self._until("all attempts were made", all_of_it)
        return found

    def returns(self) -> None:
        self._until("the way back", lambda: self._first("#continue[href]")).click()

    def _until(self, what: str, look: Callable[[], Any]) -> Any:
        def careful(_: Any) -> Any:
            try:
                return look()
            except StaleElementReferenceException:
                return None  # the page went on to the next one

        return WebDriverWait(self._driver, _TIMEOUT_S, poll_frequency=0.1).until(careful, f"never: {what}")

    def _headlines(self) -> str:
        shown = [
            node.text for node in self._driver.find_elements(By.CSS_SELECTOR, "h1") if node.is_displayed()
        ]
        return " | ".join(shown)

    def _button(self) -> WebElement | None:
        host = self._first("#component > *")
        return None if host is None else host.shadow_root.find_element(By.CSS_SELECTOR, "button")

    def _text(self, selector: str) -> str:
        found = self._first(selector)
        return found.text if found is not None else ""

    def _first(self, selector: str) -> WebElement | None:
        return self._found(By.CSS_SELECTOR, selector)

    def _found(self, by: str, what: str) -> WebElement | None:
        try:
            found = self._driver.find_element(by, what)
        except NoSuchElementException:
            return None
        return found if found.is_displayed() else None
