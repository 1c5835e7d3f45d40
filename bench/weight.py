"""(b) Bytes that arrive before the provider's button is on screen, without the provider's own script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from bench.figures import Aim, Figure, Sample
from bench.lab import Lab
from bench.pages import BUTTON, devtools, fresh, reached

TITLE = "Bytes before the provider's button is on screen"
ROUNDS = 3


@dataclass(slots=True)
class File:
    """One request. `before` counts what had come when the button was painted, `total` what came in the end; with headers."""

    url: str
    encoding: str = ""
    before: int = 0
    total: int = 0

    def public(self, role: str) -> dict[str, Any]:
        parts = urlsplit(self.url)
        # A token is nothing to write into a file.
        path = "/checkout/…" if parts.path.startswith("/checkout/") else parts.path
        return {
            "path": path,
            "role": role,
            "encoding": self.encoding,
            "before": self.before,
            "total": self.total,
        }


class Traffic:
    """Listens to the network events of a page; their clock is the browser's own, tied to the wall's by the first request."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._offset: float | None = None
        self._files: dict[str, File] = {}
        self._arrived: list[tuple[str, float, int]] = []
        session = devtools(page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.dataReceived", lambda e: self._came(e, e["encodedDataLength"]))
        session.on("Network.loadingFinished", self._finished)

    def _asked(self, event: dict[str, Any]) -> None:
        if self._offset is None:
            self._offset = event["wallTime"] - event["timestamp"]
        self._files[event["requestId"]] = File(event["request"]["url"])

    def _answered(self, event: dict[str, Any]) -> None:
        response, file = event["response"], self._files[event["requestId"]]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        file.encoding = headers.get("content-encoding", "")
        self._came(event, response["encodedDataLength"])

    def _came(self, event: dict[str, Any], size: int) -> None:
        self._arrived.append((event["requestId"], event["timestamp"], size))
        self._files[event["requestId"]].total += size

    def _finished(self, event: dict[str, Any]) -> None:
        """The whole length; what the events before did not say came at the end."""
        missing = event["encodedDataLength"] - self._files[event["requestId"]].total
        self._came(event, int(missing))

    def until(self, milliseconds: float) -> list[File]:
        """`milliseconds` since the navigation began."""
        self._page.wait_for_timeout(300)  # for the events of what was under way
        if self._offset is None:
            raise RuntimeError("no request was seen")
        limit = self._page.evaluate("performance.timeOrigin") / 1000 + milliseconds / 1000 - self._offset
        for request, when, size in self._arrived:
            if when <= limit:
                self._files[request].before += size
        return list(self._files.values())


def role_of(url: str, origin: str, assets: dict[str, str]) -> str:
    """`provider`, `python` (arrives beside the button, delays nothing), or `needed`."""
    if not url.startswith(origin):
        return "provider"
    early = [origin + assets[name] for name in ("boot", "glue", "engine") if name in assets]
    events = url.endswith(("/events", "/status"))
    return "python" if events or any(url.startswith(start) for start in early) else "needed"


def weigh(lab: Lab, url: str) -> list[dict[str, Any]]:
    with fresh(lab, BUTTON) as page:
        traffic = Traffic(page)
        files = traffic.until(reached(page, url, "button"))
        data = page.locator("#checkout-data")
        assets = json.loads(data.text_content() or "{}")["assets"] if data.count() else {}
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return [file.public(role_of(file.url, origin, assets)) for file in files]


def total(files: list[dict[str, Any]], *roles: str) -> float:
    return sum(int(file["before"]) for file in files if file["role"] in roles) / 1000


def run(lab: Lab, rounds: int) -> list[Figure]:
    session = lab.session()
    ours = [weigh(lab, session["url"]) for _ in range(rounds)]
    bare = [weigh(lab, lab.bare_page(session)) for _ in range(rounds)]
    baseline = Sample("bare HTML", [total(files, "needed") for files in bare])
    return [
        Figure(
            key="b",
            title=f"{TITLE}: what it needs (HTML, CSS, bridge, the provider's part)",
            unit="kB",
            ours=Sample("as transferred, with headers", [total(files, "needed") for files in ours]),
            baseline=baseline,
            aim=Aim("median", 30),
            detail={"files": ours[-1]},
        ),
        Figure(
            key="b.all",
            title=f"{TITLE}: all that had come, Python's early start included",
            unit="kB",
            ours=Sample("as transferred, with headers", [total(files, "needed", "python") for files in ours]),
            baseline=baseline,
        ),
    ]
