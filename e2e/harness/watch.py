"""Eyes on every page of a shopper: what the policy blocked, what went wrong, whom it called, what it kept."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

from e2e.harness.world import World

# Before any script of a page. A violation goes to the console, too, so that none is lost when the page leaves.
_EYES = """(() => {
  const seen = (window.__seen = { violations: [], shift: 0 });
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    seen.violations.push(`${effectiveDirective} ${blockedURI}`);
    console.debug(`violation: ${effectiveDirective} ${blockedURI} at ${location.pathname}`);
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
})();"""


class Watch:
    """`verify` says what was not as it should be; `allow` names what a test breaks on purpose."""

    def __init__(self, context: BrowserContext, world: World) -> None:
        self._context = context
        self._world = world
        self._allowed: list[str] = []
        self.violations: list[str] = []
        self.complaints: list[str] = []  # errors and warnings of the console, and uncaught exceptions
        self.requests: list[tuple[str, str]] = []  # (the page that asked, what it asked for)
        context.add_init_script(_EYES)
        context.on("console", self._said)
        context.on("weberror", self._threw)
        context.on("request", self._asked)

    def allow(self, *patterns: str) -> None:
        """Complaints that match are the point of the test."""
        self._allowed += patterns

    def verify(self, *, hostile: bool = False) -> None:
        """Raises unless every page kept to its policy, its origins and silence, and left nothing behind."""
        state = self._context.storage_state(indexed_db=True)
        assert state["cookies"] == []
        assert [found for found in state["origins"] if not self._is_of_core(found)] == []
        assert self._world.gate.cookies == []
        for page in self._context.pages:
            if page.url.startswith(self._world.checkout):
                assert page.evaluate("sessionStorage.length") == 0
        strangers = sorted({asked for asker, asked in self.requests if not self._may(asker, asked)})
        if hostile:
            assert self.violations, "the hostile component was not stopped by the policy"
            # Playwright tells of requests that the policy then stops: each one's host is among the violations.
            blocked = " ".join(self.violations)
            assert [asked for asked in strangers if urlsplit(asked).netloc not in blocked] == []
            return
        assert strangers == []
        assert self.violations == []
        assert self._world.gate.reports == []
        unexpected = [text for text in self.complaints if not self._is_allowed(text)]
        assert unexpected == []

    def _is_of_core(self, found: Any) -> bool:
        """PyScript's core makes an IndexedDB for a file system that we do not mount, and leaves it empty."""
        stores = [store for base in found["indexedDB"] for store in base["stores"] if store["records"]]
        names = [base["name"] for base in found["indexedDB"]]
        empty = not stores and not found["localStorage"]
        return self._world.engine == "pyscript" and empty and names == ["IDBMap/@pyscript.fs"]

    def _may(self, asker: str, asked: str) -> bool:
        """The checkout calls itself and its session's provider; only going somewhere may lead to the store."""
        parts = urlsplit(asked)
        if parts.scheme in ("data", "blob"):
            return True
        world = self._world
        if asker == "navigation" and parts.scheme == "shop":  # to the merchant's app
            return True
        allowed = {world.checkout, world.sandbox}
        if asker != world.checkout:
            allowed |= {world.store, world.framing}
        return f"{parts.scheme}://{parts.netloc}" in allowed

    def _is_allowed(self, text: str) -> bool:
        return any(re.search(pattern, text) for pattern in self._allowed)

    def _said(self, message: ConsoleMessage) -> None:
        if message.text.startswith("violation: "):
            self.violations.append(message.text.removeprefix("violation: "))
        elif message.type in ("error", "warning"):
            where = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _threw(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            asker = "navigation"
        else:
            parts = urlsplit(request.frame.url)
            asker = f"{parts.scheme}://{parts.netloc}"
        self.requests.append((asker, request.url))
