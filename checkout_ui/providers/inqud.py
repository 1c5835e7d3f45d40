"""Inqud: a widget in the page that tells each change of its checkout's status (static/providers/inqud.js)."""

from checkout_ui.providers import base


def read(type: str, detail: "dict[str, object]") -> "list[tuple[str, str | None]]":  # noqa: A002 - the word of events
    if type == "status":
        # A new checkout has nothing to be looked at; any other word, known or not, is a reason to look.
        return [] if detail.get("status") == "NEW" else [("nudge", None)]
    return base.read(type, detail)
