from __future__ import annotations

import pytest

from tests.providers.crypto_com.support import Wire


@pytest.fixture
def wire() -> Wire:
    return Wire()
