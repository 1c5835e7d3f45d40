"""What whoever holds a page is told by it: an app by its WebView, a store's page by a frame."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import ConsoleMessage

from e2e.harness.shopper import Shopper

# What native code puts into its WebView; what it is told is kept beyond the page itself.
_KEEP = '{ postMessage: (text) => console.debug("told: " + text) }'
ANDROID = f"window.CheckoutHost = {_KEEP};"
IPHONE = f"window.webkit = {{ messageHandlers: {{ checkout: {_KEEP} }} }};"


def heard_by(shopper: Shopper) -> list[dict[str, Any]]:
    """What is told from now on; a page that listens logs it as `told: ` and JSON."""
    heard: list[dict[str, Any]] = []

    def hear(message: ConsoleMessage) -> None:
        if message.text.startswith("told: "):
            heard.append(json.loads(message.text.removeprefix("told: ")))

    shopper.context.on("console", hear)
    return heard
