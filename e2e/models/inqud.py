"""Inqud: the checkout with its widget, whose shadow tree is closed to everybody, and the provider's own page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from playwright.sync_api import CDPSession, expect
from selenium.webdriver import ActionChains

from e2e.harness.patience import until
from e2e.models.base import BASICS, PageModel
from e2e.models.checkout import CheckoutPage
from e2e.models.webkit import WebKitCheckout, WebKitPage

ATTEMPTS = 8  # of the hostile widget, each kept under a name of its own
# Where the widget's first button is: from its lower left corner, in its own pixels.
_PAY_X, _PAY_Y = 130, 42
# By the box around it: of a zoomed element WebKitGTK tells the place as if it were not.
_MEASURES = """
const around = document.querySelector("#component"), widget = around.firstElementChild;
around.scrollIntoView({ block: "start" });
const { left, right, top } = around.getBoundingClientRect(), zoom = Number(getComputedStyle(widget).zoom);
const bottom = top + widget.offsetHeight * zoom;
const at = (x, y) => document.elementFromPoint(x, y)?.tagName;
return {
  screen: innerWidth, zoom, overflow: around.scrollWidth - around.clientWidth,
  button: at(left + arguments[0] * zoom, bottom - arguments[1] * zoom), edges: [at(left + 2, top + 60), at(right - 2, top + 60)],
};"""


@dataclass(frozen=True, slots=True)
class Box:
    """Something on the screen, in CSS pixels of the viewport."""

    left: float
    top: float
    width: float
    height: float


class InqudCheckout(CheckoutPage):
    title = "Inqud"

    @cached_property
    def _devtools(self) -> CDPSession:
        """What assistive technology sees is the only way into a closed shadow tree."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Accessibility.enable")
        return session

    def mounts(self) -> None:
        expect(self.component).to_have_attribute("data-state", "mounted")

    def button(self, name: str) -> Box:
        """The widget's button of this name, on the screen."""
        node = until(f"a button {name!r}", lambda: self._find("button", name))
        self._devtools.send("DOM.scrollIntoViewIfNeeded", {"backendNodeId": node})
        quad = self._devtools.send("DOM.getContentQuads", {"backendNodeId": node})["quads"][0]
        xs, ys = quad[::2], quad[1::2]
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))

    def presses(self, name: str) -> None:
        self.mounts()
        box = self.button(name)
        self.page.mouse.click(box.left + box.width / 2, box.top + box.height / 2)

    def pays_by_keyboard(self) -> None:
        """By Tab into the widget, past its choice of coins, to its first button."""
        for _ in range(12):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.tagName") == "APP-WIDGET":
                break
        self.page.keyboard.press("Tab")
        self.page.keyboard.press("Enter")

    def goes_to_provider(self) -> InqudPage:
        self.hosted_link.click()
        hosted = InqudPage(self.page)
        hosted.arrives()
        return hosted

    def attempts(self) -> dict[str, str]:
        """What became of each thing that the hostile widget tries, once all are known."""

        def all_of_them() -> dict[str, str] | None:
            found: dict[str, str] = self.page.evaluate("window.__hostile ?? {}")
            return found if len(found) == ATTEMPTS else None

        return until("all attempts were made", all_of_them)

    def _find(self, role: str, name: str) -> int | None:
        nodes: list[dict[str, Any]] = self._devtools.send("Accessibility.getFullAXTree")["nodes"]
        for node in nodes:
            if not node["ignored"] and (node["role"]["value"], node["name"]["value"]) == (role, name):
                return int(node["backendDOMNodeId"])
        return None


class InqudPage(PageModel):
    """Where `acquiringUrl` leads."""

    def arrives(self) -> None:
        expect(self.heading).to_have_text("25.00 USD")

    def pays(self) -> None:
        self.page.get_by_role("button", name="Pay", exact=True).click()

    def underpays(self) -> None:
        self.page.get_by_role("button", name="Send less").click()

    def goes_back(self) -> None:
        self.page.get_by_role("link", name="Return to Demo Store").click()


class WebKitInqud(WebKitCheckout):
    """The same in WebKitGTK, where only its place leads to a button in a closed shadow tree."""

    def mounts(self) -> None:
        self._until("the widget", lambda: self._first("#component[data-state=mounted]"))

    def measured_in(self, framing: str) -> dict[str, Any]:
        """How it sits in the frame of the page at this address: MiniBrowser's own window cannot be a phone's."""
        self._driver.switch_to.window(self._window)
        self._driver.get(framing)
        self._driver.switch_to.frame(0)
        mounted = "return document.querySelector('#component')?.dataset.state === 'mounted'"
        until("the widget in its frame", lambda: self._driver.execute_script(mounted))
        found: dict[str, Any] = self._driver.execute_script(_MEASURES, _PAY_X, _PAY_Y)
        found["lacking"] = self._driver.execute_script(f"return ({BASICS})()")
        self._driver.switch_to.default_content()
        return found

    def presses_pay(self) -> None:
        self.mounts()
        widget = self._until("the widget", lambda: self._first("app-widget"))
        self._driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", widget)
        x, y = self._driver.execute_script(
            "const box = arguments[0].getBoundingClientRect(), scale = box.width / 392;"
            "return [box.left + arguments[1] * scale, box.bottom - arguments[2] * scale]",
            widget,
            _PAY_X,
            _PAY_Y,
        )
        mouse = ActionChains(self._driver)
        mouse.w3c_actions.pointer_action.move_to_location(int(x), int(y))
        mouse.w3c_actions.pointer_action.click()
        mouse.perform()

    def goes_to_inqud(self) -> WebKitInqudPage:
        self._press("a", "Continue to Inqud")
        hosted = WebKitInqudPage(self._driver, self._watch, self._window)
        hosted.shows("25.00 USD")
        return hosted


class WebKitInqudPage(WebKitPage):
    def pays(self) -> None:
        self._press("button", "Pay")

    def underpays(self) -> None:
        self._press("button", "Send less")

    def goes_back(self) -> None:
        self._press("a", "Return to Demo Store")
