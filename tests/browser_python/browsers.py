"""Two real browsers behind one small interface: Chromium, and WebKitGTK as a WebView would embed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pytest

from tests.chromium import launch
from tests.webkit import missing, webkit

TIMEOUT_S = 30


class Window(Protocol):
    """A page under test. Waiting is by selector: a polled expression would need eval, which the policy forbids."""

    def open(self, url: str) -> None: ...
    def wait_for(self, selector: str) -> None: ...
    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""


class ChromiumWindow:
    def __init__(self, page: Any) -> None:
        self._page = page

    def open(self, url: str) -> None:
        self._page.goto(url)

    def wait_for(self, selector: str) -> None:
        self._page.locator(selector).first.wait_for(state="attached", timeout=TIMEOUT_S * 1000)

    def run(self, script: str) -> Any:
        return self._page.evaluate(script)


class WebKitWindow:
    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def open(self, url: str) -> None:
        self._driver.get(url)

    def wait_for(self, selector: str) -> None:
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self._driver, TIMEOUT_S).until(lambda d: d.find_elements(By.CSS_SELECTOR, selector))

    def run(self, script: str) -> Any:
        return self._driver.execute_script(f"return {script}")


@contextmanager
def chromium() -> Iterator[Window]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield ChromiumWindow(browser.new_page())
        browser.close()


@contextmanager
def webkitgtk() -> Iterator[Window]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with webkit() as driver:
        yield WebKitWindow(driver)


BROWSERS = {"chromium": chromium, "webkit": webkitgtk}
