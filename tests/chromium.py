"""One way to start Chromium, wherever it is installed."""

from __future__ import annotations

import os
from typing import Any

from playwright.sync_api import Browser, Playwright, expect

from scripts.browsers import chromium

# What a browser does of its own accord is refused by a closed network, many times a second.
_QUIET = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip


def launch(playwright: Playwright, **options: Any) -> Browser:
    """An installed Chromium or Chrome, else Playwright's own; headless unless `options` say otherwise."""
    # A machine that runs all the tests is slow at times; what comes is waited for, and nothing is waited out.
    expect.set_options(timeout=15_000)
    # Its own sandbox is nothing that root may use, which CI often is.
    args = [*_QUIET, "--no-sandbox"] if os.geteuid() == 0 else [*_QUIET]
    return playwright.chromium.launch(executable_path=chromium(), args=args, **options)
