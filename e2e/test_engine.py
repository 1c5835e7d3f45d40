"""Python comes late or never: the page is payable before it, and without it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from e2e.engines import everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


@everywhere
def test_paid_without_the_engine(shopper: AnyShopper, world: World) -> None:
    _pays_without("/static/vendor/", shopper, world)


@pytest.mark.parametrize("missing", ["/static/boot", "/static/glue"])
def test_paid_without_another_part_of_python(shopper: Shopper, world: World, missing: str) -> None:
    _pays_without(missing, shopper, world)


def _pays_without(missing: str, shopper: AnyShopper, world: World) -> None:
    shopper.allows(".")  # whatever a browser says of files that it cannot have
    world.gate.shut(missing)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    checkout.pays_in_window()

    checkout.shows("Paid")
    assert world.gate.asked(missing)
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_paid_while_the_engine_never_boots(shopper: Shopper, world: World) -> None:
    shopper.context.route("**/*.wasm", lambda route: None)  # asked for, and never answered
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    checkout.pays_in_window()

    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_what_was_said_before_python_is_heard_by_it(shopper: Shopper, world: World) -> None:
    held: list[Route] = []
    released = False

    def hold(route: Route) -> None:
        if released:
            route.continue_()
        else:
            held.append(route)

    shopper.context.route("**/*.wasm", hold)
    world.gate.shut("/webhooks/", "/status")  # only what the button says leads on
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    window = checkout.pays_in_window()
    window.is_gone()  # the button has heard it
    assert world.gate.count("POST", "/refresh") == 0
    released = True
    for route in held:
        route.continue_()

    checkout.shows("Paid")
    assert world.gate.count("POST", "/refresh") >= 1
    purchase.ends("succeeded", store="paid")
