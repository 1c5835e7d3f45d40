"""The sandbox keeps the document's promises, and each promise broken on purpose is noticed."""

import pytest

from tests.sandbox.inqud.fidelity import CHECKS, Check
from tests.sandbox.inqud.mutations import MUTATIONS
from tests.sandbox.inqud.rig import Rig


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_sandbox_is_true_to_the_document(check: Check) -> None:
    async with Rig() as rig:
        await check(rig)


@pytest.mark.parametrize("name", MUTATIONS)
async def test_a_mutation_is_noticed(name: str) -> None:
    noticed = []
    for check in CHECKS:
        async with Rig([MUTATIONS[name]]) as rig:
            try:
                await check(rig)
            except (AssertionError, KeyError, TypeError, ValueError):
                noticed.append(check.__name__)
    assert noticed
    # A sandbox that breaks everything proves nothing: a mutation is one mistake.
    assert len(noticed) < len(CHECKS) / 2
