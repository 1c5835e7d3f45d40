"""No push, or a push that a proxy holds back: the page polls and ends the same."""

from __future__ import annotations

import pytest

from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


def test_events_refused(shopper: Shopper, world: World) -> None:
    shopper.watch.allow("503")
    world.gate.shut("/events")
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("pay", webhook="drop")

    checkout.shows("Paid")
    assert world.gate.count("GET", "/status") > 0
    purchase.ends("succeeded", store="paid")


def test_events_held_back(shopper: Shopper, world: World) -> None:
    shopper.context.route("**/events", lambda route: None)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("pay")

    checkout.shows("Paid")
    assert world.gate.count("GET", "/status") > 0
    purchase.ends("succeeded", store="paid")
