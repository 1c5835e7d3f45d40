"""(h) From an event in the provider's component to the event in the store's page, over the server and the provider."""

from __future__ import annotations

from playwright.sync_api import Page

from bench.figures import Figure, Sample
from bench.lab import Lab
from bench.pages import PYTHON, fresh, marked

TITLE = "From an event of the component to the store's event"
ROUNDS = 20

# What the provider's part says when the component calls `onApprove`.
_SAYS = """(id) => {
  const at = performance.timeOrigin + performance.now();
  checkout.say("approved", { id });
  return at;
}"""
# The first looks at the provider, which the page itself causes, are over by then.
_SETTLED_MS = 500


def run(lab: Lab, rounds: int) -> list[Figure]:
    once(lab)  # does not count
    return [
        Figure(
            key="h",
            title=TITLE,
            unit="ms",
            ours=Sample("approved until checkout:status says succeeded", [once(lab) for _ in range(rounds)]),
        )
    ]


def once(lab: Lab) -> float:
    url, session = lab.framed("inline")
    with fresh(lab, PYTHON) as page:
        with page.expect_response("**/events"):
            page.goto(url)
        (frame,) = page.main_frame.child_frames
        marked(frame, "python-live")
        page.wait_for_timeout(_SETTLED_MS)
        lab.pay(session, "drop")  # nobody but the component tells of it
        said = float(frame.evaluate(_SAYS, session["provider_ref"]))
        return _heard(page) - said


def _heard(page: Page) -> float:
    """When the store heard that it is paid: wall time in milliseconds."""
    for _ in range(500):
        for status, at in page.evaluate("heard"):
            if status == "succeeded":
                return float(at)
        page.wait_for_timeout(20)
    raise RuntimeError("the store heard nothing within ten seconds")
