"""Providers from outside: an installed package brings the files that ours have, found by being there.

It names itself by an entry point of the group `checkout_ui.providers` (`toy = "checkout_toy"`); `docs/providers.md` is
the guide.

    checkout_toy/__init__.py                     PROVIDER, the adapter
    checkout_toy/sandbox.py                      SANDBOX, its stand-in
    checkout_toy/account.py                      settings(url): the demo's account at that sandbox
    checkout_toy/profile.py                      PROFILE, what the conformance suite has to know
    checkout_toy/templates/providers/toy.html    its part of the page
    checkout_toy/static/providers/toy.js, .css   the script that mounts its component, and its rules
    checkout_toy/browser/toy.py                  reads what its component says, in the shopper's browser
"""

from __future__ import annotations

import importlib
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

GROUP = "checkout_ui.providers"


@cache
def packages() -> tuple[ModuleType, ...]:
    """The packages of providers that are installed beside ours, by name of their entry points.

    Raises `RuntimeError` for an entry point that names anything else, and `ImportError` for what cannot be imported.
    """
    found = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        module = entry.load()
        if not hasattr(module, "__path__") or not hasattr(module, "PROVIDER"):
            raise RuntimeError(
                f"entry point {entry.name!r} of {GROUP} is {entry.value!r}: no package with PROVIDER"
            )
        found.append(module)
    return tuple(dict.fromkeys(found))


def part(package: ModuleType, name: str) -> ModuleType | None:
    """The submodule of that name, such as `sandbox`; None where the package has none."""
    full = f"{package.__name__}.{name}"
    return importlib.import_module(full) if find_spec(full) is not None else None


def folders(name: str) -> list[Path]:
    """The folders of that name, such as `templates`, within the packages that have one."""
    places = (Path(next(iter(package.__path__))) / name for package in packages())
    return [place for place in places if place.is_dir()]


def readers() -> dict[str, str]:
    """Python for the browser by provider: the source of each package's `browser/<provider>.py`.

    Raises `ValueError` where two packages have one for the same provider.
    """
    found: dict[str, str] = {}
    for file in (file for folder in folders("browser") for file in sorted(folder.glob("*.py"))):
        if file.stem in found:
            raise ValueError(f"{file}: there is a reader of this name already")
        if file.stem != "__init__":
            found[file.stem] = file.read_text(encoding="utf-8")
    return found
