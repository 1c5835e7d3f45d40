"""Ours and the baseline in turn, for a machine is never the same twice."""

from __future__ import annotations

from collections.abc import Callable


def in_turn(rounds: int, **measures: Callable[[], float]) -> dict[str, list[float]]:
    """Each measure once a round, the order turned around every other round, after one round that does not count."""
    for measure in measures.values():
        measure()
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        names = list(measures)
        for name in names if number % 2 == 0 else reversed(names):
            taken[name].append(measures[name]())
    return taken
