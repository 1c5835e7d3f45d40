"""Crypto.com Pay: the checkout with its button, and the provider's own pages as its sandbox draws them."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from e2e.harness.patience import until
from e2e.models.base import PageModel
from e2e.models.checkout import CheckoutPage

ATTEMPTS = 8  # of the hostile component, each kept under a name of its own


class CryptoComCheckout(CheckoutPage):
    title = "Crypto.com Pay"

    @property
    def pay_button(self) -> Locator:
        """The provider's own, inside its component."""
        return self.inside.get_by_role("button", name="Pay with Crypto.com")

    def offers_nothing(self) -> None:
        """Waits until there is no way to pay on the page."""
        expect(self.pay_button).to_be_hidden()
        expect(self.hosted_link).to_be_hidden()

    def pay_window(self) -> PaymentWindow:
        """Presses the provider's button, which opens a window of its own."""
        with self.page.expect_popup() as opened:
            self.pay_button.click()
        return PaymentWindow(opened.value)

    def pays_in_window(self) -> PaymentWindow:
        window = self.pay_window()
        window.pays()
        return window

    def goes_to_provider(self) -> HostedPage:
        self.hosted_link.click()
        hosted = HostedPage(self.page)
        hosted.arrives()
        return hosted

    def attempts(self) -> dict[str, str]:
        """What became of each thing that the hostile component tries, once all are known."""

        def all_of_them() -> dict[str, str] | None:
            found: dict[str, str] = self.page.evaluate("window.__hostile")
            return found if len(found) == ATTEMPTS else None

        return until("all attempts were made", all_of_them)


class ProviderPage(PageModel):
    @property
    def pay_button(self) -> Locator:
        return self.page.get_by_role("button", name="Pay", exact=True)

    def arrives(self) -> None:
        expect(self.heading).to_have_text("25.00 USD")

    def pays(self) -> None:
        self.pay_button.click()


class HostedPage(ProviderPage):
    """Where `payment_url` leads."""

    def underpays(self) -> None:
        self.page.get_by_role("button", name="Underpay").click()

    def cancels(self) -> None:
        self.page.get_by_role("button", name="Cancel").click()


class PaymentWindow(ProviderPage):
    """The window that the button opens."""

    def closes(self) -> None:
        """By the shopper's hand."""
        self.page.close()

    def is_gone(self) -> None:
        """Waits until it has closed by itself."""
        if not self.page.is_closed():
            self.page.wait_for_event("close")
