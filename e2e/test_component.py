"""The provider's component does not come, draws nothing, or misbehaves: the hosted page is there."""

from __future__ import annotations

from typing import Any

import pytest

from e2e.engines import everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


@everywhere
def test_a_component_that_never_mounts_gives_way(shopper: AnyShopper, world: World) -> None:
    _gives_way(shopper, world, never_mounts=True)


def test_a_component_that_is_not_there_gives_way(shopper: Shopper, world: World) -> None:
    shopper.allows("404")
    _gives_way(shopper, world, status=404, on="sdk")


@everywhere
def test_a_hostile_component_runs_nothing_inline(shopper: AnyShopper, world: World) -> None:
    shopper.hostile = True
    world.fault(hostile=True)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    tried = checkout.attempts()
    assert set(tried.values()) == {"blocked"}, tried

    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def _gives_way(shopper: AnyShopper, world: World, **fault: Any) -> None:
    world.fault(**fault)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    checkout.gives_way()
    assert checkout.violations() == []

    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")
