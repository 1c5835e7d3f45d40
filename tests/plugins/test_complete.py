"""A provider is a short list of files: whichever of them is missing is named."""

from __future__ import annotations

import pytest

from tests.plugins.conftest import Install
from tests.plugins.parts import known, missing
from tests.plugins.test_plugins import ADAPTER, READER, SANDBOX, TEMPLATE


@pytest.mark.parametrize("name", sorted(known()))
def test_nothing_is_missing(name: str) -> None:
    lacks = missing(name)
    assert not lacks, f"the provider {name} lacks\n  " + "\n  ".join(lacks)


def test_an_adapter_alone_lacks_the_rest(install: Install) -> None:
    install(
        "toy",
        {"__init__.py": ADAPTER.replace('name = "toy"', 'name = "toy"\n    capabilities = frozenset()')},
    )
    lacks = missing("toy")
    assert lacks[:5] == [
        "a sandbox: SANDBOX with this name",
        "an account at its sandbox: settings(url)",
        "a conformance profile: PROFILE of its sandbox",
        "its part of the page: templates/providers/toy.html, or a page of its own (Capability.HOSTED)",
        "a page about it: the README of its distribution",
    ]
    assert "its setting token_id in the README of its distribution" in lacks


def test_a_component_is_a_template_and_a_script(install: Install) -> None:
    package = install("toy", {"__init__.py": ADAPTER, "templates/providers/toy.html": TEMPLATE})
    assert "a script that mounts it: static/providers/toy.js" in missing("toy")
    (package / "static" / "providers").mkdir(parents=True)
    (package / "templates" / "providers" / "toy.html").rename(package / "static" / "providers" / "toy.js")
    assert "a template for its script: templates/providers/toy.html" in missing("toy")


@pytest.mark.parametrize(
    "part",
    [
        {"sandbox.py": SANDBOX.replace('"toy"', '"lost"')},
        {"browser/lost.py": READER},
        {"templates/providers/lost.html": TEMPLATE},
        {"static/providers/lost.js": ""},
    ],
    ids=lambda part: next(iter(part)),
)
def test_a_part_of_nobody_lacks_its_adapter(install: Install, part: dict[str, str]) -> None:
    install("toy", {"__init__.py": ADAPTER, **part})
    assert "lost" in known()
    assert "an adapter: PROVIDER with this name" in missing("lost")
