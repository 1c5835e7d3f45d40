"""The ladder: every home of the checkout on every rung, and the table of it that a whole run writes into docs/."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

Home = Literal["page", "inline", "modal", "webview"]
Rung = Literal["micropython", "pyodide", "pyscript", "no_engine", "no_push", "no_storage", "no_script"]
Way = Literal["window", "provider", "elsewhere"]

PROPERTY = "ladder"  # under which a test says which cell it is

HOMES: dict[Home, str] = {"page": "page", "inline": "inline", "modal": "modal", "webview": "WebView"}
# What stands on each rung, and what brings the news there.
RUNGS: dict[Rung, tuple[str, str]] = {
    "micropython": ("MicroPython", "push"),
    "pyodide": ("Pyodide", "push"),
    "pyscript": ("PyScript", "push"),
    "no_push": ("push blocked", "polling"),
    "no_engine": ("engine blocked", "the bridge polls"),
    "no_storage": ("cookies and storage blocked", "push"),
    "no_script": ("JavaScript off", "pages that load again"),
}
WAYS: dict[Way, str] = {
    "window": "paid in the provider's window",
    "provider": "paid on the provider's page",
    "elsewhere": "paid from a wallet elsewhere",
}
# Everybody is paid in each way, and the shorter way is taken where it does not matter.
_PLAN: dict[Rung, tuple[Way, Way, Way, Way]] = {
    "micropython": ("window", "window", "window", "provider"),
    "pyodide": ("elsewhere", "elsewhere", "elsewhere", "elsewhere"),
    "pyscript": ("provider", "elsewhere", "window", "elsewhere"),
    "no_push": ("window", "window", "window", "elsewhere"),
    "no_engine": ("window", "window", "window", "elsewhere"),
    "no_storage": ("provider", "window", "window", "provider"),
    "no_script": ("provider", "provider", "provider", "provider"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One journey: a session opened in `home`, with what `rung` leaves of the page, and paid by `way`."""

    home: Home
    rung: Rung
    way: Way

    @property
    def key(self) -> str:
        return f"{self.home}-{self.rung}"

    @property
    def engine(self) -> str:
        """The Python that the server gives; where the rung is not about that, the default."""
        return self.rung if self.rung in ("pyodide", "pyscript") else "micropython"

    @property
    def script(self) -> bool:
        return self.rung != "no_script"

    @property
    def python(self) -> bool:
        """Whether Python comes to run on the page."""
        return self.rung not in ("no_engine", "no_script")

    @property
    def text(self) -> str:
        framed = self.home in ("inline", "modal")
        link = "the link leads to the page; " if framed and not self.script else ""
        return f"{link}{WAYS[self.way]}; {RUNGS[self.rung][1]}"


CELLS = [
    Cell(home, rung, way)
    for rung, ways in _PLAN.items()
    for home, way in zip(HOMES, ways, strict=True)
]  # fmt: skip

_PAGE = """# The ladder

The page is payable before Python, without Python and without JavaScript: each rung is one step plainer than the one before, and each
is tested in each home that the checkout has. This table is written by the tests (`e2e/test_ladder.py`), whenever all of its journeys
were run together; a journey that did not end as it should is written down as **failed**.

{table}

Every cell is one journey in Chromium, with Crypto.com Pay's sandbox, under the policy that is served in production. It ends when the
page says *Paid*, the API says `succeeded`, the store's books say paid by a verified webhook, no cookie was set, and storage is empty.
A cell says how it was paid, and by what the page hears of it; the page that a shopper comes back to has looked before it is there.

| home | |
|---|---|
| page | `/checkout/…`, in a tab |
| inline | `<checkout-embed>` in a store's page that has a strict policy of its own |
| modal | a link with `data-checkout` in such a page, and the dialog that it opens |
| WebView | `?view=webview` under an Android profile, with the app's `CheckoutHost`, and a `return_url` of the app's own scheme |

| rung | |
|---|---|
| MicroPython, Pyodide, PyScript | nothing is missing, but polling is refused, so that only the push can tell; MicroPython is the default, and the rungs below are its |
| push blocked | the server refuses `/events` |
| engine blocked | the server refuses everything under `/static/vendor/` |
| cookies and storage blocked | by the browser's settings: to everybody where the checkout is a page or in a WebView, to third parties where a store of another site frames it |
| JavaScript off | in the whole browser; a store's page shows the plain link of its snippet, which leads to the page |

WebKitGTK's WebView has its own journeys (`e2e/test_webview.py`), and so has what happens between the rungs: an engine that comes late, a
push that a proxy holds back, a component that does not load.
"""


def render(failed: frozenset[str] = frozenset()) -> str:
    """docs/ladder.md, after a run of all cells in which those of the keys `failed` did. The same for the same, always."""
    known = {cell.key: cell for cell in CELLS}
    lines = [f"| | {' | '.join(HOMES.values())} |", "|---" * (len(HOMES) + 1) + "|"]
    for rung, (title, _) in RUNGS.items():
        keys = [f"{home}-{rung}" for home in HOMES]
        texts = ["**failed**" if key in failed else known[key].text for key in keys]
        lines.append(f"| {title} | {' | '.join(texts)} |")
    return _PAGE.format(table="\n".join(lines))


class Table:
    """A plugin of the process that hears how every test ended: in a run of all cells, it writes what became of them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ended: set[str] = set()
        self._failed: set[str] = set()
        self._skipped: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of a test's setup, its call and its teardown, in which the shopper's watch has its say."""
        for key in (str(value) for name, value in report.user_properties if name == PROPERTY):
            if report.failed:
                self._failed.add(key)
            elif report.skipped:
                self._skipped.add(key)
            if report.when == "teardown":
                self._ended.add(key)

    def pytest_sessionfinish(self) -> None:
        if self._ended - self._skipped == {cell.key for cell in CELLS}:
            self._path.write_text(render(frozenset(self._failed)), "utf-8")
