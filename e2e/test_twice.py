"""Everything that might pay an order twice: it is paid once, has one receipt, and the shopper is told so."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from checkout_server.demo.orders import Order
from e2e.engines import every_browser
from e2e.harness.anyone import AnyCheckout, AnyShopper
from e2e.harness.once import paid_once, payments_of
from e2e.harness.patience import until
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import CRYPTO_COM, World
from e2e.models.crypto_com import CryptoComCheckout
from e2e.models.store import OrderPage
from e2e.models.webkit import WebKitCheckout

pytestmark = pytest.mark.browser

# A store that opens the checkout in a window of its own, and goes where that window says.
_OPENER = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Store</title><link rel="icon" href="data:,">
<button onclick="open('%s?view=popup', '', 'popup')">Pay</button>
<script>
addEventListener("message", ({ data }) => {
  const { type, url } = JSON.parse(data);
  if (type == "redirect") location.assign(url);
});
</script></html>"""

# When the server began to answer with this page: wall time in milliseconds.
_ANSWERED = "performance.timeOrigin + performance.getEntriesByType('navigation')[0].responseStart"


class Chromium(CryptoComCheckout):
    def goes_back(self) -> None:
        self.page.go_back(wait_until="commit")  # a page that the browser kept does not load again


class WebKit(WebKitCheckout):
    def goes_back(self) -> None:
        self._driver.switch_to.window(self._window)
        self._driver.back()


@every_browser
def test_two_tabs(shopper: AnyShopper, world: World) -> None:
    """Of one session, and of another session of the same order."""
    purchase = world.purchase()
    other = world.purchase(order=purchase.order)
    first, second, another = shopper.opens(purchase), shopper.opens(purchase), shopper.opens(other)
    for tab in (first, second, another):
        tab.runs_python()

    second.pays_in_window()

    second.shows("Paid")
    for tab in (first, second):
        tab.arrives_in_store("Paid")
    late = shopper.opens(other)
    for tab in (another, late):
        tab.shows("Already paid")
        tab.says("Do not pay again.")
        tab.offers_nothing()
    assert late.violations() == []
    assert other.ends("cancelled", store="paid")["paid"] is False  # nobody can pay it any more
    paid_once(purchase)


@every_browser
def test_back_button(shopper: Shopper | WebKitShopper, world: World) -> None:
    """From the store's page of the order to the provider's page, and on to the checkout."""
    checkout = _buys(shopper)
    purchase = world.newest()
    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")

    checkout.goes_back()  # the provider's page has nothing to sell any more, and sends on
    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")
    if isinstance(checkout, Chromium):  # WebKit's driver loses a page of another process that it goes back to
        checkout.goes_back()
        _is_a_receipt(checkout, purchase)
        expect(checkout.main).to_have_attribute("data-view", "page")
    paid_once(purchase)


def test_back_before_the_browser_knows(shopper: Shopper, world: World) -> None:
    """Whether the browser shows the page anew or as it was kept, it says what is true now."""
    purchase = world.purchase()
    checkout = shopper.opens_as(Chromium, purchase)
    checkout.runs_python()

    checkout.goes_to_provider()
    purchase.lever("pay", webhook="drop")
    checkout.goes_back()

    checkout.shows("Paid")
    checkout.offers_nothing()
    checkout.arrives_in_store("Paid")
    paid_once(purchase)


def test_double_click(shopper: Shopper, world: World) -> None:
    """On the store's button, whose first answer does not come, and on the provider's."""
    shopper.allows("Close Old payment QR Code window")  # the provider's own exception
    known = {order.id for order in world.orders}
    shopper.context.route("**/buy/mug", lambda route: route.fetch(max_redirects=0), times=1)
    page = shopper.context.new_page()
    page.goto(world.store)
    offer = page.get_by_role("listitem").filter(has_text="Enamel mug")
    offer.get_by_label("Pay with").select_option(CRYPTO_COM)
    box = offer.get_by_role("button", name="Buy Enamel mug").bounding_box()
    assert box is not None
    # By hand: a locator waits for the answer. A route is served while the page is busy with something else.
    hand = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*hand)
    until("the store hears a click", lambda: page.mouse.move(*hand) or _placed(world, known))
    page.mouse.click(*hand)
    checkout = CryptoComCheckout(page)
    checkout.runs_python()

    first = checkout.pay_window()
    checkout.pay_button.click()
    expect(checkout.help).to_have_text("Close the other payment window, then try again.")
    checkout.shows("Pay $25.00")
    first.arrives()
    first.closes()
    second = checkout.pay_window()
    expect(checkout.help).to_be_hidden()
    second.pays()

    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")
    paid = paid_once(world.newest())
    (order,) = _placed(world, known)
    assert [each["order_id"] for each in payments_of(world, order)] == [paid["id"]]


def test_reload_in_the_popup(shopper: Shopper, world: World) -> None:
    """The checkout in a window of its own and the provider's window, both loaded again before the money goes out."""
    purchase = world.purchase(embed_origins=[world.framing])
    world.framer.html = _OPENER % purchase.url
    store = shopper.context.new_page()
    store.goto(world.framing)
    with store.expect_popup() as opened:
        store.get_by_role("button", name="Pay", exact=True).click()
    checkout = CryptoComCheckout(opened.value)
    checkout.runs_python()
    window = checkout.pay_window()
    window.arrives()

    checkout.reloads()
    checkout.runs_python()
    window.page.reload()
    window.arrives()
    window.pays()

    checkout.shows("Paid")
    checkout.offers_nothing()
    OrderPage(store).shows("Paid")
    paid_once(purchase)


def test_return_twice(shopper: Shopper, world: World) -> None:
    """In two tabs, and by loading it again: the store is told of the same version each time."""
    checkout = shopper.buys()
    purchase = world.newest()
    checkout.goes_to_provider().pays()
    checkout.shows("Paid")
    again = CryptoComCheckout(shopper.context.new_page())
    again.page.goto(f"{purchase.url}/return")
    again.shows("Paid")
    again.reloads()
    _is_a_receipt(again, purchase)

    hints = [_hint(tab) for tab in (checkout, again)]
    session = paid_once(purchase)
    told = (session["id"], "succeeded", str(session["version"]))
    assert hints == [told, told]
    assert world.gate.count("GET", "/return") == 3


def test_webhook_during_return(shopper: Shopper, world: World) -> None:
    """The server is looking for a shopper who came back, when the webhook tells of the same payment."""
    purchase = world.purchase()
    checkout = shopper.opens(purchase)
    hosted = checkout.goes_to_provider()
    world.fault(latency_ms=1500, times=1000)
    looks, webhooks = _looks(purchase), world.gate.count("POST", "/webhooks/crypto_com")
    hosted.page.evaluate("url => void (location.href = url)", f"{purchase.url}/return")
    until("the server looks", lambda: _looks(purchase) > looks)

    purchase.lever("pay")
    until("the webhook", lambda: world.gate.count("POST", "/webhooks/crypto_com") > webhooks)
    taken_ms = time.time() * 1000
    world.mend()

    checkout.shows("Paid")
    assert checkout.page.evaluate(_ANSWERED) > taken_ms  # the look was still going on
    checkout.arrives_in_store("Paid")
    paid_once(purchase)
    arrived = [url for _, url in shopper.watch.requests if url.startswith(f"{world.store}/return?")]
    assert len(arrived) == 1


def _placed(world: World, known: set[str]) -> list[Order]:
    """The store's orders that it did not have before."""
    return [order for order in world.orders if order.id not in known]


def _buys(shopper: Shopper | WebKitShopper) -> Chromium | WebKit:
    if isinstance(shopper, WebKitShopper):
        return shopper.buys_with(CRYPTO_COM, WebKit)
    return shopper.buys_with(CRYPTO_COM, Chromium)


def _is_a_receipt(checkout: AnyCheckout, purchase: Purchase) -> None:
    """Paid, with the session's own number, and nothing left to press."""
    checkout.shows("Paid")
    checkout.says(purchase.session["id"])
    checkout.offers_nothing()


def _hint(checkout: CryptoComCheckout) -> tuple[str, ...]:
    """What the store was told by the address that the shopper came back to: session, status and version."""
    checkout.arrives_in_store("Paid")
    told = parse_qs(urlsplit(checkout.page.url).query)
    return tuple(told[f"checkout_{name}"][0] for name in ("session", "status", "version"))


def _looks(purchase: Purchase) -> int:
    """How often the provider was asked for the payment."""
    asked = f"/payments/{purchase.ref()}"
    return sum(each["method"] == "GET" and each["path"].endswith(f"/api{asked}") for each in purchase.log())
