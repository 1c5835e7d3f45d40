"""Python comes late or never: the page is payable before it, and without it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from e2e.engines import ENGINES
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.store import OrderPage

pytestmark = pytest.mark.browser

_MISSING = ["/static/vendor/", "/static/boot/", "/static/glue"]


@pytest.mark.parametrize("missing", _MISSING)
def test_paid_without_python(shopper: Shopper, world: World, missing: str) -> None:
    _pays_without(missing, shopper, world)


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_paid_without_another_engine(shopper: Shopper, world: World) -> None:
    _pays_without("/static/vendor/", shopper, world)


def _pays_without(missing: str, shopper: Shopper, world: World) -> None:
    shopper.watch.allow(".")  # whatever a browser says of files that it cannot have
    world.gate.shut(missing)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    checkout.pays_in_window()

    checkout.shows("Paid")
    assert world.gate.asked(missing)
    OrderPage(checkout.page).shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_paid_while_the_engine_never_boots(shopper: Shopper, world: World) -> None:
    shopper.context.route("**/*.wasm", lambda route: None)  # asked for, and never answered
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    checkout.pays_in_window()

    checkout.shows("Paid")
    OrderPage(checkout.page).shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_what_was_said_before_python_is_heard_by_it(shopper: Shopper, world: World) -> None:
    held: list[Route] = []
    shopper.context.route("**/*.wasm", lambda route: held.append(route))
    world.gate.shut("/webhooks/", "/status")  # only what the button says leads on
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    window = checkout.pays_in_window()
    window.is_gone()  # the button has heard it
    assert world.gate.count("POST", "/refresh") == 0
    held[0].continue_()

    checkout.shows("Paid")
    assert world.gate.count("POST", "/refresh") >= 1
    purchase.ends("succeeded", store="paid")
