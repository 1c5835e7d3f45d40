"""The page with the buttons: every payment of every sandbox, its actions, the faults and the log. No script."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from checkout_server.sandbox.base import Sandbox
from checkout_server.sandbox.delivery import MODES
from checkout_server.sandbox.pages import page

_SHOWN = 50

# What the buttons and the menus say, in a word or two.
DO_WORDS = {
    "pay": "Pay",
    "detect": "Money seen",
    "underpay": "Underpay",
    "overpay": "Overpay",
    "cancel": "Cancel",
    "expire": "Expire",
    "fail": "Fail",
    "refund": "Refund",
    "approve": "Approve",
}
MODE_WORDS = {
    "send": "sent as usual",
    "drop": "lost",
    "duplicate": "sent twice",
    "reorder": "out of order",
    "bad_signature": "wrongly signed",
    "delay": "late",
}


class ConsolePage:
    """Renders the console, with a message when a form was refused."""

    def __init__(self, sandboxes: Mapping[str, Sandbox]) -> None:
        self._sandboxes = sandboxes

    async def show(self, request: Request) -> Response:
        return self.render(request)

    def render(self, request: Request, problem: str | None = None, status: int = 200) -> Response:
        context = {
            "root": request.scope.get("root_path", "").rstrip("/"),
            "problem": problem,
            "modes": [(mode, MODE_WORDS[mode]) for mode in MODES],
            "do_words": DO_WORDS,
            "providers": [
                {
                    "name": name,
                    "title": sandbox.title,
                    "can": sandbox.can,
                    "webhooks": sandbox.webhooks,
                    "webhook_url": sandbox.settings.webhook_url(name),
                    "payments": sandbox.payments()[:_SHOWN],
                    "faults": [fault.public() for fault in sandbox.faults.waiting()],
                    "log": _shown(sandbox),
                }
                for name, sandbox in self._sandboxes.items()
            ],
        }
        return page("console.html", context, status=status)


def _shown(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The newest exchanges first, without the pages' own reads: an open popup looks every second or two."""
    prefix = f"/{sandbox.name}"
    entries = (
        entry.public()
        for entry in reversed(sandbox.log.entries())
        if entry.direction == "out"
        or sandbox.surface_of(entry.path.partition(prefix)[2].partition("?")[0]) != "pages"
    )
    return list(islice(entries, _SHOWN))
