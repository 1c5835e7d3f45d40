"""Eyes on WebKitGTK. WebDriver hears no console and no request: the pages, and what stands before the checkout, tell."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from selenium.webdriver import WebKitGTK

from e2e.harness.world import World

_ASKED = "return [location.origin, performance.getEntriesByType('resource').map((entry) => entry.name)]"
_KEPT = """const done = arguments[0];
indexedDB.databases().then((bases) => done([localStorage.length, sessionStorage.length, bases.length]))"""


class WebKitWatch:
    """`looks` now and then, while a page is there; `verify` in the end says what was not as it should be."""

    def __init__(self, driver: WebKitGTK, world: World) -> None:
        self._driver = driver
        self._world = world
        self._asked: set[str] = set()  # what pages of the checkout asked for

    @property
    def reports(self) -> list[dict[str, Any]]:
        """What the browser reported to the checkout that its policy blocked."""
        return self._world.gate.reports

    def looks(self) -> None:
        origin, asked = self._driver.execute_script(_ASKED)
        if origin == self._world.checkout:
            self._asked.update(asked)

    def forget(self) -> None:
        """What was noticed so far is dealt with."""
        self._asked.clear()

    def verify(self, *, hostile: bool = False) -> None:
        """Raises unless every page kept to its policy and its origins, and left nothing behind."""
        for window in self._driver.window_handles:
            self._driver.switch_to.window(window)
            assert self._driver.get_cookies() == []
            # What is kept belongs to the window and the origin; a cookie perhaps to pages beside this one only.
            self._driver.get(f"{self._world.checkout}/checkout/nobody")
            assert self._driver.get_cookies() == []
            assert self._driver.execute_async_script(_KEPT) == [0, 0, 0]
        assert self._world.gate.cookies == []
        strangers = sorted(asked for asked in self._asked if not self._may(asked))
        if hostile:
            assert self.reports, "the hostile component was not stopped by the policy"
            blocked = str(self.reports)
            assert [asked for asked in strangers if urlsplit(asked).netloc not in blocked] == []
            return
        assert strangers == []
        assert self.reports == []

    def _may(self, asked: str) -> bool:
        """The checkout calls itself and its session's provider."""
        parts = urlsplit(asked)
        of_ours = (self._world.checkout, self._world.sandbox)
        return parts.scheme in ("data", "blob") or f"{parts.scheme}://{parts.netloc}" in of_ours
