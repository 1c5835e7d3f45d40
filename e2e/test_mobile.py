"""The checkout in an app, in Chromium with the screen, the touch and the name of a phone, and the app's own listener."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Playwright, expect

from e2e.harness.shopper import Shopper
from e2e.harness.told import ANDROID, IPHONE, heard_by
from e2e.harness.world import World

pytestmark = pytest.mark.browser

Phones = Callable[[str, str], Shopper]


@pytest.fixture
def phones(shoppers: Callable[..., Shopper], playwright: Playwright) -> Phones:
    """A shopper in an app on this phone, by what the app's listener is."""

    def of(name: str, listener: str) -> Shopper:
        options = {
            key: value for key, value in playwright.devices[name].items() if key != "default_browser_type"
        }
        shopper = shoppers(**options)
        shopper.context.add_init_script(listener)
        return shopper

    return of


@pytest.mark.parametrize(
    ("phone", "listener"),
    [
        pytest.param("Pixel 7", ANDROID, id="pixel"),
        pytest.param("iPhone 14", IPHONE, id="iphone"),
    ],
)
def test_paid_on_the_providers_page_in_an_app(
    phones: Phones, world: World, phone: str, listener: str
) -> None:
    shopper = phones(phone, listener)
    heard = heard_by(shopper)
    purchase = world.purchase()
    checkout = shopper.opens(purchase, view="webview")
    checkout.runs_python()
    assert checkout.violations() == []
    assert [(said["type"], said.get("status")) for said in heard] == [("ready", None), ("status", "open")]

    checkout.goes_to_provider().pays()

    checkout.shows("Paid")
    assert checkout.violations() == []
    checkout.arrives_in_store("Paid")  # an app that does not close the view sees it leave
    assert [(said["type"], said.get("status")) for said in heard[-2:]] == [
        ("status", "succeeded"),
        ("redirect", None),
    ]
    assert {said["v"] for said in heard} == {1}
    assert heard[-1]["url"].startswith(f"{world.store}/return?")
    purchase.ends("succeeded", store="paid")


def test_an_app_that_does_not_take_its_own_link(phones: Phones, world: World) -> None:
    """The scheme leads nowhere here: the page stays as the receipt, with the way back as a link."""
    shopper = phones("iPhone 14", IPHONE)
    shopper.allows("shop://done")  # the browser says that nothing is registered for it
    heard = heard_by(shopper)
    purchase = world.purchase(return_url="shop://done", cancel_url=None)
    checkout = shopper.opens(purchase, view="webview")
    checkout.runs_python()

    with checkout.page.expect_request(lambda request: request.url.startswith("shop://done?")) as left:
        purchase.lever("pay")

    redirect = heard[-1]
    assert (redirect["type"], redirect["url"]) == ("redirect", left.value.url)
    expect(checkout.return_link).to_have_attribute("href", redirect["url"])
    checkout.shows("Paid")
    purchase.ends("succeeded", store="paid")
