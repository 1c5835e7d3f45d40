"""Crypto.com Pay: a button that opens a payment window of its own (providers' page, static/providers/crypto_com.js)."""

from checkout_ui.providers import base


def read(type: str, detail: "dict[str, object]") -> "list[tuple[str, str | None]]":  # noqa: A002 - the word of events
    if type == "opened":
        # The window is there: whatever hindered it is over.
        return [("help", None)]
    if type == "error" and "close old payment" in str(detail.get("message")).lower():
        return [("help", "open_popup")]
    return base.read(type, detail)
