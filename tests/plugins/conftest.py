"""Packages that are installed for one test: files on the path, with an entry point."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from checkout_server import plugins, providers, templating

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """`install("toy", {"__init__.py": …})` puts a package `checkout_toy` on the path; answers with its folder."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)

    def installed(name: str, files: Mapping[str, str], *, entry: str | None = None) -> Path:
        package = tmp_path / f"checkout_{name}"
        about = tmp_path / f"checkout_{name}-1.dist-info"
        entry_point = f"[{plugins.GROUP}]\n{name} = {entry or package.name}\n"
        told = {"METADATA": f"Metadata-Version: 2.1\nName: checkout-{name}\nVersion: 1\n"}
        told["entry_points.txt"] = entry_point
        for file, text in [(about / key, value) for key, value in told.items()] + [
            (package / key, value) for key, value in files.items()
        ]:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        _forget()
        return package

    yield installed
    _forget()
    for name in set(sys.modules) - before:
        if name.partition(".")[0].startswith("checkout_") and name.partition(".")[0] not in (
            "checkout_server",
            "checkout_ui",
        ):
            del sys.modules[name]


def _forget() -> None:
    """What a process finds once and keeps."""
    for kept in (plugins.packages, providers.discover, templating.environment, templating._wants):
        kept.cache_clear()
