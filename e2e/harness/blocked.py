"""Chromium whose owner lets no other site, or no site at all, keep anything; and a store that is another site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Frame

from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from scripts.browsers import chromium

Blocked = Literal["third_party", "everything"]

# What the browser's own settings page writes down.
_PREFERENCES: dict[Blocked, dict[str, Any]] = {
    "third_party": {"cookie_controls_mode": 1, "block_third_party_cookies": True},
    "everything": {"default_content_setting_values": {"cookies": 2}},
}
# Whether a page may keep something: cookies, storage, databases. Leaves nothing behind where it may.
_MAY_KEEP = """async () => {
  const may = [];
  document.cookie = "probe=1";
  if (document.cookie) may.push("cookies");
  document.cookie = "probe=; max-age=0";
  try {
    localStorage.probe = 1;
    localStorage.removeItem("probe");
    may.push("storage");
  } catch {}
  await indexedDB.databases().then(() => may.push("databases"), () => {});
  return may;
}"""


@contextmanager
def blocking(what: Blocked, browser: Browser, folder: Path) -> Iterator[Browser]:
    """Another browser beside `browser`, with a profile in `folder`. Its contexts inherit the profile's settings."""
    (folder / "Default").mkdir()
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": _PREFERENCES[what]}))
    # The plain shell that Playwright would take has no settings.
    which: dict[str, Any] = {"executable_path": found} if (found := chromium()) else {"channel": "chromium"}
    context = browser.browser_type.launch_persistent_context(folder, **which)
    try:
        assert context.browser is not None
        yield context.browser
    finally:
        context.close()


def may_keep(frame: Frame) -> list[str]:
    """Which of `cookies`, `storage` and `databases` the browser lets this page keep."""
    found: list[str] = frame.evaluate(_MAY_KEEP)
    return found


def from_another_site(world: World) -> World:
    """The same world, with the store's pages at an address that is no part of the checkout's site."""
    seen = copy(world)
    seen.store, seen.framing = (
        origin.replace("localhost", "127.0.0.1") for origin in (world.store, world.framing)
    )
    return seen


class SealedShopper(Shopper):
    """A shopper whose browser keeps nothing. Playwright reads storage as a page would, and is refused like one."""

    def __init__(self, browser: Browser, world: World, **options: Any) -> None:
        super().__init__(browser, world, **options)
        cookies = self.context.cookies
        self.context.storage_state = lambda **_: {"cookies": cookies(), "origins": []}  # type: ignore[assignment,method-assign]

    def leaves(self) -> None:
        """Closes the pages first: what the watch asks those that are left, they are refused."""
        for page in self.context.pages:
            page.close()
        super().leaves()
