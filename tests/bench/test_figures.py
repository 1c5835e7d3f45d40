"""The arithmetic of the figures, on samples whose medians and ratios are known."""

from __future__ import annotations

import pytest

from bench.figures import Aim, Figure, Sample
from bench.report import lines, report
from bench.turns import in_turn


def figure(ours: list[float], bare: list[float] | None, aim: Aim | None) -> Figure:
    baseline = Sample("bare", bare) if bare else None
    return Figure("a", "A thing", "ms", Sample("ours", ours), baseline, aim)


def test_the_ratio_is_that_of_the_medians() -> None:
    made = figure([10, 12, 50], [10, 10, 40], Aim("ratio", 1.2))
    assert made.ratio == 1.2
    assert made.met is True
    assert made.ratio_spread == pytest.approx((1.1, 1.225))


@pytest.mark.parametrize(
    ("aim", "met"),
    [
        (Aim("median", 20), True),
        (Aim("median", 19.9), False),
        (Aim("p95", 38), True),
        (Aim("p95", 37), False),
        (None, None),
    ],
)
def test_an_aim_is_the_most_that_may_be(aim: Aim | None, met: bool | None) -> None:
    assert figure([0, 10, 20, 30, 40], None, aim).met is met


def test_rounds_take_turns_and_the_first_does_not_count() -> None:
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return len(order)

    taken = in_turn(2, ours=lambda: measure("ours"), bare=lambda: measure("bare"))
    assert order == ["ours", "bare", "ours", "bare", "bare", "ours"]
    assert taken == {"ours": [3, 6], "bare": [4, 5]}


def test_a_line_names_its_aim_and_its_verdict() -> None:
    text = lines(report([figure([10], [5], Aim("ratio", 1.1))], None))
    assert "10.0 ms" in text
    assert "ratio ≤ 1.1" in text
    assert text.endswith("no")
