"""(e) From a webhook's arrival to the change of an open page."""

from __future__ import annotations

from datetime import datetime

from playwright.sync_api import Page

from bench.figures import Aim, Figure, Sample
from bench.lab import Lab
from bench.pages import PYTHON, fresh, reached

TITLE = "From a webhook to the changed page"
ROUNDS = 20

# Wall time in milliseconds of each panel that was shown; the sandbox's log has the same clock.
_PANELS = """window.panels = [];
new MutationObserver(() => {
  const panel = document.getElementById("checkout")?.dataset.panel;
  if (panel && panel !== panels.at(-1)?.[0]) panels.push([panel, performance.timeOrigin + performance.now()]);
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-panel"] });"""
# The first looks at the provider, which the page itself causes, are over by then.
_SETTLED_MS = 500


def run(lab: Lab, rounds: int) -> list[Figure]:
    once(lab)  # does not count
    return [
        Figure(
            key="e",
            title=TITLE,
            unit="ms",
            ours=Sample("sent by the provider until shown, over SSE", [once(lab) for _ in range(rounds)]),
            aim=Aim("p95", 250),
        )
    ]


def once(lab: Lab) -> float:
    session = lab.session()
    with fresh(lab, PYTHON, _PANELS) as page:
        with page.expect_response("**/events"):
            reached(page, session["url"], "python-live")
        page.wait_for_timeout(_SETTLED_MS)
        known = len(lab.sent())
        lab.pay(session)
        shown = _change(page)
    # The moment before it is sent: what the network takes is counted as ours.
    sent = datetime.fromisoformat(lab.sent()[known]["at"]).timestamp() * 1000
    return shown - sent


def _change(page: Page) -> float:
    """When the page first showed another panel than the one it began with."""
    for _ in range(500):
        panels = page.evaluate("panels")
        if len(panels) > 1:
            return float(panels[1][1])
        page.wait_for_timeout(20)
    raise RuntimeError("the page did not change within ten seconds")
