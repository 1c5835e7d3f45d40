"""What was measured: samples of ours and of a baseline, taken in turn, and the aim that they are held to."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Sample:
    """One quantity, measured once a round. `values` are in the order of the rounds."""

    what: str
    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def p95(self) -> float:
        return _cut(self.values, 95)

    @property
    def spread(self) -> tuple[float, float]:
        """The middle half: 25th and 75th percentile."""
        return _cut(self.values, 25), _cut(self.values, 75)

    def public(self) -> dict[str, Any]:
        low, high = self.spread
        return {
            "what": self.what,
            "median": round(self.median, 3),
            "p25": round(low, 3),
            "p75": round(high, 3),
            "p95": round(self.p95, 3),
            "rounds": len(self.values),
            "values": [round(value, 3) for value in self.values],
        }


@dataclass(frozen=True, slots=True)
class Aim:
    """The most that `of` may be."""

    of: Literal["ratio", "median", "p95"]
    at_most: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. `unit` is that of the samples: "ms", "kB", "requests/s" or "changes/s"."""

    key: str  # "a", "c.pyodide": the part before the dot is the benchmark's
    title: str
    unit: str
    ours: Sample
    baseline: Sample | None = None
    aim: Aim | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Ours to the baseline, by medians."""
        return self.ours.median / self.baseline.median if self.baseline else None

    @property
    def ratio_spread(self) -> tuple[float, float] | None:
        """The middle half of the ratios of each round: both sides of a round saw the same machine."""
        if self.baseline is None:
            return None
        pairs = zip(self.ours.values, self.baseline.values, strict=True)
        ratios = [ours / bare for ours, bare in pairs]
        return _cut(ratios, 25), _cut(ratios, 75)

    @property
    def met(self) -> bool | None:
        if self.aim is None:
            return None
        reached = {"ratio": self.ratio, "median": self.ours.median, "p95": self.ours.p95}[self.aim.of]
        return reached is not None and reached <= self.aim.at_most

    def public(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "title": self.title,
            "unit": self.unit,
            "ours": self.ours.public(),
            "baseline": self.baseline and self.baseline.public(),
            "ratio": self.ratio and round(self.ratio, 3),
            "ratio_spread": self.ratio_spread and [round(side, 3) for side in self.ratio_spread],
            "aim": self.aim and {"of": self.aim.of, "at_most": self.aim.at_most},
            "met": self.met,
            "detail": self.detail,
        }


def _cut(values: list[float], percent: int) -> float:
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]
