"""The demo store: its shelf, and the order page that shoppers come back to."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.models.base import PageModel


class StorePage(PageModel):
    def buy(self, product: str, provider: str) -> None:
        """`provider` is the name of the one to pay with; a product that has only one leaves no choice."""
        offer = self.page.get_by_role("listitem").filter(has_text=product)
        choice = offer.get_by_label("Pay with")
        if choice.count():
            choice.select_option(provider)
        offer.get_by_role("button", name=f"Buy {product}").click()


class OrderPage(PageModel):
    def shows(self, headline: str | re.Pattern[str]) -> None:
        """Waits for the store's word on the order, in the store: the checkout's own headline may be the same."""
        expect(self.page.get_by_role("link", name="Orders")).to_be_visible()
        expect(self.heading).to_contain_text(headline)

    def tries_again(self) -> None:
        """Pays an order anew whose last try has ended."""
        self.page.get_by_role("button", name="Try again").click()

    def returns_to_payment(self) -> None:
        """Goes on with a try that has not ended."""
        self.page.get_by_role("button", name="Back to the payment").click()
