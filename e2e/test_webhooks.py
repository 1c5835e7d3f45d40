"""Webhooks that are forged, lost, or come before the browser knows: the page ends right each time."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.engines import everywhere
from e2e.harness.anyone import AnyShopper
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser


@everywhere
def test_the_webhook_comes_before_the_browser_knows(shopper: AnyShopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()
    world.gate.shut("/status", "/refresh")  # nobody polls and nobody nudges: the change is pushed

    purchase.lever("pay")

    checkout.shows("Paid")
    assert world.gate.count("POST", "/refresh") == 0
    purchase.ends("succeeded", store="paid")


@everywhere
def test_a_lost_webhook_is_repaired_by_looking(shopper: AnyShopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("pay", webhook="drop")

    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


@everywhere
def test_a_forged_webhook_changes_nothing_and_is_counted(shopper: AnyShopper, world: World) -> None:
    before = _rejected(world)
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("pay", webhook="bad_signature")

    checkout.shows("Paid")  # because the server looked, not because it was told
    assert _rejected(world) > before
    purchase.ends("succeeded", store="paid")


def test_money_that_is_seen_is_shown_before_it_is_final(shopper: Shopper, world: World) -> None:
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    purchase.lever("detect")
    checkout.shows("Payment seen")
    checkout.says("you may close this page")
    expect(checkout.pay_button).to_be_hidden()
    purchase.stays("processing", store="waiting")

    purchase.lever("pay")
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def _rejected(world: World) -> float:
    """How many webhooks the checkout has refused for their signature."""
    return world.metric(
        "checkout_webhooks_received_total", provider="crypto_com", result="signature_mismatch"
    )
