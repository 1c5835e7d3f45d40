"""CryptoPay: an address, an amount and a code to scan; paid, failed, late, come back from the provider's page, without script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from checkout_server.demo.orders import PRODUCTS
from e2e.engines import ENGINES
from e2e.harness.purchase import Purchase
from e2e.harness.shopper import Shopper
from e2e.harness.webkit_shopper import WebKitShopper
from e2e.harness.world import World
from e2e.models.cryptopay import CryptoPayCheckout, WebKitCryptoPay
from e2e.models.store import OrderPage

pytestmark = pytest.mark.browser

in_webkit = pytest.mark.parametrize("browser_name", ["webkit"])
ADDRESS = "0x00000000000000000000C0ffee00000000000001"  # the sandbox's wallet on this network
LINK = (
    f"ethereum:0x0000000000000000000000000000000005a4db0c@84532/transfer?address={ADDRESS}&uint256=25000000"
)


def purchase_of(world: World, **fields: Any) -> Purchase:
    """A mug, priced in the token it is paid with."""
    currency = str(fields.get("currency", "USDC"))
    order = world.orders.place(replace(PRODUCTS[0], currency=currency), "cryptopay")
    return world.purchase(order, **fields)


def opened(shopper: Shopper, purchase: Purchase, view: str = "") -> CryptoPayCheckout:
    return shopper.opens_as(CryptoPayCheckout, purchase, view)


@pytest.mark.parametrize("engine", ENGINES)
def test_paid_by_a_wallet_and_confirmed_block_by_block(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    checkout.shows("Pay 25 USDC")
    checkout.runs_python()
    expect(checkout.address).to_have_text(ADDRESS)
    assert checkout.violations() == []

    purchase.lever("detect")
    checkout.shows("Payment seen")
    checkout.says("1 confirmation so far.")
    expect(checkout.address).to_be_hidden()
    purchase.lever("block")
    checkout.says("2 confirmations so far.")
    purchase.lever("block")
    checkout.shows("Paid")
    assert checkout.violations() == []

    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


@in_webkit
def test_the_same_in_webkit(shopper: WebKitShopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = shopper.opens_as(WebKitCryptoPay, purchase)
    checkout.runs_python()
    assert checkout.shown() == ("25", ADDRESS)
    assert checkout.scanned() == LINK
    checkout.copies("address")

    purchase.lever("detect")
    checkout.shows("Payment seen")
    checkout.says("1 confirmation so far.")
    purchase.lever("pay")
    checkout.shows("Paid")
    assert checkout.violations() == []
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


def test_a_transfer_that_fails(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    checkout.runs_python()

    purchase.lever("fail")

    checkout.shows("Payment failed")
    checkout.says("The transfer failed on its network.")
    checkout.arrives_in_store("Not paid")
    purchase.ends("failed", store="not_paid")


def test_money_that_comes_late_is_for_a_person(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    checkout.runs_python()
    purchase.lever("expire")
    checkout.shows("This checkout has expired")
    purchase.becomes("expired")

    purchase.lever("pay")
    purchase.ends("review", store="review")
    again = opened(shopper, purchase)
    again.shows("We are checking this payment")
    again.says("The payment arrived after this checkout had closed.")
    expect(again.address).to_be_hidden()


def test_paid_on_the_providers_page_and_back(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    checkout.runs_python()

    checkout.goes_to_provider().pays()

    checkout.page.wait_for_url("**/return?*")
    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


@in_webkit
def test_paid_on_the_providers_page_and_back_in_webkit(shopper: WebKitShopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = shopper.opens_as(WebKitCryptoPay, purchase)
    checkout.runs_python()

    checkout.goes_to_cryptopay().pays()

    checkout.arrives_in_store("Paid")
    purchase.ends("succeeded", store="paid")


@in_webkit
def test_failed_on_the_providers_page_and_back_in_webkit(shopper: WebKitShopper, world: World) -> None:
    purchase = purchase_of(world)
    hosted = shopper.opens_as(WebKitCryptoPay, purchase).goes_to_cryptopay()
    hosted.fails()
    hosted.goes_back()
    purchase.ends("failed", store="not_paid")


def test_failed_on_the_providers_page_and_back(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    checkout.runs_python()

    hosted = checkout.goes_to_provider()
    hosted.fails()
    hosted.goes_back()

    OrderPage(checkout.page).shows("Not paid")
    purchase.ends("failed", store="not_paid")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_camera_reads_the_code_from_the_screen(
    shoppers: Callable[..., Shopper], world: World, scheme: str
) -> None:
    checkout = opened(shoppers(color_scheme=scheme), purchase_of(world))
    for width in (360, 1280):
        checkout.page.set_viewport_size({"width": width, "height": 800})
        assert checkout.scanned() == LINK


def test_where_no_payment_link_is_known_the_code_is_the_address(shopper: Shopper, world: World) -> None:
    purchase = purchase_of(world, currency="USDT", options={"blockchain": "tron"})
    checkout = opened(shopper, purchase)
    address = "TSandboxSandboxSandboxSandbox00001"
    expect(checkout.address).to_have_text(address)
    expect(checkout.wallet_link).to_have_count(0)
    assert checkout.scanned() == address


def test_copied_to_the_last_digit(shoppers: Callable[..., Shopper], world: World) -> None:
    shopper = shoppers(permissions=["clipboard-read", "clipboard-write"])
    checkout = opened(shopper, purchase_of(world, currency="ETH", amount="0.012345678901234567"))
    checkout.mounts()

    for what, text in (("amount", "0.012345678901234567"), ("address", ADDRESS)):
        checkout.copy(what).click()
        expect(checkout.copy(what)).to_have_text("Copied")
        expect(checkout.announcement).to_have_text("Copied")
        assert checkout.page.evaluate("navigator.clipboard.readText()") == text
        expect(checkout.copy(what)).to_have_text("Copy")


def test_copied_in_a_frame_that_may_not_use_the_clipboard(shopper: Shopper, world: World) -> None:
    shopper.context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    checkout = opened(shopper, purchase_of(world))
    checkout.mounts()
    checkout.copy("address").click()
    expect(checkout.copy("address")).to_have_text("Copied")
    assert checkout.page.evaluate("getSelection().toString()") == ADDRESS


def test_on_a_phone_a_link_opens_the_wallet(shoppers: Callable[..., Shopper], world: World) -> None:
    shopper = shoppers(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    checkout = opened(shopper, purchase_of(world))
    expect(checkout.wallet_link).to_be_visible()
    expect(checkout.wallet_link).to_have_attribute("href", LINK)
    checkout.runs_python()
    assert checkout.violations() == []


def test_on_a_desk_there_is_none(shopper: Shopper, world: World) -> None:
    checkout = opened(shopper, purchase_of(world))
    expect(checkout.code).to_be_visible()
    expect(checkout.wallet_link).to_be_hidden()


def test_without_script_everything_to_pay_is_there(shoppers: Callable[..., Shopper], world: World) -> None:
    shopper = shoppers(script=False)
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    expect(checkout.amount).to_have_text("25")
    expect(checkout.address).to_be_visible()
    expect(checkout.copy("address")).to_be_hidden()
    assert checkout.scanned() == LINK

    checkout.page.get_by_role("link", name="See how the payment stands").click()
    purchase.lever("pay", webhook="drop")
    checkout.shows("Paid")
    checkout.returns()
    OrderPage(checkout.page).shows("Paid")
    purchase.ends("succeeded", store="paid")


def test_without_its_own_script_only_the_copy_buttons_are_missing(shopper: Shopper, world: World) -> None:
    shopper.allows("ERR_FAILED")
    shopper.context.route("**/static/providers/cryptopay-*.js", lambda route: route.abort())
    purchase = purchase_of(world)
    checkout = opened(shopper, purchase)
    expect(checkout.component).to_have_attribute("data-state", "failed")
    checkout.runs_python()
    expect(checkout.address).to_be_visible()
    expect(checkout.copy("address")).to_be_hidden()
    expect(checkout.main.get_by_text("did not load here")).to_be_hidden()
    assert checkout.violations() == []

    purchase.lever("pay")
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")


@pytest.mark.parametrize("locale", ["en", "ar", "de"])
def test_a_narrow_screen_needs_no_sideways_scrolling(
    shoppers: Callable[..., Shopper], world: World, locale: str
) -> None:
    shopper = shoppers(viewport={"width": 320, "height": 640}, has_touch=True)
    checkout = opened(
        shopper, purchase_of(world, currency="ETH", amount="1234567.012345678901234567", locale=locale)
    )
    checkout.runs_python()
    assert checkout.violations() == []
    assert checkout.page.evaluate("window.__seen.shift") < 0.02


def test_nothing_jumps_while_all_arrives(shopper: Shopper, world: World) -> None:
    checkout = opened(shopper, purchase_of(world))
    checkout.mounts()
    checkout.runs_python()
    assert checkout.page.evaluate("window.__seen.shift") < 0.02
