"""Two real browsers behind one small interface: Debian's Chromium, and WebKitGTK as a WebView would embed it."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

CHROMIUM = "/usr/bin/chromium"
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
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield ChromiumWindow(browser.new_page())
        browser.close()


@contextmanager
def webkit() -> Iterator[Window]:
    binary = next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"), None)
    driver_path = shutil.which("WebKitWebDriver")
    if binary is None or driver_path is None:
        pytest.skip("webkit2gtk-driver is not installed")
    from selenium import webdriver
    from selenium.webdriver.webkitgtk.service import Service

    with _display() as display:
        options = webdriver.WebKitGTKOptions()
        options.binary_location = str(binary)
        options.add_argument("--automation")
        environment = os.environ | {
            "DISPLAY": display,
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # its sandbox refuses root, which CI is
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        }
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # Selenium's WebKitGTK class calls its own old signature
            driver = webdriver.WebKitGTK(options=options, service=Service(driver_path, env=environment))
        try:
            yield WebKitWindow(driver)
        finally:
            driver.quit()


@contextmanager
def _display() -> Iterator[str]:
    """A screen: the one there is, or one of our own."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as chosen:
        number = chosen.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


BROWSERS = {"chromium": chromium, "webkit": webkit}
