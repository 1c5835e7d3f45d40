"""The checkout in the WebView of an app (`e2e/harness/webview_app.py`), with the links that lead out of it."""

from __future__ import annotations

from e2e.models.cryptopay import WebKitCryptoPay
from e2e.models.webkit import WebKitCheckout


class WebViewCheckout(WebKitCheckout):
    def has_no_button_for_a_window(self) -> None:
        """A view has one window, and so the provider's page takes the place of its button."""
        assert self._first("#hosted[data-prominent]")
        assert self._button() is None

    def goes_to_the_browser(self) -> None:
        self._press("a", "Open in browser")

    def follows(self, link: str) -> None:
        """As a script of the page would."""
        self._driver.execute_script("location.href = arguments[0]", link)

    def marks(self) -> None:
        """A mark that only this very document has: `is_as_it_was` finds it again."""
        self._driver.execute_script("window.__mark = true")

    def is_as_it_was(self) -> bool:
        return bool(self._driver.execute_script("return window.__mark === true"))


class WebViewCryptoPay(WebViewCheckout, WebKitCryptoPay):
    def goes_to_the_wallet(self) -> None:
        self._press("a", "Open in wallet")
