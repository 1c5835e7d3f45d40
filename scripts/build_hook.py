"""Holds a build back until the browser engines are there: a wheel without them would look whole and not be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("static", "vendor")


class EnginesMissing(RuntimeError):
    """Says what is missing and which command makes it."""


def check(root: Path) -> None:
    """Raises `EnginesMissing` unless every file of `static/vendor/manifest.json` is there, whole."""
    vendor = root / VENDOR
    try:
        manifest = json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _missing(f"{VENDOR / 'manifest.json'} does not exist") from None
    for engine in manifest["engines"]:
        for file in engine["files"]:
            path = vendor / engine["folder"] / file["path"]
            if not path.is_file() or path.stat().st_size != file["size"]:
                raise _missing(f"{path.relative_to(root)} is missing or incomplete")


def _missing(why: str) -> EnginesMissing:
    return EnginesMissing(
        f"The browser engines were not built: {why}.\n"
        "Run first: npm ci && node scripts/engines/build.mjs (or: make build)"
    )


class EnginesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before the wheel and the sdist; an editable install may come before the engines."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            check(Path(self.root))
