"""Crossmint: the checkout with its frame, and the provider's own page as its sandbox draws it."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, expect
from selenium.webdriver.common.by import By

from e2e.models.base import PageModel
from e2e.models.checkout import CheckoutPage
from e2e.models.webkit import WebKitCheckout


class CrossmintCheckout(CheckoutPage):
    title = "Crossmint"

    @property
    def frame_element(self) -> Locator:
        return self.inside.locator("#crossmint")

    @property
    def frame(self) -> FrameLocator:
        """The provider's page within this one."""
        return self.inside.frame_locator("#crossmint")

    @property
    def pay_button(self) -> Locator:
        return self.frame.get_by_role("button", name="Pay 25.00 USD")

    def is_there(self) -> None:
        """Waits until the frame has said its first word."""
        expect(self.component).to_have_attribute("data-state", "mounted")

    def asks(self, question: str) -> None:
        expect(self.frame.get_by_role("heading", level=1)).to_have_text(question)

    def pays(self) -> None:
        self.pay_button.click()

    def is_declined(self) -> None:
        self.frame.get_by_role("button", name="Decline").click()

    def gives_email(self, email: str) -> None:
        self.frame.get_by_label("E-mail").fill(email)
        self.frame.get_by_role("button", name="Continue").click()

    def confirms_identity(self) -> None:
        self.frame.get_by_role("button", name="Confirm").click()

    def height(self) -> int:
        return int(self.frame_element.evaluate("frame => frame.getBoundingClientRect().height"))

    def goes_to_provider(self) -> HostedCheckout:
        """The provider's page opens beside this one."""
        with self.page.expect_popup() as opened:
            self.hosted_link.click()
        hosted = HostedCheckout(opened.value)
        expect(hosted.heading).to_have_text("Pay by card")
        return hosted


class HostedCheckout(PageModel):
    def pays(self) -> None:
        self.page.get_by_role("button", name="Pay 25.00 USD").click()
        expect(self.heading).to_contain_text("Paid")


class WebKitCrossmint(WebKitCheckout):
    """The same in WebKitGTK, where a frame is stepped into and out of."""

    def is_there(self) -> None:
        self._until("the frame", lambda: self._first("#component[data-state=mounted] iframe"))

    def pays(self) -> None:
        self._in_frame("Pay 25.00 USD")

    def is_declined(self) -> None:
        self._in_frame("Decline")

    def _in_frame(self, name: str) -> None:
        frame = self._until("the frame", lambda: self._first("#crossmint"))
        self._driver.switch_to.frame(frame)
        try:
            path = f"//button[normalize-space()='{name}']"
            # By script: WebKitGTK's driver clicks beside what is in a frame, and cannot focus it.
            button = self._driver.find_element(By.XPATH, path)
            self._driver.execute_script("arguments[0].click()", button)
        finally:
            self._driver.switch_to.default_content()
