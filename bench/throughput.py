"""(d) Requests per second of the page and of its status, against a bare Starlette response: one process each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from bench.figures import Figure, Sample
from bench.lab import ROOT, Lab
from bench.turns import in_turn

TITLE = "Requests per second"
ROUNDS = 5
REQUESTS = 600
CONNECTIONS = 8


def run(lab: Lab, rounds: int) -> list[Figure]:
    url = lab.session()["url"]
    taken = in_turn(
        rounds, page=_asks(url), status=_asks(f"{url}/status"), bare=_asks(f"{lab.bare}/plain", times=4)
    )
    baseline = Sample("Starlette answering two bytes", taken["bare"])
    return [
        Figure(
            key=f"d.{key}",
            title=f"{TITLE}: {title}",
            unit="requests/s",
            ours=Sample("one process, SQLite", taken[key]),
            baseline=baseline,
            detail={"requests": REQUESTS, "connections": CONNECTIONS},
        )
        for key, title in (("page", "the checkout page"), ("status", "its status"))
    ]


def _asks(url: str, *, times: int = 1) -> Callable[[], float]:
    """A quick server is asked `times` as often, so that each turn lasts about as long."""
    count = REQUESTS * times
    command = [sys.executable, "-m", "bench.load", url, str(count), str(CONNECTIONS)]

    def once() -> float:
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return count / float(done.stdout)

    return once
