"""No push, or a push that a proxy holds back: the page polls and ends the same."""

from __future__ import annotations

import pytest

from e2e.engines import everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


@everywhere
def test_events_refused(shopper: AnyShopper, world: World) -> None:
    shopper.allows("503")
    world.gate.shut("/events")
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("pay")

    checkout.shows("Paid")
    assert world.gate.count("GET", "/status") > 0
    purchase.ends("succeeded", store="paid")


@everywhere
def test_events_held_back(shopper: AnyShopper, world: World) -> None:
    world.gate.hold("/events")
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("pay")

    checkout.shows("Paid")
    assert world.gate.count("GET", "/status") > 0
    purchase.ends("succeeded", store="paid")
