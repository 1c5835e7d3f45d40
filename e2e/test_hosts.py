"""The checkout inside something else: a frame of the store's own page."""

from __future__ import annotations

import pytest

from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.told import heard_by
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout

pytestmark = pytest.mark.browser

# A store's page around the snippet that the API gives. What its frame says is kept beyond the page itself.
_AROUND = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Store</title><link rel="icon" href="data:,">
<script>
addEventListener("message", ({ data, origin }) => console.debug("told: " + JSON.stringify({ origin, ...JSON.parse(data) })));
</script>%s</html>"""


def test_paid_in_a_frame_of_the_store(shopper: Shopper, world: World) -> None:
    heard = heard_by(shopper)
    purchase = world.purchase(embed_origins=[world.framing])
    checkout = _framed(shopper, world, purchase)
    checkout.runs_python()

    checkout.pays_in_window()

    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")  # the store's page leaves, not the frame
    said = {message["type"]: message for message in heard}
    assert {"ready", "status", "redirect"} <= said.keys()
    assert {message["origin"] for message in heard} == {world.checkout}
    assert said["redirect"]["url"].startswith(f"{world.store}/return?")
    purchase.ends("succeeded", store="paid")


def _framed(shopper: Shopper, world: World, purchase: Purchase) -> CryptoComCheckout:
    world.framer.html = _AROUND % purchase.session["embed"]
    page = shopper.context.new_page()
    page.goto(world.framing)
    return CryptoComCheckout(page, page.frame_locator("iframe"))
