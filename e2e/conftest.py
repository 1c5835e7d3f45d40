"""Browsers and worlds for the journeys. Both live as long as this package's tests, and start when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from selenium.webdriver import WebKitGTK

from e2e.harness.anyone import AnyShopper
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World
from tests.chromium import launch
from tests.webkit import missing, webkit

WebKits = Callable[[bool], WebKitGTK]
Shoppers = Callable[..., AnyShopper]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as opened:
        yield opened


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium. Each shopper has a profile of their own in it."""
    # Pages that the browser keeps are shown again as they were: a journey of its own.
    launched = launch(playwright, ignore_default_args=["--disable-back-forward-cache"])
    yield launched
    launched.close()


@pytest.fixture(scope="package")
def webkits() -> Iterator[WebKits]:
    """WebKitGTK with script, or one without."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    opened: dict[bool, WebKitGTK] = {}
    with ExitStack() as stack:

        def of(script: bool) -> WebKitGTK:
            if script not in opened:
                arguments = [] if script else ["--enable-javascript=false"]
                opened[script] = stack.enter_context(webkit(*arguments))
            return opened[script]

        yield of


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
    """Tests that concern every engine parametrize it: `e2e.engines`."""
    return "micropython"


@pytest.fixture
def browser_name() -> str:
    """Tests that concern every browser parametrize it: `e2e.engines`."""
    return "chromium"


@pytest.fixture
def world(worlds: Callable[[str], World], engine: str) -> World:
    found = worlds(engine)
    found.reset()
    return found


@pytest.fixture
def shoppers(request: pytest.FixtureRequest, browser_name: str, world: World) -> Iterator[Shoppers]:
    """Makes watched shoppers; what they saw is verified at the end of each journey."""
    with ExitStack() as stack:

        def make(*, script: bool = True, **options: Any) -> AnyShopper:
            made: AnyShopper
            if browser_name == "webkit":
                made = WebKitShopper(request.getfixturevalue("webkits")(script), world, **options)
            else:
                made = Shopper(request.getfixturevalue("browser"), world, script=script, **options)
            stack.callback(made.leaves)
            return made

        yield make


@pytest.fixture
def shopper(shoppers: Shoppers) -> Any:
    """`AnyShopper` of the browser that the test runs in; `Shopper` where only Chromium is asked for."""
    return shoppers()
