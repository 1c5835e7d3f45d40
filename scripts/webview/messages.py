"""What the page says to an app, and what the app makes of it: docs/webview.md and its host code are made from this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Take = Literal["hint", "follow", "end"]


@dataclass(frozen=True, slots=True)
class Message:
    """JSON text `{"v": 1, "type": type, …fields}`, as in docs/embedding.md."""

    type: str
    fields: tuple[str, ...]
    what: str
    take: Take
    does: str


MESSAGES: tuple[Message, ...] = (
    Message("ready", (), "the page is there", "hint", "may take its own spinner away"),
    Message(
        "status",
        ("status", "paid", "final", "version"),
        "how the payment stands, each time that changes",
        "hint",
        "may show it, and delivers nothing",
    ),
    Message(
        "redirect",
        ("url",),
        "where the shopper wants to be now; the page goes there by itself, too",
        "follow",
        "closes the view if that is a way back (the first rule), else nothing",
    ),
    Message("close", (), "the page has nothing more to do", "end", "closes the view"),
)
