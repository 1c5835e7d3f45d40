"""The checkout page, in each of its views, and the page that providers send the shopper back to."""

from __future__ import annotations

import re
from typing import ClassVar

from playwright.sync_api import Locator, expect

from e2e.models.base import PageModel
from e2e.models.store import OrderPage

TIME_LEFT = re.compile(r"^\d+:\d\d$")
GIVES_WAY = "did not load here. You were not charged; continue on its own page."


class CheckoutPage(PageModel):
    """What the page has for every provider; a subclass knows one provider's component and `title`."""

    title: ClassVar[str]

    @property
    def hosted_link(self) -> Locator:
        return self.inside.get_by_role("link", name=f"Continue to {self.title}")

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
        expect(self.countdown).to_have_text(TIME_LEFT)

    def gives_way(self) -> None:
        """Waits until the page has given up on the component and offers the provider's own page in its place."""
        expect(self.hosted_link).to_have_attribute("data-prominent", "")
        expect(self.main.get_by_text(GIVES_WAY)).to_be_visible()

    def reloads(self) -> None:
        self.page.reload()

    def leaves(self) -> None:
        """Walks away without paying."""
        self.leave_button.click()

    def returns(self) -> None:
        """By the link of a page that does not leave by itself."""
        self.return_link.click()

    def arrives_in_store(self, headline: str) -> OrderPage:
        """Waits until the checkout has been left, and for the store's word on the order."""
        order = OrderPage(self.page)
        order.shows(headline)
        return order
