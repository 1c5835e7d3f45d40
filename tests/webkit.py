"""A real WebKit, as a WebView would embed it: WebKitGTK's MiniBrowser by WebDriver, on a screen that nobody sees."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer

from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.webkitgtk.service import Service
from urllib3.exceptions import HTTPError

_LOAD_S = 45
_START_S = 60  # a machine that runs all the tests is slow at times


def missing() -> str | None:
    """Why WebKitGTK is left out of this run; None where it is there."""
    if sys.platform != "linux":
        return "WebKitGTK left out: it exists for Linux only"
    lacking = [name for name in ("WebKitWebDriver", "Xvfb") if shutil.which(name) is None]
    if _browser() is None:
        lacking.append("MiniBrowser")
    return f"WebKitGTK left out: {', '.join(lacking)} not installed" if lacking else None


@contextmanager
def webkit(*arguments: str) -> Iterator[WebKitGTK]:
    """A browser with an empty profile. `arguments` are MiniBrowser's own."""
    with driven(str(_browser()), "--automation", *arguments) as driver:
        yield driver


@contextmanager
def driven(program: str, *arguments: str) -> Iterator[WebKitGTK]:
    """Any program with a WebKit that lets itself be driven, on a screen that nobody sees."""
    options = WebKitGTKOptions()
    options.binary_location = program
    for argument in arguments:
        options.add_argument(argument)
    with _screen() as display:
        environment = os.environ | {
            "DISPLAY": display,
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # its sandbox refuses root, which CI is
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        }
        service = Service(shutil.which("WebKitWebDriver"), env=environment)
        # The driver would wait for ever for a program that broke.
        too_long = Timer(_START_S, lambda: service.process.kill())
        too_long.start()
        try:
            with warnings.catch_warnings():
                # Selenium's class for WebKitGTK calls its own old signature.
                warnings.simplefilter("ignore", DeprecationWarning)
                driver = WebKitGTK(options=options, service=service)
        finally:
            too_long.cancel()
        driver.set_page_load_timeout(_LOAD_S)  # a page that hangs is a failure, and not the end of all tests
        try:
            yield driver
        finally:
            with suppress(HTTPError):  # of a driver that is gone
                driver.quit()


def _browser() -> Path | None:
    return next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"), None)


@contextmanager
def _screen() -> Iterator[str]:
    """The display that there is, or one of our own whose number the server chooses."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as chosen:
            yield f":{chosen.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
