"""CryptoPay: the checkout with what a wallet needs, and the provider's own page."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, expect

from e2e.models.base import PageModel
from e2e.models.checkout import CheckoutPage
from e2e.models.webkit import WebKitCheckout, WebKitPage


def read_code(png: bytes) -> str:
    """What a camera reads in a picture of the screen: exactly one QR code, whose text is answered."""
    with Image.open(io.BytesIO(png)) as picture:
        found = zxingcpp.read_barcodes(
            picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False
        )
    assert len(found) == 1, f"{len(found)} codes on the screen"
    return str(found[0].text)


class CryptoPayCheckout(CheckoutPage):
    title = "CryptoPay"

    @property
    def code(self) -> Locator:
        return self.inside.get_by_role("img", name="QR code to pay with your wallet")

    @property
    def address(self) -> Locator:
        return self.inside.locator("#pay-address")

    @property
    def amount(self) -> Locator:
        return self.inside.locator("#pay-amount")

    @property
    def wallet_link(self) -> Locator:
        return self.inside.get_by_role("link", name="Open in wallet")

    def copy(self, what: str) -> Locator:
        """The button for "amount" or "address"."""
        return self.inside.get_by_role("button", name=f"Copy the {what}")

    def mounts(self) -> None:
        expect(self.component).to_have_attribute("data-state", "mounted")

    def scanned(self) -> str:
        """The page as a phone's camera sees it, around the code."""
        self.code.scroll_into_view_if_needed()
        expect(self.code).to_have_js_property("complete", True)
        return read_code(self.page.screenshot())

    def goes_to_provider(self) -> OrderPageOfProvider:
        self.hosted_link.click()
        hosted = OrderPageOfProvider(self.page)
        expect(hosted.heading).to_have_text("25 USDC")
        return hosted


class OrderPageOfProvider(PageModel):
    """Where `payment_url` leads."""

    def pays(self) -> None:
        self.page.get_by_role("button", name="Pay", exact=True).click()

    def fails(self) -> None:
        self.page.get_by_role("button", name="Fail").click()

    def goes_back(self) -> None:
        self.page.get_by_role("link", name="Return to Demo Store").click()


class WebKitCryptoPay(WebKitCheckout):
    """The same in WebKitGTK."""

    def shown(self) -> tuple[str, str]:
        """Amount and address."""
        self._until("an address", lambda: self._first("#pay-address"))
        return self._text("#pay-amount"), self._text("#pay-address")

    def scanned(self) -> str:
        code = self._until("the code", lambda: self._first("#component img.qr"))
        self._until("the picture", lambda: code.get_property("complete"))
        self._driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", code)
        return read_code(self._driver.get_screenshot_as_png())

    def copies(self, what: str) -> None:
        """Waits until the button says so."""
        self._until("the script", lambda: self._first("#component[data-state=mounted]"))
        button = self._until("the button", lambda: self._first(f"[data-of=pay-{what}]"))
        button.click()
        self._until("copied", lambda: button.text == "Copied")

    def goes_to_cryptopay(self) -> WebKitOrderPage:
        self._press("a", "Continue to CryptoPay")
        hosted = WebKitOrderPage(self._driver, self._watch, self._window)
        hosted.shows("25 USDC")
        return hosted


class WebKitOrderPage(WebKitPage):
    def pays(self) -> None:
        self._press("button", "Pay")

    def fails(self) -> None:
        self._press("button", "Fail")

    def goes_back(self) -> None:
        self._press("a", "Return to Demo Store")
