"""A fresh sandbox for every test."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.crossmint_intents.rig import Rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with Rig() as ready:
        yield ready
