"""The checkout page, in each of its views, and the page that providers send the shopper back to."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from e2e.models.base import PageModel
from e2e.models.provider import HostedPage, PaymentWindow


class CheckoutPage(PageModel):
    @property
    def pay_button(self) -> Locator:
        """The provider's own, inside its component."""
        return self.inside.get_by_role("button", name="Pay with Crypto.com")

    @property
    def hosted_link(self) -> Locator:
        return self.inside.get_by_role("link", name="Continue to Crypto.com Pay")

    @property
    def leave_button(self) -> Locator:
        return self.inside.get_by_role("button", name="Back to Demo Store")

    @property
    def return_link(self) -> Locator:
        return self.inside.get_by_role("link", name="Return to Demo Store")

    @property
    def announcement(self) -> Locator:
        return self.inside.get_by_role("status")

    @property
    def countdown(self) -> Locator:
        return self.inside.get_by_role("time")

    @property
    def help(self) -> Locator:
        return self.inside.locator("#help")

    @property
    def component(self) -> Locator:
        return self.inside.locator("#component")

    @property
    def current_step(self) -> Locator:
        return self.inside.get_by_role("list", name="Progress").locator("[aria-current=step]")

    def is_visible(self) -> bool:
        return self.main.is_visible() and self.main.get_attribute("data-panel") is not None

    def shows(self, headline: str | re.Pattern[str], *, timeout: float | None = None) -> None:
        """Waits for the one visible headline; `timeout` in milliseconds."""
        expect(self.heading).to_have_text(headline, timeout=timeout)

    def says(self, sentence: str | re.Pattern[str]) -> None:
        """Waits for a sentence of the panel that is shown."""
        expect(self.main.locator("section:not([hidden])").get_by_text(sentence)).to_be_visible()

    def runs_python(self) -> None:
        """Waits until the glue is there: the time left is written by nobody else."""
        expect(self.countdown).to_have_text(re.compile(r"^\d+:\d\d$"))

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
