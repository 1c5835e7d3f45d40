from __future__ import annotations

import base64
import traceback

import httpx
import pytest

from checkout_server.providers.base import (
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    Unreachable,
)
from checkout_server.providers.crypto_com.errors import ERROR_TYPES, error_reader
from tests.providers.crypto_com.support import KEY, PAYMENT_ID, Wire, attempt

# "One of authentication_error, invalid_request_error, or rate_limit_error", says the document.
DOCUMENTED = {"authentication_error", "invalid_request_error", "rate_limit_error"}


def test_every_documented_type_is_in_the_table():
    assert set(ERROR_TYPES) == DOCUMENTED


@pytest.mark.parametrize("kind", sorted(DOCUMENTED))
def test_each_type_has_its_own_sentence(kind: str):
    code, param, message = error_reader(KEY)({"error": {"type": kind}})
    assert (code, param, message) == (kind, None, ERROR_TYPES[kind])


async def test_a_refused_key_is_for_the_merchant_to_correct(wire: Wire):
    wire.answers({"error": {"type": "authentication_error", "code": "api_key_invalid"}}, status=401)
    with pytest.raises(Refused, match="configuration") as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "api_key_invalid"


@pytest.mark.parametrize("status", [400, 402, 409, 422])
async def test_a_refusal_keeps_the_providers_words(wire: Wire, status: int):
    error = {
        "type": "invalid_request_error",
        "code": "parameter_invalid",
        "param": "metadata[order_id]",
        "error_message": "Too long.",
    }
    wire.answers({"error": error}, status=status)
    with pytest.raises(Refused, match=r"did not accept the request.*Too long\.") as caught:
        await wire.provider().create(attempt())
    assert (caught.value.code, caught.value.param) == ("parameter_invalid", "metadata[order_id]")


async def test_what_does_not_exist(wire: Wire):
    wire.answers(
        {"error": {"type": "invalid_request_error", "code": "resource_missing", "param": "id"}}, status=404
    )
    with pytest.raises(NotFound) as caught:
        await wire.provider().fetch(PAYMENT_ID)
    assert (caught.value.code, caught.value.param) == ("resource_missing", "id")


@pytest.mark.parametrize(
    "error",
    [
        None,
        "no",
        [],
        {},
        {"error": None},
        {"error": "no"},
        {"error": {"type": 7, "code": [], "param": {}, "error_message": 5}},
        {"error": {"type": "brand_new_error", "code": "two words", "error_message": "\ud800\n"}},
    ],
)
async def test_an_error_of_any_shape_is_a_refusal(wire: Wire, error: object):
    wire.answers(error, status=400)
    with pytest.raises(Refused) as caught:
        await wire.provider().create(attempt())
    assert str(caught.value).isprintable()
    assert caught.value.code in ("refused", "brand_new_error")


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30.0), ("999999", 3600.0), ("soon", None), (None, None)]
)
async def test_slow_down(wire: Wire, header: str | None, seconds: float | None):
    headers = {} if header is None else {"Retry-After": header}
    wire.answers({"error": {"type": "rate_limit_error"}}, status=429, headers=headers)
    for call in (wire.provider().fetch(PAYMENT_ID), wire.provider().create(attempt())):
        with pytest.raises(RateLimited) as caught:
            await call
        assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [500, 502, 503, 504, 302, 408])
async def test_their_trouble(wire: Wire, status: int):
    wire.answers(b"<html>Bad gateway</html>", status=status)
    with pytest.raises(Unreachable):
        await wire.provider().fetch(PAYMENT_ID)
    with pytest.raises(OutcomeUnknown):
        await wire.provider().create(attempt())


@pytest.mark.parametrize("content", [b"<html>", b"", b'{"id": "fa1', b"\xff\xfe", b"[" * 100_000])
async def test_an_answer_that_is_not_json(wire: Wire, content: bytes):
    wire.answers(content)
    with pytest.raises(Unreachable):
        await wire.provider().fetch(PAYMENT_ID)
    with pytest.raises(OutcomeUnknown):
        await wire.provider().create(attempt())


@pytest.mark.parametrize(
    ("failure", "of_a_write"),
    [
        (httpx.ConnectError("refused"), Unreachable),
        (httpx.ConnectTimeout("slow"), Unreachable),
        (httpx.ReadTimeout("stalled"), OutcomeUnknown),
        (httpx.WriteError("broken pipe"), OutcomeUnknown),
        (httpx.RemoteProtocolError("truncated"), OutcomeUnknown),
    ],
)
async def test_a_wire_that_breaks(wire: Wire, failure: Exception, of_a_write: type[ProviderError]):
    wire.fails(failure)
    with pytest.raises(Unreachable):
        await wire.provider().fetch(PAYMENT_ID)
    with pytest.raises(of_a_write):
        await wire.provider().create(attempt())
    assert len(wire.requests) == 2  # nothing was sent again


@pytest.mark.parametrize(
    "leak", [KEY, base64.b64encode(f"{KEY}:".encode()).decode(), "sk_live_another1", "x" * 190 + KEY]
)
async def test_a_key_that_the_provider_repeats_goes_no_further(wire: Wire, leak: str):
    error = {"type": leak, "code": leak, "param": leak, "error_message": f"Invalid key: {leak}"}
    wire.answers({"error": error}, status=401)
    with pytest.raises(Refused) as caught:
        await wire.provider().fetch(PAYMENT_ID)
    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert leak not in told
    assert KEY[:12] not in told


async def test_no_failure_tells_the_key(wire: Wire):
    wire.fails(httpx.ReadTimeout("stalled"))
    with pytest.raises(OutcomeUnknown) as caught:
        await wire.provider().create(attempt())
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told
    assert base64.b64encode(f"{KEY}:".encode()).decode() not in told
