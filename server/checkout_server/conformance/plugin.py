"""`pytest --pyargs checkout_server.conformance --provider mine`: the option, and nothing for other runs of pytest."""

from __future__ import annotations

from typing import Any

_SUITE = "checkout_server.conformance"


def pytest_load_initial_conftests(parser: Any, args: list[str]) -> None:
    """Only where the suite is asked for: installed, this module is loaded by every pytest of the environment."""
    if any(arg == _SUITE or arg.startswith(f"{_SUITE}::") for arg in args):
        parser.addoption(
            "--provider",
            action="append",
            default=[],
            metavar="NAME",
            help="check this provider (may be given several times; all of them by default)",
        )
