from __future__ import annotations

import pytest

from tests.providers.inqud.support import Wire


@pytest.fixture
def wire() -> Wire:
    return Wire()
