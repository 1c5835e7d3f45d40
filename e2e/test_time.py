"""A device whose clock is wrong, and one that slept while the payment went on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.world import World

pytestmark = pytest.mark.browser

_WRONG_CLOCK = """{
  const Real = Date, off = %d * 3600e3;
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + off); }
    static now() { return Real.now() + off; }
  };
}"""


@pytest.mark.parametrize("hours", [-40, 7])
def test_the_servers_clock_counts(shopper: Shopper, world: World, hours: int) -> None:
    shopper.context.add_init_script(_WRONG_CLOCK % hours)
    purchase = world.purchase(expires_in=30 * 60)
    checkout = shopper.opens(purchase)

    expect(checkout.countdown).to_have_text(re.compile(r"^(30:00|29:[345]\d)$"))

    checkout.pays_in_window()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_a_phone_that_slept_wakes_up_to_the_truth(shopper: Shopper, world: World) -> None:
    shopper.allows("503", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    shopper.context.clock.install()
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    # Asleep: timers stand still, and no connection survives.
    shopper.context.clock.pause_at(datetime.now(UTC) + timedelta(seconds=2))
    world.gate.sever()
    _paid_meanwhile(purchase)
    checkout.shows("Pay $25.00")

    world.gate.open()
    shopper.context.clock.fast_forward(10 * 60 * 1000)
    shopper.context.clock.resume()
    checkout.page.evaluate("void document.dispatchEvent(new Event('visibilitychange'))")  # it is looked at
    checkout.shows("Paid")


def test_a_page_that_was_offline_catches_up(shopper: Shopper, world: World) -> None:
    shopper.allows("503", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    world.gate.sever()
    _paid_meanwhile(purchase)
    checkout.shows("Pay $25.00")

    world.gate.open()
    checkout.page.evaluate("void dispatchEvent(new Event('online'))")
    checkout.shows("Paid")


def _paid_meanwhile(purchase: Purchase) -> None:
    purchase.lever("pay", webhook="drop")
    purchase.look()
    purchase.ends("succeeded", store="paid")
