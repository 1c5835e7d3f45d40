"""The checkout in the WebView of an app: a real WebKit with one window, whose links the app decides on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from checkout_server.demo.orders import PRODUCTS
from checkout_server.hints import verify_hint
from e2e.harness import webview_app
from e2e.harness.patience import until
from e2e.harness.purchase import Purchase
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.webkit_watch import WebKitWatch
from e2e.harness.webview_app import App
from e2e.harness.world import RETURN_SECRET, World
from e2e.models.webview import WebViewCheckout, WebViewCryptoPay

pytestmark = pytest.mark.browser

C = TypeVar("C", bound=WebViewCheckout)
DONE = "shop://done"
FALLBACK = "https://wallet.example/get"
INTENT = (
    "intent://pay?to=0x1#Intent;scheme=ethereum;package=org.wallet.example;"
    "S.browser_fallback_url=https%3A%2F%2Fwallet.example%2Fget;end"
)


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    reason = webview_app.missing()
    if reason:
        pytest.skip(reason)
    with webview_app.app() as opened:
        yield opened


@pytest.fixture
def shopper(app: App, world: World) -> Iterator[WebKitShopper]:
    """Watched: what the app's view saw is verified at the end."""
    made = WebKitShopper(app.driver, world)
    yield made
    made.leaves()


def opened(shopper: WebKitShopper, app: App, purchase: Purchase, model: type[C]) -> C:
    app.opens(purchase)
    return shopper.opens_as(model, purchase, "webview")


def test_paid_on_the_providers_page_and_back_in_the_app(
    shopper: WebKitShopper, app: App, world: World
) -> None:
    purchase = world.purchase(return_url=DONE, cancel_url=None)
    checkout = opened(shopper, app, purchase, WebViewCheckout)
    checkout.runs_python()
    assert checkout.violations() == []
    checkout.has_no_button_for_a_window()
    assert [said["type"] for said in app.heard] == ["ready", "status"]
    app.heard.clear()

    checkout.goes_to_provider().pays()

    left_for = app.finishes()
    assert left_for.startswith(f"{DONE}?")
    hint = verify_hint(left_for, [RETURN_SECRET])
    assert (hint.session, hint.status) == (purchase.session["id"], "succeeded")
    # The page of /return told the app all of it, in this order, and stays as a receipt while the view is there.
    assert app.heard[0] == {"v": 1, "type": "ready"}
    assert app.heard[-1] == {"v": 1, "type": "redirect", "url": left_for}
    status = app.hears("status")
    assert {"v": 1, "status": "succeeded", "paid": True, "final": True}.items() <= status.items()
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")
    assert [found["do"] for found in app.decided] == ["finish"]


def test_walking_away_closes_the_view(shopper: WebKitShopper, app: App, world: World) -> None:
    purchase = world.purchase(return_url=DONE, cancel_url="shop://cancelled")
    checkout = opened(shopper, app, purchase, WebViewCheckout)
    checkout.runs_python()

    checkout.leaves()

    assert app.finishes().startswith("shop://cancelled?")
    purchase.stays("open", store="waiting")


def test_a_wallet_pays_while_the_app_is_in_the_background(
    shopper: WebKitShopper, app: App, world: World
) -> None:
    order = world.orders.place(replace(PRODUCTS[0], currency="USDC"), "cryptopay")
    purchase = world.purchase(order, return_url=DONE, cancel_url=None)
    checkout = opened(shopper, app, purchase, WebViewCryptoPay)
    checkout.runs_python()
    checkout.marks()

    checkout.goes_to_the_wallet()
    assert app.decides("system")["url"].startswith("ethereum:0x")
    app.goes_to_the_background()
    purchase.lever("pay", webhook="drop")
    purchase.stays("open", store="waiting")
    nudges, looks = world.gate.count("POST", "/refresh"), world.gate.count("GET", "/status")

    app.comes_back()
    until("it asks at once", lambda: world.gate.count("POST", "/refresh") > nudges)
    until("it looks at once", lambda: world.gate.count("GET", "/status") > looks)
    assert checkout.is_as_it_was()
    checkout.shows("Paid")
    app.finishes()
    purchase.ends("succeeded", store="paid")


def test_links_of_wallets_leave_the_page_as_it_was(shopper: WebKitShopper, app: App, world: World) -> None:
    purchase = world.purchase(return_url=DONE, cancel_url=None)
    checkout = opened(shopper, app, purchase, WebViewCheckout)
    checkout.runs_python()
    checkout.marks()

    checkout.follows(INTENT)
    intent = app.decides("intent")
    assert (intent["url"], intent["fallback"]) == ("ethereum://pay?to=0x1", FALLBACK)
    checkout.follows("wc:1f2e@2?relay-protocol=irn&symKey=00")
    assert app.decides("system")["url"] == "wc:1f2e@2?relay-protocol=irn&symKey=00"
    checkout.follows("data:text/html,<h1>Pay me</h1>")
    assert app.decides("refuse")["rule"] == "code"

    assert checkout.is_as_it_was()
    checkout.shows("Pay $25.00")


def test_the_way_out_is_the_browser(shopper: WebKitShopper, app: App, world: World) -> None:
    purchase = world.purchase(return_url=DONE, cancel_url=None)
    checkout = opened(shopper, app, purchase, WebViewCheckout)
    checkout.runs_python()
    checkout.marks()

    checkout.goes_to_the_browser()

    found = app.decides("browser")
    assert (found["url"], found["rule"]) == (purchase.url, "window")
    assert checkout.is_as_it_was()
    purchase.stays("open", store="waiting")


def test_an_app_that_was_ended_meanwhile_finds_the_order_paid(
    shopper: WebKitShopper, app: App, world: World
) -> None:
    purchase = world.purchase(return_url=DONE, cancel_url=None)
    with webview_app.app() as before:
        before.opens(purchase)
        before.driver.get(purchase.session["webview_url"])
        WebViewCheckout(before.driver, WebKitWatch(before.driver, world)).runs_python()
        before.is_ended()
    purchase.stays("open", store="waiting")
    purchase.lever("pay")
    purchase.becomes("succeeded")

    checkout = opened(shopper, app, purchase, WebViewCheckout)
    checkout.shows("Paid")
    checkout.returns()  # whoever comes for the receipt is not sent away

    app.finishes()
    purchase.ends("succeeded", store="paid")
