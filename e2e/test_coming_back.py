"""What comes back into a store's page: a provider in our frame, in a frame or a window of its own, and our popup."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.told import heard_by
from e2e.harness.world import World
from e2e.models.crossmint import CrossmintCheckout
from e2e.models.crypto_com import CryptoComCheckout, HostedPage
from e2e.models.store import OrderPage

pytestmark = pytest.mark.browser

# What the store's window hears is kept beyond the page itself.
_STORE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Store</title><link rel="icon" href="data:,">
<h1>Store</h1><script>
addEventListener("message", ({ data, origin }) => {
  const message = JSON.parse(data);
  console.debug("told: " + JSON.stringify({ origin, ...message }));
  if (window.follows && message.type === "redirect") location.assign(message.url);
});
</script>%s</html>"""
_OPENS = """<button>Pay</button><script>
window.follows = true;
document.querySelector("button").onclick = () => open("%s?view=popup", "", "popup");
</script>"""


@pytest.mark.parametrize("python", [True, False], ids=["python", "no_engine"])
def test_back_in_our_frame(shopper: Shopper, world: World, python: bool) -> None:
    """However the frame came to stand on `/return`: the store's page leaves, and never stands within itself."""
    if not python:
        shopper.allows(".")  # whatever a browser says of files that it cannot have
        world.gate.shut("/static/vendor/")
    purchase = _purchase(world)
    page, nested = _store(shopper, world, purchase.session["embed"])
    checkout = _within(page)
    checkout.shows("Pay $25.00")
    purchase.lever("pay", webhook="drop")
    _sends(page.frames[1], f"{purchase.url}/return?outcome=success")

    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")
    assert nested == []
    purchase.ends("succeeded", store="paid")


def test_back_in_the_providers_frame_within_ours(shopper: Shopper, world: World) -> None:
    purchase = _purchase(world, provider="crossmint", customer={"email": "kim@example.com"})
    page, nested = _store(shopper, world, purchase.session["embed"])
    checkout = CrossmintCheckout(page, page.frame_locator("checkout-embed iframe"))
    checkout.is_there()
    checkout.runs_python()
    providers = next(frame for frame in page.frames if frame.url.startswith(world.sandbox))

    purchase.lever("pay", webhook="drop")
    _sends(providers, f"{purchase.url}/return?outcome=success")

    checkout.shows("Paid")
    checkout.arrives_in_store("Paid")
    assert nested == []
    purchase.ends("succeeded", store="paid")


def test_back_in_a_window_that_our_frame_opened(shopper: Shopper, world: World) -> None:
    """It tells the frame and closes: the shopper is where they came from."""
    purchase = _purchase(world)
    page, nested = _store(shopper, world, purchase.session["embed"])
    checkout = _within(page)
    checkout.runs_python()
    hosted_url = checkout.hosted_link.get_attribute("href")
    with page.expect_popup() as opened:
        page.frames[1].evaluate("(url) => void open(url)", hosted_url)
    window = HostedPage(opened.value)
    window.arrives()

    with window.page.expect_event("close"):
        window.pays()

    checkout.arrives_in_store("Paid")
    assert nested == []
    purchase.ends("succeeded", store="paid")


def test_a_blocked_window_in_our_frame(shopper: Shopper, world: World) -> None:
    """The provider's own page is offered in a tab, which knows nothing of us: both tabs end at the store."""
    shopper.allows("blocked by the browser")
    shopper.context.add_init_script("window.open = () => null")
    purchase = _purchase(world)
    page, nested = _store(shopper, world, purchase.session["embed"])
    checkout = _within(page)
    checkout.runs_python()

    checkout.pay_button.click()
    expect(checkout.help).to_contain_text("blocked the payment window")
    expect(checkout.hosted_link).to_have_attribute("data-prominent", "")
    with page.context.expect_page() as opened:
        checkout.hosted_link.click()
    tab = HostedPage(opened.value)
    tab.arrives()
    assert tab.page.evaluate("opener") is None
    tab.pays()

    OrderPage(tab.page).shows("Paid")
    checkout.arrives_in_store("Paid")
    assert nested == []
    purchase.ends("succeeded", store="paid")


def test_a_popup_of_the_stores_tells_it_and_closes(shopper: Shopper, world: World) -> None:
    heard = heard_by(shopper)
    purchase = _purchase(world)
    page, _ = _store(shopper, world, _OPENS % purchase.url)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Pay").click()
    checkout = CryptoComCheckout(opened.value)
    checkout.runs_python()

    with checkout.page.expect_event("close"):
        checkout.pays_in_window()

    OrderPage(page).shows("Paid")
    kinds = [(said["type"], said.get("status")) for said in heard]
    assert kinds[:2] == [("ready", None), ("status", "open")]
    assert kinds[-3:] == [("status", "succeeded"), ("redirect", None), ("close", None)]
    assert {said["origin"] for said in heard} == {world.checkout}
    purchase.ends("succeeded", store="paid")


def test_a_stranger_that_frames_it_gets_nothing(shopper: Shopper, world: World) -> None:
    """No page, no word, and nothing is asked for: neither the component nor the engine, nor how the payment stands."""
    shopper.allows("frame-ancestors")
    heard = heard_by(shopper)
    purchase = world.purchase(embed_origins=["https://another-store.example"])
    with shopper.context.expect_event("console", lambda message: "frame-ancestors" in message.text):
        page, _ = _store(shopper, world, purchase.session["embed"])

    purchase.lever("pay")
    purchase.ends("succeeded", store="paid")

    checkout = _within(page)
    expect(checkout.main).to_have_count(0)
    assert heard == []
    asked = [request.path for request in world.gate.requests if request.method == "GET"]
    token = purchase.url.rpartition("/")[2]
    assert [path for path in asked if path.startswith(f"/checkout/{token}/")] == []
    assert [path for path in asked if path.startswith("/static/") and "/embed-" not in path] == []
    assert not any(world.sandbox in asked for _, asked in shopper.watch.requests)


def _purchase(world: World, **fields: Any) -> Purchase:
    return world.purchase(embed_origins=[world.framing], **fields)


def _store(shopper: Shopper, world: World, markup: str) -> tuple[Page, list[str]]:
    """The store's page around `markup`, and where frames of it went that must not: to the store."""
    world.framer.html = _STORE % markup
    page = shopper.context.new_page()
    nested: list[str] = []

    def went(frame: Frame) -> None:
        if frame.parent_frame and frame.url.startswith((world.store, world.framing)):
            nested.append(frame.url)

    page.on("framenavigated", went)
    page.goto(world.framing)
    return page, nested


def _within(page: Page) -> CryptoComCheckout:
    return CryptoComCheckout(page, page.frame_locator("checkout-embed iframe"))


def _sends(frame: Frame, url: str) -> None:
    """What a provider's redirect does to the frame that it is in."""
    frame.evaluate("(url) => void setTimeout(() => location.assign(url))", url)
