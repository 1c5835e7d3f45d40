"""`embed.js` in a store that has a strict policy of its own: in the page, over the page, twice, and taken out again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from e2e.harness.patience import until
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.world import World
from e2e.models.crypto_com import CryptoComCheckout

pytestmark = pytest.mark.browser

_STORE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Store</title><link rel="icon" href="data:,"><h1>Store</h1>%s
<script nonce="store">
window.heard = [];
for (const name of ["ready", "status", "redirect", "close"])
  addEventListener(`checkout:${name}`, (event) => {
    heard.push([name, event.detail, event.target.localName]);
    if (window.prevented === name) event.preventDefault();
  });
</script></html>"""


def test_a_store_with_a_strict_policy_of_its_own(shopper: Shopper, world: World) -> None:
    purchase = _purchase(world)
    page = _store(shopper, world, purchase.session["embed"])
    checkout = _in(page, "checkout-embed iframe")
    checkout.runs_python()
    expect(page.locator("checkout-embed iframe")).to_have_attribute("title", "Checkout: Demo Store")

    checkout.pays_in_window()

    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_its_height_follows_the_page(shopper: Shopper, world: World) -> None:
    purchase = _purchase(world)
    page = _store(shopper, world, purchase.session["embed"])
    checkout = _in(page, "checkout-embed iframe")
    checkout.runs_python()
    frame = page.locator("checkout-embed iframe")
    assert _height(page) == checkout.inside.locator("body").evaluate(
        "(body) => Math.ceil(body.getBoundingClientRect().height)"
    )
    before = _height(page)

    purchase.lever("detect")

    checkout.shows("Payment seen")
    expect(frame).not_to_have_css("height", f"{before}px")
    purchase.lever("pay")
    purchase.ends("succeeded", store="paid")


def test_what_the_store_prevents_is_left_to_it(shopper: Shopper, world: World) -> None:
    purchase = _purchase(world)
    page = _store(shopper, world, purchase.session["embed"])
    page.evaluate("window.prevented = 'redirect'")
    checkout = _in(page, "checkout-embed iframe")
    checkout.runs_python()

    purchase.lever("pay")

    checkout.shows("Paid")
    redirect = _hears(page, "redirect")
    assert redirect["url"].startswith(f"{world.store}/return?")
    assert page.url == f"{world.framing}/"
    status = _hears(page, "status")
    assert status.keys() == {"status", "paid", "final", "version"}
    purchase.ends("succeeded", store="paid")


def test_over_the_page_and_away_again(shopper: Shopper, world: World) -> None:
    purchase = _purchase(world)
    page = _store(shopper, world, _button(world, purchase))
    button = page.get_by_role("button", name="Pay", exact=True)
    button.focus()
    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog", name="Checkout: Demo Store")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    _in(page, "dialog iframe").runs_python()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    assert _hears(page, "close")["status"] == "open"

    # Escape within the frame, whose page the browser would not let speak for the store's.
    button.click()
    checkout = _in(page, "dialog iframe")
    checkout.runs_python()
    checkout.heading.click()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()

    button.click()
    checkout = _in(page, "dialog iframe")
    checkout.runs_python()
    checkout.pays_in_window()
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_near_the_button_all_is_fetched_ahead(shopper: Shopper, world: World) -> None:
    purchase = _purchase(world)
    page = _store(shopper, world, _button(world, purchase))

    with page.expect_request(lambda request: request.url.endswith("micropython.wasm")) as warm:
        page.get_by_role("button", name="Pay", exact=True).hover()

    frame = warm.value.frame
    assert frame.url == f"{world.checkout}/warm"
    purchase.stays("open", store="waiting")


def test_two_on_one_page_do_not_hear_each_other(shopper: Shopper, world: World) -> None:
    first, second = _purchase(world), _purchase(world)
    page = _store(shopper, world, first.session["embed"] + second.session["embed"])
    page.evaluate("window.prevented = 'redirect'")
    one, two = (_in(page, f"checkout-embed:nth-of-type({n}) iframe") for n in (1, 2))
    one.runs_python()
    two.runs_python()

    first.lever("pay")

    one.shows("Paid")
    two.shows("Pay $25.00")
    first.ends("succeeded", store="paid")
    second.stays("open", store="waiting")


def test_taken_out_and_put_back(shopper: Shopper, world: World) -> None:
    """What React, Vue and HTMX do with an element."""
    purchase = _purchase(world)
    page = _store(shopper, world, purchase.session["embed"])
    _in(page, "checkout-embed iframe").runs_python()

    page.evaluate("window.kept = document.querySelector('checkout-embed'); kept.remove()")
    expect(page.locator("iframe")).to_have_count(0)
    page.evaluate("document.body.append(kept)")

    checkout = _in(page, "checkout-embed iframe")
    checkout.runs_python()
    assert page.evaluate("heard.filter(([name]) => name === 'ready').length") == 2
    checkout.pays_in_window()
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_without_an_engine_the_store_is_told_all_the_same(shopper: Shopper, world: World) -> None:
    shopper.allows(".")  # whatever a browser says of files that it cannot have
    world.gate.shut("/static/vendor/")
    purchase = _purchase(world)
    page = _store(shopper, world, purchase.session["embed"])
    page.evaluate("window.prevented = 'redirect'")
    checkout = _in(page, "checkout-embed iframe")
    checkout.shows("Pay $25.00")

    purchase.lever("pay")

    checkout.shows("Paid", timeout=20_000)
    assert _hears(page, "status", "succeeded")["paid"] is True
    assert _hears(page, "redirect")
    purchase.ends("succeeded", store="paid")


def _purchase(world: World) -> Purchase:
    return world.purchase(embed_origins=[world.framing])


def _button(world: World, purchase: Purchase) -> str:
    url = purchase.session["url"]
    return (
        f'<script src="{world.checkout}/embed.js" defer></script>'
        f'<button data-checkout="{url}" label="Checkout: Demo Store">Pay</button>'
    )


def _store(shopper: Shopper, world: World, markup: str) -> Page:
    world.framer.html = _STORE % markup
    world.framer.policy = f"default-src 'none'; script-src 'nonce-store' {world.checkout}; frame-src {world.checkout}; img-src data:"
    page = shopper.context.new_page()
    page.goto(world.framing)
    return page


def _in(page: Page, selector: str) -> CryptoComCheckout:
    frame: FrameLocator = page.frame_locator(selector)
    return CryptoComCheckout(page, frame)


def _height(page: Page) -> int:
    return round(page.locator("checkout-embed iframe").evaluate("(frame) => parseFloat(frame.style.height)"))


def _hears(page: Page, name: str, status: str | None = None) -> dict[str, Any]:
    """Waits until the store has heard an event of this name, and of this status where one is given."""

    def heard() -> dict[str, Any] | None:
        said: list[tuple[str, dict[str, Any], str]] = page.evaluate("window.heard")
        fitting = (detail for kind, detail, _ in said if kind == name)
        return next((detail for detail in fitting if status in (None, detail.get("status"))), None)

    return until(f"the store hears {name}", heard)
