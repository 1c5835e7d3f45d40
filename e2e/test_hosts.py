"""The checkout inside something else: a frame of the store's own page, the WebView of an app."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.harness.shopper import Shopper
from e2e.harness.world import Purchase, World, until
from e2e.models.checkout import CheckoutPage
from e2e.models.store import OrderPage

pytestmark = pytest.mark.browser

# A store's page around the snippet that the API gives. It keeps what its frame says.
_AROUND = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Store</title><link rel="icon" href="data:,">
<script>
window.heard = [];
addEventListener("message", ({ data, origin }) => window.heard.push({ origin, ...JSON.parse(data) }));
</script>%s</html>"""
# What a native app puts into its WebView; it keeps what the page says, beyond the page itself.
_APP = """window.CheckoutHost = { postMessage: (text) => console.debug("app: " + text) };"""


def test_paid_in_a_frame_of_the_store(shopper: Shopper, world: World) -> None:
    purchase = world.purchase(embed_origins=[world.framing])
    checkout = _framed(shopper, world, purchase)
    checkout.runs_python()

    checkout.pays_in_window()

    checkout.shows("Paid")
    told = until("the store is told", lambda: _told(checkout, "redirect"))
    assert told["origin"] == world.checkout
    assert told["url"].startswith(f"{world.store}/return?")
    ready, status = _told(checkout, "ready"), _told(checkout, "status")
    assert ready
    assert status
    assert checkout.page.url == f"{world.framing}/"  # the store leaves, not the frame
    purchase.ends("succeeded", store="paid")


def test_a_stranger_may_not_frame_it(shopper: Shopper, world: World) -> None:
    shopper.watch.allow("frame-ancestors")
    purchase = world.purchase(embed_origins=["https://another-store.example"])
    checkout = _framed(shopper, world, purchase)

    with checkout.page.expect_event(
        "console", lambda message: "frame-ancestors" in message.text, timeout=15_000
    ):
        checkout.page.reload()
    expect(checkout.pay_button).to_be_hidden()


def test_paid_in_an_app(shopper: Shopper, world: World) -> None:
    shopper.context.add_init_script(_APP)
    heard: list[dict[str, Any]] = []
    shopper.context.on("console", lambda message: _hear(message.text, heard))
    purchase = world.purchase()
    checkout = shopper.opens(purchase, view="webview")
    checkout.runs_python()

    checkout.pays_in_window()

    checkout.shows("Paid")
    OrderPage(checkout.page).shows("Paid")  # an app that does not close the page sees it leave
    kinds = [(said["type"], said.get("status")) for said in heard]
    assert kinds[:2] == [("ready", None), ("status", "open")]
    assert kinds[-2:] == [("status", "succeeded"), ("redirect", None)]
    purchase.ends("succeeded", store="paid")


def _framed(shopper: Shopper, world: World, purchase: Purchase) -> CheckoutPage:
    world.framer.html = _AROUND % purchase.session["embed"]
    page = shopper.context.new_page()
    page.goto(world.framing)
    return CheckoutPage(page, page.frame_locator("iframe"))


def _told(checkout: CheckoutPage, kind: str) -> dict[str, Any] | None:
    heard: list[dict[str, Any]] = checkout.page.evaluate("window.heard")
    return next((said for said in heard if said["type"] == kind), None)


def _hear(text: str, heard: list[dict[str, Any]]) -> None:
    if text.startswith("app: "):
        heard.append(json.loads(text.removeprefix("app: ")))
