"""The checkout inside something else: a frame of the store's own page, the WebView of an app."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, expect

from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout

pytestmark = pytest.mark.browser

# A store's page around the snippet that the API gives. What its frame says is kept beyond the page itself.
_AROUND = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Store</title><link rel="icon" href="data:,">
<script>
addEventListener("message", ({ data, origin }) => console.debug("told: " + JSON.stringify({ origin, ...JSON.parse(data) })));
</script>%s</html>"""
# What a native app puts into its WebView; it keeps what the page says, beyond the page itself.
_APP = """window.CheckoutHost = { postMessage: (text) => console.debug("told: " + text) };"""


def test_paid_in_a_frame_of_the_store(shopper: Shopper, world: World) -> None:
    heard = _heard_by(shopper)
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


def test_a_stranger_may_not_frame_it(shopper: Shopper, world: World) -> None:
    shopper.allows("frame-ancestors")
    purchase = world.purchase(embed_origins=["https://another-store.example"])
    checkout = _framed(shopper, world, purchase)

    with checkout.page.expect_event(
        "console", lambda message: "frame-ancestors" in message.text, timeout=15_000
    ):
        checkout.page.reload()
    expect(checkout.pay_button).to_be_hidden()


def test_paid_in_an_app(shopper: Shopper, world: World) -> None:
    shopper.context.add_init_script(_APP)
    heard = _heard_by(shopper)
    purchase = world.purchase()
    checkout = shopper.opens(purchase, view="webview")
    checkout.runs_python()

    checkout.pays_in_window()

    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")  # an app that does not close the page sees it leave
    kinds = [(said["type"], said.get("status")) for said in heard]
    assert kinds[:2] == [("ready", None), ("status", "open")]
    assert kinds[-2:] == [("status", "succeeded"), ("redirect", None)]
    purchase.ends("succeeded", store="paid")


def _framed(shopper: Shopper, world: World, purchase: Purchase) -> CryptoComCheckout:
    world.framer.html = _AROUND % purchase.session["embed"]
    page = shopper.context.new_page()
    page.goto(world.framing)
    return CryptoComCheckout(page, page.frame_locator("iframe"))


def _heard_by(shopper: Shopper) -> list[dict[str, Any]]:
    """What whoever holds the page is told from now on."""
    heard: list[dict[str, Any]] = []

    def hear(message: ConsoleMessage) -> None:
        if message.text.startswith("told: "):
            heard.append(json.loads(message.text.removeprefix("told: ")))

    shopper.context.on("console", hear)
    return heard
