"""The figures as JSON, as lines for a terminal, and as a table of docs/bench.md, which is written from the JSON alone."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure

_BEGIN, _END = "<!-- bench:begin -->", "<!-- bench:end -->"
_VERDICT = {True: "yes", False: "no", None: ""}


def report(figures: list[Figure], chromium: str | None) -> dict[str, Any]:
    """One run. Nothing in it names the machine or its owner."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.system(),
            "python": platform.python_version(),
            "chromium": chromium,
        },
        "figures": [figure.public() for figure in figures],
    }


def save(body: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", "utf-8")


def lines(body: dict[str, Any]) -> str:
    """For a terminal: each figure beside its baseline and its aim."""
    rows = [_cells(figure) for figure in body["figures"]]
    widths = [max(len(row[column]) for row in [_HEAD, *rows]) for column in range(len(_HEAD))]
    texts = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in [_HEAD, *rows]
    ]
    return "\n".join(text.rstrip() for text in texts)


def table(body: dict[str, Any]) -> str:
    """Markdown."""
    machine = body["machine"]
    about = (
        f"Measured on {body['at'][:10]}: {machine['cores']} cores, {machine['system']}, "
        f"Python {machine['python']}, Chromium {machine['chromium'] or 'not used'}."
    )
    rows = [_HEAD, ["---"] * len(_HEAD), *(_cells(figure) for figure in body["figures"])]
    return "\n".join([about, "", *(f"| {' | '.join(row)} |" for row in rows)])


def write_docs(body: dict[str, Any], path: Path) -> None:
    """Replaces what stands between the two marks. Raises ValueError where a mark is missing."""
    before, begin, rest = path.read_text("utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{path.name} has no marks for the table")
    path.write_text(f"{before}{begin}\n{table(body)}\n{end}{after}", "utf-8")


_HEAD = ["", "what", "ours", "middle half", "p95", "baseline", "ratio", "aim", "met"]


def _cells(figure: dict[str, Any]) -> list[str]:
    ours, base, unit = figure["ours"], figure["baseline"], figure["unit"]
    ratio = (
        "" if figure["ratio"] is None else f"{figure['ratio']:.2f} ({_span(figure['ratio_spread'], '.2f')})"
    )
    return [
        figure["key"],
        figure["title"],
        f"{ours['median']:.1f} {unit}",
        _span([ours["p25"], ours["p75"]], ".1f"),
        f"{ours['p95']:.1f}",
        f"{base['median']:.1f} {unit}" if base else "",
        ratio,
        _aim(figure["aim"], unit),
        _VERDICT[figure["met"]],
    ]


def _span(sides: list[float], form: str) -> str:
    return f"{sides[0]:{form}}–{sides[1]:{form}}"


def _aim(aim: dict[str, Any] | None, unit: str) -> str:
    if aim is None:
        return ""
    return f"{aim['of']} ≤ {aim['at_most']:g}" + ("" if aim["of"] == "ratio" else f" {unit}")
