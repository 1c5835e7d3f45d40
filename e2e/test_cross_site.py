"""A store on another site than the checkout, in browsers that keep nothing for a frame, or nothing for anybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page

from e2e.harness.blocked import SealedShopper, blocking, from_another_site, may_keep
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout

pytestmark = pytest.mark.browser

_STORE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Store</title><link rel="icon" href="data:,">
<h1>Store</h1>%s</html>"""


@pytest.fixture(scope="module")
def careful(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with blocking("third_party", browser, tmp_path_factory.mktemp("careful")) as opened:
        yield opened


@pytest.fixture(scope="module")
def sealed(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with blocking("everything", browser, tmp_path_factory.mktemp("sealed")) as opened:
        yield opened


@pytest.fixture
def world(world: World) -> World:
    return from_another_site(world)


@pytest.fixture
def careful_shopper(careful: Browser, world: World) -> Iterator[Shopper]:
    shopper = Shopper(careful, world)
    yield shopper
    shopper.leaves()


@pytest.fixture
def sealed_shopper(sealed: Browser, world: World) -> Iterator[Shopper]:
    shopper = SealedShopper(sealed, world)
    yield shopper
    shopper.leaves()


def test_paid_within_a_store_on_another_site(careful_shopper: Shopper, world: World) -> None:
    purchase = world.purchase(embed_origins=[world.framing])
    page = _store(careful_shopper, world, purchase.session["embed"])
    checkout = _framed(page)
    checkout.runs_python()
    assert may_keep(page.main_frame) == ["cookies", "storage", "databases"]
    assert may_keep(_frame_of(page, purchase)) == []

    checkout.pays_in_window()

    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_paid_over_a_store_on_another_site(careful_shopper: Shopper, world: World) -> None:
    purchase = world.purchase(embed_origins=[world.framing])
    button = f'<button data-checkout="{purchase.url}">Pay</button>'
    script = f'<script src="{world.checkout}/embed.js" defer></script>'
    page = _store(careful_shopper, world, script + button)
    page.get_by_role("button", name="Pay", exact=True).click()
    checkout = _framed(page)
    checkout.runs_python()
    assert may_keep(_frame_of(page, purchase)) == []

    checkout.pays_in_window()

    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_paid_where_no_site_may_keep_anything(sealed_shopper: Shopper, world: World) -> None:
    alone, framed = world.purchase(), world.purchase(embed_origins=[world.framing])
    checkout = sealed_shopper.opens(alone)
    checkout.runs_python()
    assert may_keep(checkout.page.main_frame) == []
    checkout.pays_in_window()
    checkout.shows("Paid")

    page = _store(sealed_shopper, world, framed.session["embed"])
    within = _framed(page)
    within.runs_python()
    within.pays_in_window()
    within.arrives_in_store("Paid")
    checkout.arrives_in_store("Paid")
    alone.ends("succeeded", store="paid")
    framed.ends("succeeded", store="paid")


def _store(shopper: Shopper, world: World, markup: str) -> Page:
    world.framer.html = _STORE % markup
    page = shopper.context.new_page()
    page.goto(world.framing)
    return page


def _framed(page: Page) -> CryptoComCheckout:
    return CryptoComCheckout(page, page.frame_locator("checkout-embed iframe"))


def _frame_of(page: Page, purchase: Purchase) -> Frame:
    return next(frame for frame in page.frames if frame.url.startswith(purchase.url))
