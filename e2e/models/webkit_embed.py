"""A store's page around `<checkout-embed>` in WebKitGTK, with Crossmint's frame within the checkout's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from selenium.common.exceptions import NoSuchElementException, NoSuchFrameException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from e2e.models.checkout import TIME_LEFT
from e2e.models.webkit import WebKitOrder, WebKitPage

_EMBEDDED = "checkout-embed iframe"
_COMPONENT = "#component[data-state=mounted] iframe"
# The driver's keys and clicks do not reach what is in a frame. Later, for the frame goes while it is asked.
_ESCAPE = 'setTimeout(() => dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" })))'
T = TypeVar("T")


class WebKitEmbed(WebKitPage):
    def opens(self) -> None:
        """Presses the store's button, once `embed.js` is there to hear it."""
        self._until("embed.js", lambda: self._script("return !!customElements.get('checkout-embed')"))
        self._press("button", "Pay")
        self._until("the dialog", lambda: self._first("dialog[open]"))

    def focus(self) -> str:
        """The name of what has the focus in the store's page."""
        name = "const { ariaLabel, textContent } = document.activeElement; return ariaLabel ?? textContent"
        return str(self._script(name))

    def escapes(self) -> None:
        self._script("")  # brought to the front
        ActionChains(self._driver).send_keys(Keys.ESCAPE).perform()

    def escapes_within(self) -> None:
        with self._within(_EMBEDDED):
            self._driver.execute_script(_ESCAPE)

    def is_closed(self) -> None:
        gone = "return !document.querySelector('checkout-embed, dialog')"
        self._until("the dialog closes", lambda: self._script(gone))

    def runs_python(self) -> None:
        self._until(
            "a countdown", lambda: TIME_LEFT.match(self._in(_EMBEDDED, lambda: self._text("#countdown")))
        )

    def pays(self) -> None:
        """By Crossmint's button, in a frame of the frame."""

        def pressed() -> bool:
            with self._within(_EMBEDDED, _COMPONENT):
                path = "//button[normalize-space()='Pay 25.00 USD']"
                button = self._driver.find_element(By.XPATH, path)
                self._driver.execute_script("arguments[0].click()", button)
                return True

        self._until("the component", lambda: self._if_there(pressed))

    def arrives_in_store(self, headline: str) -> None:
        WebKitOrder(self._driver, self._watch, self._window).shows(headline)

    def _in(self, selector: str, look: Callable[[], str]) -> str:
        def within() -> str:
            with self._within(selector):
                return look()

        return self._if_there(within) or ""

    def _if_there(self, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except (NoSuchElementException, NoSuchFrameException):
            return None

    @contextmanager
    def _within(self, *selectors: str) -> Iterator[None]:
        self._driver.switch_to.default_content()
        try:
            for selector in selectors:
                self._driver.switch_to.frame(self._driver.find_element(By.CSS_SELECTOR, selector))
            yield
        finally:
            self._driver.switch_to.default_content()

    def _script(self, text: str) -> object:
        self._driver.switch_to.window(self._window)
        found: object = self._driver.execute_script(text)
        return found
