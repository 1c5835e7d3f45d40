"""How a payment comes to be: by the button, or late because the provider did not answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout

pytestmark = pytest.mark.browser


def test_created_by_the_button(shopper: Shopper, world: World) -> None:
    purchase = world.purchase(options={"create": "browser"})
    assert purchase.session["provider_ref"] is None
    checkout = shopper.opens(purchase)
    checkout.runs_python()

    window = checkout.pay_window()
    window.arrives()
    window.pays()

    checkout.shows("Paid")
    session = purchase.ends("succeeded", store="paid")
    assert session["provider_ref"]


def test_the_provider_refuses_to_answer_at_first(shopper: Shopper, world: World) -> None:
    world.fault(status=429, times=1000)
    purchase = world.purchase()
    assert purchase.session["provider_ref"] is None
    checkout = shopper.opens(purchase)
    checkout.shows("Crypto.com Pay is not answering")
    checkout.says("You were not charged.")
    expect(checkout.pay_button).to_be_hidden()
    assert checkout.violations() == []

    world.mend()

    _becomes_payable_and_is_paid(checkout, purchase)


def test_the_payment_was_created_and_its_answer_lost(shopper: Shopper, world: World) -> None:
    world.fault(status=503, carried_out=True)
    purchase = world.purchase()
    assert purchase.session["provider_ref"] is None
    checkout = shopper.opens(purchase)

    _becomes_payable_and_is_paid(checkout, purchase)
    payments = [
        entry for entry in purchase.log() if entry["method"] == "POST" and entry["path"].endswith("/payments")
    ]
    created = [entry for entry in payments if purchase.session["id"] in entry["body"]]
    assert len(created) == 1  # found, not created a second time


def _becomes_payable_and_is_paid(checkout: CryptoComCheckout, purchase: Purchase) -> None:
    checkout.shows("Pay $25.00")
    checkout.pays_in_window()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")
