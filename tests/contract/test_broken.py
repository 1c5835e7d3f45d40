"""A suite that a broken adapter passes proves nothing: each of these has to turn a case red."""

from __future__ import annotations

from typing import Any

import pytest

from checkout_server.conformance.case import Broken
from checkout_server.conformance.profile import profiles
from checkout_server.conformance.table import CASES, run
from checkout_server.providers.base import Provider
from checkout_server.providers.crypto_com import CryptoCom
from tests.contract.broken import NOTICED


@pytest.mark.parametrize("adapter", NOTICED, ids=lambda adapter: adapter.__name__)
def test_it_is_noticed(adapter: type[Provider[Any]]) -> None:
    with pytest.raises(Broken):
        run(CASES[NOTICED[adapter]], profiles()[adapter.name], provider=adapter)


def test_a_whole_one_in_the_same_place_is_not() -> None:
    class Whole(CryptoCom):
        pass

    run(CASES["tampering.an_unknown_status"], profiles()["crypto_com"], provider=Whole)
