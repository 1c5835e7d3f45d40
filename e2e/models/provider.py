"""The provider's own pages, as its sandbox draws them: the hosted page and the window of the button."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from e2e.models.base import PageModel


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
