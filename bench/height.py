"""(g) Height changes per second that the store's page follows, and its longest frame meanwhile."""

from __future__ import annotations

from typing import Any

from bench.figures import Aim, Figure, Sample
from bench.lab import Lab
from bench.pages import PYTHON, fresh, marked

TITLE = "Height changes per second"
ROUNDS = 5
SECONDS = 2

# In our page: another height with every animation frame.
_JUMPS = """(seconds) => new Promise((done) => {
  let frames = 0;
  const more = document.body.appendChild(document.createElement("div"));
  const end = performance.now() + seconds * 1000;
  const jump = () => {
    if (performance.now() > end) return done(frames / seconds);
    more.style.height = `${(++frames % 20) * 8}px`;
    requestAnimationFrame(jump);
  };
  requestAnimationFrame(jump);
})"""
# In the store's page: each frame in which the checkout has another height, and how long frames take.
_FOLLOWS = """() => {
  const seen = (window.seen = { changes: 0, gaps: [] });
  const frame = document.querySelector("checkout-embed iframe");
  let height = frame.offsetHeight, last;
  const look = (now) => {
    if (last) seen.gaps.push(now - last);
    last = now;
    if (frame.offsetHeight != height) seen.changes++;
    height = frame.offsetHeight;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
_JANK_MS = 50


def run(lab: Lab, rounds: int) -> list[Figure]:
    once(lab)  # does not count
    taken = [once(lab) for _ in range(rounds)]
    long = [sum(gap > _JANK_MS for gap in each["gaps"]) for each in taken]
    return [
        Figure(
            key="g",
            title=TITLE,
            unit="changes/s",
            ours=Sample("followed by the store's page", [each["changes"] / SECONDS for each in taken]),
            baseline=Sample("made in the frame, one each animation frame", [each["made"] for each in taken]),
        ),
        Figure(
            key="g.jank",
            title=f"{TITLE}: the longest frame of the store's page meanwhile",
            unit="ms",
            ours=Sample("from one animation frame to the next", [max(each["gaps"]) for each in taken]),
            aim=Aim("median", _JANK_MS),
            detail={"seconds": SECONDS, "frames_over_50_ms": long},
        ),
    ]


def once(lab: Lab) -> dict[str, Any]:
    """`made` a second in the frame; the `changes` that the store's page saw and the `gaps` (ms) between its frames."""
    url, _ = lab.framed("inline")
    with fresh(lab, PYTHON) as page:
        page.goto(url)
        (frame,) = page.main_frame.child_frames
        marked(frame, "python-live")
        page.evaluate(_FOLLOWS)
        made = frame.evaluate(_JUMPS, SECONDS)
        return {"made": float(made), **page.evaluate("seen")}
