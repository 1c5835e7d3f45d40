"""Browsers and worlds for the journeys. Both live as long as this package's tests, and start when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from selenium.webdriver import WebKitGTK

from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.webkit import WebKitShopper
from tests.chromium import launch
from tests.webkit import missing, webkit


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Pages that the browser keeps are shown again as they were: a journey of its own.
        launched = launch(playwright, ignore_default_args=["--disable-back-forward-cache"])
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], World]]:
    """A running world for each engine that a test asks for."""
    opened: dict[str, World] = {}
    with ExitStack() as stack:

        def of(engine: str) -> World:
            if engine not in opened:
                opened[engine] = stack.enter_context(World.open(engine, tmp_path_factory.mktemp(engine)))
            return opened[engine]

        yield of


@pytest.fixture
def engine() -> str:
    """Tests that concern every engine parametrize it."""
    return "micropython"


@pytest.fixture
def world(worlds: Callable[[str], World], engine: str) -> World:
    found = worlds(engine)
    found.reset()
    return found


@pytest.fixture
def shoppers(browser: Browser, world: World) -> Iterator[Callable[..., Shopper]]:
    """Makes watched shoppers; what they saw is verified at the end of each journey."""
    with ExitStack() as stack:

        def make(**options: Any) -> Shopper:
            made = Shopper(browser, world, **options)
            stack.callback(made.leaves)
            return made

        yield make


@pytest.fixture
def shopper(shoppers: Callable[..., Shopper]) -> Shopper:
    return shoppers()


@pytest.fixture(scope="package")
def webkit_browser() -> Iterator[WebKitGTK]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with webkit() as driver:
        yield driver


@pytest.fixture
def webkit_shopper(webkit_browser: WebKitGTK, world: World) -> Iterator[WebKitShopper]:
    yield (shopper := WebKitShopper(webkit_browser, world))
    assert bool(shopper.violations()) == shopper.hostile, shopper.violations()
    assert webkit_browser.get_cookies() == []
    assert world.gate.cookies == []
