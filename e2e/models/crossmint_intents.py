"""Crossmint order intents: what is allowed, the two answers to it, and the sandbox's verifier, in each browser."""

from __future__ import annotations

from typing import Protocol, Self

from playwright.sync_api import Locator, expect
from selenium.webdriver.common.by import By

from e2e.models.checkout import CheckoutPage
from e2e.models.webkit import WebKitCheckout

HEADLINE = "Allow Demo Store to spend for you"
NOT_CONFIRMED = "It was not confirmed, so nothing was approved. You can try again."


class AnyApproval(Protocol):
    """The page of a permission, in whatever browser."""

    def shows(self, headline: str) -> None: ...
    def runs_python(self) -> None: ...
    def mandates(self) -> list[str]: ...
    def approves(self) -> None: ...
    def confirms(self) -> None: ...
    def stops(self) -> None: ...
    def refuses(self) -> None: ...
    def was_not_confirmed(self) -> None: ...
    def is_in(self, place: str) -> None: ...
    def violations(self) -> list[str]: ...


class ApprovalPage(CheckoutPage):
    title = "Crossmint"

    @property
    def approve_button(self) -> Locator:
        return self.inside.get_by_role("button", name="Approve", exact=True)

    @property
    def refuse_button(self) -> Locator:
        return self.inside.get_by_role("button", name="Do not approve")

    @property
    def agreement(self) -> Locator:
        return self.inside.locator("#agreement")

    def mandates(self) -> list[str]:
        """What is allowed, a sentence each, as the shopper reads it."""
        expect(self.agreement).to_be_visible()
        return [" ".join(text.split()) for text in self.agreement.get_by_role("listitem").all_inner_texts()]

    def approves(self) -> None:
        """Starts the verifier, as soon as there is one."""
        self.approve_button.click()

    def confirms(self) -> None:
        """In the verifier."""
        self.inside.get_by_role("button", name="Confirm", exact=True).click()

    def stops(self) -> None:
        self.inside.get_by_role("button", name="Stop", exact=True).click()

    def refuses(self) -> None:
        self.refuse_button.click()

    def was_not_confirmed(self) -> None:
        """Waits until the page says so, to everybody, and lets the shopper try again."""
        expect(self.inside.get_by_text(NOT_CONFIRMED).first).to_be_visible()
        expect(self.announcement).to_have_text(NOT_CONFIRMED)
        expect(self.approve_button).to_be_enabled()

    def is_in(self, place: str) -> None:
        """Waits until the tab is at an address that begins so."""
        self.page.wait_for_url(f"{place}/**")


class WebKitApproval(WebKitCheckout):
    """The same in WebKitGTK."""

    @classmethod
    def of(cls, checkout: WebKitCheckout) -> Self:
        return cls(checkout._driver, checkout._watch, checkout._window)

    def mandates(self) -> list[str]:
        self._until("what is allowed", lambda: self._first("#agreement"))
        items = self._driver.find_elements(By.CSS_SELECTOR, "#agreement li")
        return [" ".join(item.text.split()) for item in items]

    def approves(self) -> None:
        self._until("a verifier", lambda: self._first("[data-approve]:enabled")).click()

    def confirms(self) -> None:
        self._verifier(0)

    def stops(self) -> None:
        self._verifier(1)

    def refuses(self) -> None:
        self._press("button", "Do not approve")

    def was_not_confirmed(self) -> None:
        self._until("the sentence", lambda: self._text("[data-problem]") == NOT_CONFIRMED)
        self._until("another try", lambda: self._first("[data-approve]:enabled"))

    def is_in(self, place: str) -> None:
        self._until(place, lambda: self._driver.current_url.startswith(f"{place}/"))

    def _verifier(self, number: int) -> None:
        """Presses a button in its shadow tree."""
        host = self._until("the verifier", lambda: self._first("checkout-verifier"))
        host.shadow_root.find_elements(By.CSS_SELECTOR, "button")[number].click()
