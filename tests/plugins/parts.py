"""What belongs to a provider, and where each of it is looked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import metadata, packages_distributions
from pathlib import Path

import checkout_ui
from checkout_server import plugins
from checkout_server.assets import folder
from checkout_server.conformance.profile import profiles
from checkout_server.demo.accounts import provider_settings
from checkout_server.providers import discover
from checkout_server.providers.base import Capability
from checkout_server.sandbox import discover as sandboxes

ROOT = Path(__file__).parents[2]
# The first provider's sandbox is tested together with what all sandboxes share.
_FIRST = "crypto_com"


def known() -> set[str]:
    """Every name that any part goes by: a part of nobody has a provider that lacks the rest."""
    return set(discover()).union(
        *(found() for found in (_accounts, _stand_ins, _templates, _scripts, _readers))
    )


def missing(name: str) -> list[str]:
    """What the provider of this name lacks, in words that say where it is looked for."""
    adapter = discover().get(name)
    lacks = {
        "an adapter: PROVIDER with this name": adapter is None,
        "a sandbox: SANDBOX with this name": name not in _stand_ins(),
        "an account at its sandbox: settings(url)": name not in _accounts(),
        "a conformance profile: PROFILE of its sandbox": name not in profiles(),
        f"its part of the page: templates/providers/{name}.html, or a page of its own (Capability.HOSTED)": (
            name not in _templates() and (adapter is None or Capability.HOSTED not in adapter.capabilities)
        ),
        f"a template for its script: templates/providers/{name}.html": name in _scripts() - _templates(),
        f"a script that mounts it: static/providers/{name}.js": name in _templates() - _scripts(),
    }
    found = [what for what, is_missing in lacks.items() if is_missing]
    if adapter is not None:
        page, where = _doc_page(name)
        settings = adapter.settings_model.model_fields
        found += [] if page else [f"a page about it: {where}"]
        found += [f"its setting {each} in {where}" for each in settings if f"__{each.upper()}`" not in page]
    return found + _missing_tests(name)


def _stand_ins() -> set[str]:
    return {each.name for each in sandboxes()}


def _accounts() -> set[str]:
    return set(provider_settings("http://localhost:8001"))


def _templates() -> set[str]:
    return _files("templates", "html")


def _scripts() -> set[str]:
    return _files("static", "js")


def _files(kind: str, suffix: str) -> set[str]:
    places = [folder(kind), *plugins.folders(kind)]
    return {path.stem for place in places for path in (place / "providers").glob(f"*.{suffix}")}


def _readers() -> set[str]:
    ours = Path(str(checkout_ui.__file__)).parent / "providers"
    return ({path.stem for path in ours.glob("*.py")} - {"__init__", "base"}) | plugins.readers().keys()


def _package(name: str) -> str | None:
    """The package from outside that brings the provider; None for ours."""
    return next((each.__name__ for each in plugins.packages() if each.PROVIDER.name == name), None)


def _doc_page(name: str) -> tuple[str, str]:
    """Its text, and where that is: of a package from outside, the README that was installed with it."""
    package = _package(name)
    if package is None:
        path = ROOT / "docs" / f"{name}.md"
        return (path.read_text("utf-8") if path.is_file() else ""), f"docs/{name}.md"
    distributions = packages_distributions().get(package, [])
    texts = [str(metadata(each).json.get("description", "")) for each in distributions]
    return "\n".join(texts), "the README of its distribution"


def _missing_tests(name: str) -> list[str]:
    """Only of ours: how somebody else tests a package is their own affair, beyond the suite."""
    if _package(name) is not None:
        return []
    wanted: dict[str, Callable[[Path], bool]] = {
        f"tests/providers/{name}": _has_tests,
        f"tests/sandbox/{name}" if name != _FIRST else "tests/sandbox": _has_tests,
        f"e2e/models/{name}.py": Path.is_file,
    }
    if name in _scripts():
        wanted[f"tests/browser_python/node/{name}.test.mjs"] = Path.is_file
    return [f"tests: {place}" for place, is_there in wanted.items() if not is_there(ROOT / place)]


def _has_tests(place: Path) -> bool:
    return any(
        re.search(r"^(async )?def test_", path.read_text(), re.MULTILINE) for path in place.glob("test_*.py")
    )
