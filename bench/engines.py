"""(c) Time until Python is live, each engine against the least code that starts it."""

from __future__ import annotations

from collections.abc import Callable

from bench.figures import Aim, Figure, Sample
from bench.lab import Lab
from bench.pages import PYTHON, fresh, reached
from bench.turns import in_turn

TITLE = "Until Python is live"
ROUNDS = 10
# Engine of the page, the engine it is held against, and the most their ratio may be.
PAIRS = (
    ("micropython", "micropython", Aim("ratio", 1.3)),
    ("pyodide", "pyodide", Aim("ratio", 0.5)),
    ("pyscript", "micropython", None),
)
_BARE = {"micropython": "loadMicroPython", "pyodide": "loadPyodide, stock"}


def run(lab: Lab, rounds: int) -> list[Figure]:
    def live(url: str) -> Callable[[], float]:
        def once() -> float:
            with fresh(lab, PYTHON) as page:
                return reached(page, url, "python-live")

        return once

    figures = []
    for engine, against, aim in PAIRS:
        ours = lab.session(engine)["url"]
        taken = in_turn(rounds, ours=live(ours), bare=live(f"{lab.bare}/engine/{against}"))
        figures.append(
            Figure(
                key=f"c.{engine}",
                title=f"{TITLE}: {engine}",
                unit="ms",
                ours=Sample("the checkout page's glue attached, cold", taken["ours"]),
                baseline=Sample(f"{_BARE[against]} and one handler, cold", taken["bare"]),
                aim=aim,
            )
        )
    return figures
