"""Crossmint's embedded checkout: its frame tells of each change of the order (static/providers/crossmint.js)."""

from checkout_ui.providers import base


def read(type: str, detail: "dict[str, object]") -> "list[tuple[str, str | None]]":  # noqa: A002 - the word of events
    if type == "updated":
        # A requirement that was met, a decline, a new quote: the server knows what it means.
        return [("nudge", None)]
    return base.read(type, detail)
