"""The provider's component does not come, draws nothing, or misbehaves: the hosted page is there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.harness.shopper import Shopper
from e2e.harness.world import World, until
from e2e.models.checkout import CheckoutPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "fault", [{"never_mounts": True}, {"status": 404, "on": "sdk"}], ids=["empty", "404"]
)
def test_a_component_that_does_not_mount_gives_way(
    shopper: Shopper, world: World, fault: dict[str, Any]
) -> None:
    shopper.watch.allow("404")
    world.fault(**fault)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)

    expect(checkout.hosted_link).to_have_attribute("data-prominent", "")
    expect(checkout.main.get_by_text("did not load here")).to_be_visible()
    assert checkout.violations() == []

    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_a_hostile_component_runs_nothing_inline(shopper: Shopper, world: World) -> None:
    shopper.hostile = True
    world.fault(hostile=True)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()
    tried: dict[str, str] = until("all attempts were made", lambda: _attempts(checkout))
    assert set(tried.values()) == {"blocked"}, tried

    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def _attempts(checkout: CheckoutPage) -> dict[str, str] | None:
    """What became of each of the eight things it tries, once all are known."""
    found: dict[str, str] = checkout.page.evaluate("window.__hostile")
    return found if len(found) == 8 else None
