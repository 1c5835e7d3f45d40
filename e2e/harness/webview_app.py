"""The test's side of `webview_host.py`: starts the app under WebDriver, and knows what it decided and heard."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

from selenium.webdriver import WebKitGTK

from e2e.harness.patience import until
from e2e.harness.purchase import Purchase
from scripts.browsers import WEBVIEW_PYTHON, webview
from tests import webkit

_HOST = Path(__file__).with_name("webview_host.py")
_START_S = 30


def missing() -> str | None:
    """Why the WebView is left out of this run; None where it is there."""
    reason = webkit.missing()
    if reason:
        return reason
    return None if webview() else "WebView left out: gir1.2-webkit2-4.1 not installed"


class App:
    """`decided` and `heard` are since the last `opens`; `webview_host.py` says what is in them."""

    def __init__(self, driver: WebKitGTK, host: socket.socket) -> None:
        self.driver = driver
        self._host = host
        self._lines = host.makefile("r", encoding="utf-8")
        self._done: list[str] = []
        self.decided: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []
        Thread(target=self._listen, name="webview", daemon=True).start()

    def opens(self, purchase: Purchase) -> None:
        """From here on the app knows the ways back from this session, and has heard nothing."""
        session = purchase.session
        self._tells("open", returns=[url for url in (session["return_url"], session["cancel_url"]) if url])
        self.decided.clear()
        self.heard.clear()

    def goes_to_the_background(self) -> None:
        self._tells("hide")
        self._sees("hidden")

    def comes_back(self) -> None:
        self._tells("show")
        self._sees("visible")

    def is_ended(self) -> None:
        """By the system, which asks nobody. Its driver is of no use any more."""
        self._tells("die")

    def decides(self, do: str) -> dict[str, Any]:
        """Waits for the first link with which the app does this."""
        return until(
            f"the app decides {do!r}",
            lambda: next((found for found in self.decided if found["do"] == do), None),
        )

    def finishes(self) -> str:
        """Waits until the app would close its view; answers the address that said so."""
        return str(self.decides("finish")["url"])

    def hears(self, kind: str) -> dict[str, Any]:
        """Waits for the first message of this type."""
        return until(
            f"the app hears {kind!r}",
            lambda: next((said for said in self.heard if said["type"] == kind), None),
        )

    def _sees(self, state: str) -> None:
        """WebKit tells the page a moment after the window."""
        until(
            f"the page is {state}",
            lambda: self.driver.execute_script("return document.visibilityState") == state,
        )

    def _tells(self, do: str, **more: Sequence[str]) -> None:
        self._done.clear()
        self._host.sendall(json.dumps({"do": do, **more}).encode() + b"\n")
        until(f"the app does {do!r}", lambda: do in self._done)

    def _listen(self) -> None:
        with suppress(OSError):  # the end of the app
            for line in self._lines:
                ((what, value),) = json.loads(line).items()
                match what:
                    case "decided":
                        self.decided.append(value)
                    case "heard":
                        self.heard.append(json.loads(value))
                    case _:
                        self._done.append(value)


@contextmanager
def app() -> Iterator[App]:
    """The app on a screen that nobody sees, its view empty."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(_START_S)
        with webkit.driven(WEBVIEW_PYTHON, str(_HOST), str(door.getsockname()[1])) as driver:
            host, _ = door.accept()
            yield App(driver, host)
            host.close()
