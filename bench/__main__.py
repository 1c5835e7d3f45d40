"""`python -m bench`: runs the benchmarks, prints their figures, and leaves them in artifacts/bench.json."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench import button, embed, engines, events, height, report, throughput, webhook, weight
from bench.figures import Figure
from bench.lab import ROOT, Lab

BENCHES = {
    "a": button,
    "b": weight,
    "c": engines,
    "d": throughput,
    "e": webhook,
    "f": embed,
    "g": height,
    "h": events,
}
_WITHOUT_BROWSER = {"d"}


def _options(arguments: list[str] | None) -> argparse.Namespace:
    listed = "; ".join(f"{key}: {bench.TITLE}" for key, bench in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=f"{listed}.",
        epilog="Example: python -m bench --only a,e --rounds 5",
    )
    parser.add_argument("--rounds", type=_count, help="of each benchmark, instead of what it takes by itself")
    parser.add_argument("--only", type=_keys, default=list(BENCHES), help="some of them, such as a,c")
    parser.add_argument("--json", type=Path, default=ROOT / "artifacts" / "bench.json", help="where they go")
    parser.add_argument(
        "--write-docs",
        action="store_true",
        help="writes the table of docs/bench.md from the JSON; measures nothing",
    )
    return parser.parse_args(arguments)


def _keys(text: str) -> list[str]:
    keys = text.split(",")
    if unknown := [key for key in keys if key not in BENCHES]:
        raise argparse.ArgumentTypeError(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    return keys


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    if options.write_docs:
        if not options.json.is_file():
            print(f"{options.json} is not there: run python -m bench first", file=sys.stderr)
            return 1
        report.write_docs(json.loads(options.json.read_text("utf-8")), ROOT / "docs" / "bench.md")
        return 0
    figures: list[Figure] = []
    with Lab() as lab:
        for key in options.only:
            bench = BENCHES[key]
            print(f"{key}  {bench.TITLE} …", file=sys.stderr, flush=True)
            figures += bench.run(lab, options.rounds or bench.ROUNDS)
        version = lab.browser.version if set(options.only) - _WITHOUT_BROWSER else None
    body = report.report(figures, version)
    report.save(body, options.json)
    print(report.lines(body))
    return 0


if __name__ == "__main__":
    sys.exit(main())
