"""One test for each case and provider. Run it with `pytest --pyargs checkout_server.conformance -rs`."""

from __future__ import annotations

from typing import Any
from unittest import SkipTest

from checkout_server.conformance.case import Broken
from checkout_server.conformance.profile import profiles
from checkout_server.conformance.table import CASES, cases_for, run
from checkout_server.providers import discover


def pytest_generate_tests(metafunc: Any) -> None:
    """Each provider with each case; a module that says `THEME` has those of one theme."""
    found, known = discover(), profiles()
    chosen = metafunc.config.getoption("--provider", default=[]) or sorted(found)
    if "name" in metafunc.fixturenames:
        theme = getattr(metafunc.module, "THEME", "")
        pairs = [
            (provider, name)
            for provider in chosen
            if provider in found and provider in known
            for name in cases_for(found[provider], known[provider])
            if name.startswith(theme)
        ]
        metafunc.parametrize(("provider", "name"), pairs, ids=[f"{p}-{n}" for p, n in pairs])
    elif "provider" in metafunc.fixturenames:
        metafunc.parametrize("provider", chosen)


def test_it_is_known(provider: str) -> None:
    """Every provider has an adapter and a profile: none is left out because nobody wrote one."""
    if provider not in discover():
        raise Broken(f"no adapter is called {provider}; found: {sorted(discover())}")
    if provider not in profiles():
        raise Broken(f"no profile is for {provider}: see docs/conformance.md")


def test_case(provider: str, name: str) -> None:
    case = CASES[name]
    reason = case.skipped(discover()[provider])
    if reason is not None:
        raise SkipTest(f"{name}: {reason}")
    run(case, profiles()[provider])
