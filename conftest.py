"""How the tests are shared out among processes (`pytest -n 2`, which `make test` does)."""

from __future__ import annotations

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

from e2e import ladder

# More would not be faster: each has browsers and a PostgreSQL server of its own.
_MOST = 8


class ByFile(LoadScopeScheduling):
    """A file's tests stay together, for they share servers and browsers; WebKitGTK runs in one process only."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        return f"{file.partition('/')[0]} in WebKitGTK" if "webkit" in test else file


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the process that hears how every test ended
        config.pluginmanager.register(ladder.Table(config.rootpath / "docs" / "ladder.md"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    # In the order below, and not by the number of tests, which says nothing about their time.
    config.option.loadscopereorder = False
    return ByFile(config, log)  # type: ignore[arg-type]  # of a kind that xdist does not export


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than processors (threads count): tests of browsers wait much."""
    return min(_MOST, (os.cpu_count() or 1) + 1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first, so that at the end no process waits long for another."""
    long = {
        item.path for item in items if item.get_closest_marker("browser") or item.get_closest_marker("slow")
    }
    items.sort(key=lambda item: item.path not in long)
