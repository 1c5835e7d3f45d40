from __future__ import annotations

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
from checkout_server.providers.cryptopay.errors import ERROR_CODES, error_reader
from tests.providers.cryptopay.support import KEY, ORDER_ID, Wire, attempt, refusal

# The six of the document, and the one of `providers/cryptopay.md`.
DOCUMENTED = {
    "INVALID_AMOUNT": "amount",
    "UNSUPPORTED_CURRENCY": "currency",
    "INVALID_BLOCKCHAIN": "blockchain",
    "WALLET_NOT_CONFIGURED": "blockchain",
    "DUPLICATE_NONCE": "nonce",
    "INVALID_ORDER_INFO": "order_info",
    "VALIDATION_ERROR": None,
}


def test_every_documented_code_is_in_the_table_with_a_sentence_of_its_own():
    assert {code: param for code, (_, param) in ERROR_CODES.items()} == DOCUMENTED
    assert len({sentence for sentence, _ in ERROR_CODES.values()}) == len(DOCUMENTED)


@pytest.mark.parametrize("status", [400, 403, 409, 422])
@pytest.mark.parametrize("code", sorted(DOCUMENTED))
async def test_each_is_a_refusal_that_names_its_field(wire: Wire, code: str, status: int):
    wire.answers(refusal(code, expires_at=["Must be in the future."]), status=status)
    with pytest.raises(Refused) as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == code
    assert caught.value.param == DOCUMENTED[code] or (code, caught.value.param) == (
        "VALIDATION_ERROR",
        "expires_at",
    )
    assert str(caught.value).startswith(ERROR_CODES[code][0])
    assert "Must be in the future." in str(caught.value)


async def test_a_code_to_come_is_a_refusal_too(wire: Wire):
    wire.answers(refusal("ACCOUNT_FROZEN"), status=403)
    with pytest.raises(Refused, match="As the provider puts it") as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "ACCOUNT_FROZEN"


async def test_a_refused_key_is_for_the_merchant_to_correct(wire: Wire):
    wire.answers(b"<h1>Unauthorized</h1>", status=401)
    with pytest.raises(Refused, match="check the configuration"):
        await wire.provider().create(attempt())
    assert len(wire.requests) == 1


async def test_what_does_not_exist(wire: Wire):
    wire.answers({"success": False, "error": {"code": "NOT_FOUND", "message": "Not found."}}, status=404)
    with pytest.raises(NotFound):
        await wire.provider().fetch(ORDER_ID)


@pytest.mark.parametrize("call", ["create", "fetch"])
async def test_slowing_down(wire: Wire, call: str):
    wire.answers(refusal("X"), status=429, headers={"retry-after": "7", "x-ratelimit-remaining": "0"})
    provider = wire.provider()
    with pytest.raises(RateLimited) as caught:
        await (provider.create(attempt()) if call == "create" else provider.fetch(ORDER_ID))
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("status", [301, 408, 500, 502, 503])
async def test_trouble_on_the_way(status: int):
    for call, expected in (("create", OutcomeUnknown), ("fetch", Unreachable)):
        wire = Wire()
        wire.answers(b"<h1>Oops</h1>", status=status, headers={"location": "/elsewhere"})
        provider = wire.provider()
        with pytest.raises(expected):
            await (provider.create(attempt()) if call == "create" else provider.fetch(ORDER_ID))
        assert len(wire.requests) == 1


@pytest.mark.parametrize("body", [b"{", b"\xff", b"", b"[" * 100_000])
async def test_a_body_that_is_cut(wire: Wire, body: bytes):
    wire.answers(body)
    with pytest.raises(Unreachable):
        await wire.provider().fetch(ORDER_ID)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "no",
        {"error": None},
        {"error": []},
        {"error": {"code": 7, "message": 8, "details": 9}},
        {"error": {"code": "a b", "details": {}}},
        {"error": {"code": "x" * 99, "details": {"a": []}}},
        {"error": {"details": {"a b": [None]}}},
        {"error": {"details": {"a": {"b": "c"}}}},
    ],
)
def test_any_error_body_is_read(body: object):
    code, param, message = error_reader(["secret"])(body)
    assert code == "refused"
    assert param in (None, "a")
    assert message


SECRET = "p4ssw0rd-of-the-shop"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.c2lnbmF0dXJl"


async def test_a_provider_that_repeats_secrets_tells_nobody(wire: Wire):
    said = f"Bad key {KEY}, token {TOKEN}\nand {'x' * 500}"
    wire.answers(
        {"success": False, "error": {"code": KEY, "message": said, "details": {KEY: [said]}}}, status=400
    )
    with pytest.raises(ProviderError) as caught:
        await wire.provider().create(attempt())
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    for secret in (KEY, TOKEN, TOKEN.split(".")[1]):
        assert secret not in shown
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


async def test_no_failure_holds_the_key(wire: Wire):
    for error in (httpx.ConnectError("x"), httpx.ReadTimeout("x")):
        each = Wire()
        each.fails(error)
        with pytest.raises(ProviderError) as caught:
            await each.provider().fetch(ORDER_ID)
        assert KEY not in "".join(traceback.format_exception(caught.value))
