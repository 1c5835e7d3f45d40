"""Ends that are no payment, seen by a shopper who watches: cancelled by the merchant, expired."""

from __future__ import annotations

import pytest

from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.store import OrderPage

pytestmark = pytest.mark.browser


def test_cancelled_by_the_merchant(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.cancel()

    checkout.shows("Cancelled")
    checkout.says("You were not charged.")
    OrderPage(checkout.page).shows("Not paid")
    purchase.ends("cancelled", store="not_paid")


def test_expired_at_the_provider(shopper: Shopper, world: World) -> None:
    purchase = world.purchase(expires_in=60)
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("expire")

    checkout.shows("This checkout has expired")
    checkout.says("If you already sent money, it is not lost")
    checkout.return_link.click()
    OrderPage(checkout.page).shows("Not paid")
    purchase.ends("expired", store="not_paid")
