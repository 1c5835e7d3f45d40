from __future__ import annotations

from pathlib import Path

import pytest

from checkout_server.pages import Pages
from tests.pages.samples import fake_engines
from tests.pages.samples import pages as make_pages


@pytest.fixture
def engines(tmp_path: Path) -> Path:
    return fake_engines(tmp_path / "engines")


@pytest.fixture
def pages(engines: Path) -> Pages:
    return make_pages(engines)
