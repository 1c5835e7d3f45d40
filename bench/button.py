"""(a) Time until the provider's button is on screen, against a bare page with the provider's snippet."""

from __future__ import annotations

from collections.abc import Callable

from bench.figures import Aim, Figure, Sample
from bench.lab import Lab
from bench.pages import BUTTON, fresh, reached, slow_down
from bench.turns import in_turn

TITLE = "Until the provider's button is on screen"
ROUNDS = 20
# A round trip and a rate of a phone in town: there every file counts that stands before the button.
PHONE = {"latency_ms": 70.0, "megabits": 10.0}


def run(lab: Lab, rounds: int) -> list[Figure]:
    session = lab.session()
    ours, bare = session["url"], lab.bare_page(session)

    def opens(url: str, phone: bool) -> Callable[[], float]:
        def once() -> float:
            with fresh(lab, BUTTON) as page:
                if phone:
                    slow_down(page, **PHONE)
                return reached(page, url, "button")

        return once

    figures = []
    for key, where, phone in (("a", "loopback", False), ("a.phone", "as on a phone", True)):
        taken = in_turn(rounds, ours=opens(ours, phone), bare=opens(bare, phone))
        figures.append(
            Figure(
                key=key,
                title=f"{TITLE}, {where}",
                unit="ms",
                ours=Sample("the checkout page, cold", taken["ours"]),
                baseline=Sample("bare HTML with the provider's snippet, cold", taken["bare"]),
                aim=Aim("ratio", 1.10),
                detail=dict(PHONE) if phone else {},
            )
        )
    return figures
