"""Ends that are no payment, seen by a shopper who watches: cancelled by the merchant, expired."""

from __future__ import annotations

import pytest

from e2e.engines import everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


@everywhere
def test_cancelled_by_the_merchant(shopper: AnyShopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.cancel()

    checkout.shows("Cancelled")
    checkout.says("You were not charged.")
    checkout.arrives_in_store("Not paid")
    purchase.ends("cancelled", store="not_paid")


@everywhere
def test_expired_at_the_provider(shopper: AnyShopper, world: World) -> None:
    purchase = world.purchase(expires_in=60)
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("expire")

    checkout.shows("This checkout has expired")
    checkout.says("If you already sent money, it is not lost")
    checkout.returns()
    checkout.arrives_in_store("Not paid")
    purchase.ends("expired", store="not_paid")
