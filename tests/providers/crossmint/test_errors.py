from __future__ import annotations

from typing import Any

import pytest

from checkout_server.providers.base import OutcomeUnknown, ProviderError, RateLimited, Refused, Unreachable
from checkout_server.providers.crossmint.errors import error_reader
from tests.providers.crossmint.support import ORDER_ID, SERVER_KEY, Wire, attempt


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"error": True, "message": "Bad locator"}, "refused", "It says: Bad locator"),
        ({"error": "Bad locator"}, "refused", "It says: Bad locator"),
        ({"code": "invalid_locator", "message": "Bad locator"}, "invalid_locator", "It says: Bad locator"),
        ({"code": 5, "message": ["x"]}, "refused", "refused the request."),
        ({"message": "two\nlines"}, "refused", "It says: two lines"),
        ([], "refused", "refused the request."),
        (None, "refused", "refused the request."),
    ],
)
def test_each_shape_of_an_error(body: Any, code: str, said: str):
    found, param, message = error_reader(SERVER_KEY)(body)
    assert (found, param) == (code, None)
    assert message.endswith(said)


def test_a_repeated_key_is_struck_out():
    body = {
        "code": "sk_staging_x",
        "message": f"key {SERVER_KEY} and sk_production_other are wrong" + "x" * 500,
    }
    code, _, message = error_reader(SERVER_KEY)(body)
    assert code == "refused"
    assert "sk_" not in message
    assert len(message) < 300


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422])
async def test_a_refusal(wire: Wire, status: int):
    wire.answers({"error": True, "message": "No."}, status=status)
    with pytest.raises(Refused, match="No"):
        await wire.provider().create(attempt())


async def test_a_gateways_page_says_only_its_status(wire: Wire):
    wire.answers(b"<html>forbidden</html>", status=403)
    with pytest.raises(Refused, match="answered 403") as caught:
        await wire.provider().fetch(ORDER_ID)
    assert "html" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [(500, Unreachable, OutcomeUnknown), (503, Unreachable, OutcomeUnknown), (429, RateLimited, RateLimited)],
)
async def test_bad_days(wire: Wire, status: int, read: type[ProviderError], write: type[ProviderError]):
    wire.answers(b"<h1>Something went wrong</h1>", status=status)
    with pytest.raises(read):
        await wire.provider().fetch(ORDER_ID)
    with pytest.raises(write):
        await wire.provider().create(attempt())
