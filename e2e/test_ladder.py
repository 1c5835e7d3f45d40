"""The whole ladder: each home on each rung is paid, and nothing is kept. What ran is written into docs/ladder.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Frame, expect

from e2e.harness.blocked import Blocked, SealedShopper, blocking, from_another_site, may_keep
from e2e.harness.homes import Home, InApp, InStore, InTab, OverStore
from e2e.harness.patience import until
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.ladder import CELLS, PROPERTY, Cell
from e2e.models.crypto_com import CryptoComCheckout

_HOMES: dict[str, type[Home]] = {"page": InTab, "inline": InStore, "modal": OverStore, "webview": InApp}
_FRAMED = ("inline", "modal")
_SLOW = [pytest.mark.slow]
_KEPT = "[document.cookie, localStorage.length, sessionStorage.length]"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize(
        "cell",
        [pytest.param(cell, id=cell.key, marks=_SLOW if cell.rung == "pyodide" else []) for cell in CELLS],
    ),
]


@pytest.fixture(autouse=True)
def _is_in_the_table(cell: Cell, record_property: Callable[[str, object], None]) -> None:
    record_property(PROPERTY, cell.key)


@pytest.fixture
def engine(cell: Cell) -> str:
    return cell.engine


@pytest.fixture(scope="module")
def sealed(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Blocked], Browser]]:
    """Chromium that lets other sites, or nobody, keep anything."""
    opened: dict[Blocked, Browser] = {}
    with ExitStack() as stack:

        def of(what: Blocked) -> Browser:
            if what not in opened:
                opened[what] = stack.enter_context(blocking(what, browser, tmp_path_factory.mktemp(what)))
            return opened[what]

        yield of


@pytest.fixture
def shopper(
    cell: Cell, browser: Browser, sealed: Callable[[Blocked], Browser], world: World
) -> Iterator[Shopper]:
    """As watched as everybody, in the kind of browser that the cell needs."""
    home = _HOMES[cell.home]
    if cell.rung != "no_storage":
        made = Shopper(browser, home.seen(world), script=cell.script, **home.options)
    elif cell.home in _FRAMED:
        made = Shopper(sealed("third_party"), from_another_site(world), **home.options)
    else:
        made = SealedShopper(sealed("everything"), home.seen(world), **home.options)
    yield made
    made.leaves()


def test_paid(cell: Cell, shopper: Shopper, world: World) -> None:
    _take_away(cell, shopper, world)
    home = _HOMES[cell.home](shopper)
    purchase = home.purchase()
    checkout = home.opens(purchase) if cell.script else home.opens_by_link(purchase)
    checkout.shows("Pay $25.00")
    _stands(cell, checkout, world)

    _pay(cell, checkout, purchase)

    home.ends(checkout)
    if cell.key == "page-no_script":  # the others would wait three seconds for the same page
        expect(checkout.page).to_have_url(re.compile(r"view=status$"))
        home.ends(checkout)
    if cell.python:
        home.hears(checkout)
    _keeps_nothing(cell, _frame_of(checkout))
    purchase.ends("succeeded", store="paid")
    _was_told(cell, world)


def _take_away(cell: Cell, shopper: Shopper, world: World) -> None:
    if cell.rung == "no_engine":
        shopper.allows(".")  # whatever a browser says of files that it cannot have
        world.gate.shut("/static/vendor/")
    elif cell.rung == "no_push":
        shopper.allows("503")
        world.gate.shut("/events")
    elif cell.python:
        shopper.allows("503")
        world.gate.shut("/status")  # so that only the push can tell


def _stands(cell: Cell, checkout: CryptoComCheckout, world: World) -> None:
    """Waits until the page is what this rung leaves of it."""
    if cell.python:
        checkout.runs_python()
        assert world.gate.asked(f"/static/vendor/{cell.engine}-")
        until("the page listens", lambda: world.gate.asked("/events"))
    elif cell.script:
        until("the engine is refused", lambda: world.gate.asked("/static/vendor/"))
        until("the bridge asks", lambda: world.gate.count("GET", "/status"))


def _pay(cell: Cell, checkout: CryptoComCheckout, purchase: Purchase) -> None:
    if cell.way == "window":
        checkout.pays_in_window()
    elif cell.way == "provider":
        checkout.goes_to_provider().pays()
    else:
        purchase.lever("pay")


def _was_told(cell: Cell, world: World) -> None:
    """The page had its news in the way that the table says."""
    polled = world.gate.count("GET", "/status") > 0
    if cell.rung in ("no_push", "no_engine"):
        assert polled
    if not cell.python:
        assert not world.gate.asked("/events")
    if not cell.script:
        assert not polled


def _keeps_nothing(cell: Cell, frame: Frame) -> None:
    if cell.rung == "no_storage":
        assert may_keep(frame) == []  # nor could it
    else:
        assert frame.evaluate(_KEPT) == ["", 0, 0]


def _frame_of(checkout: CryptoComCheckout) -> Frame:
    handle = checkout.main.element_handle()
    assert handle is not None
    frame = handle.owner_frame()
    assert frame is not None
    return frame
