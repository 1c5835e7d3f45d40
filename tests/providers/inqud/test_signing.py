from __future__ import annotations

import hashlib
import hmac

import httpx

from tests.providers.inqud.support import CHECKOUT_ID, SECRET, TOKEN_ID, Wire, attempt, fixed


def signature_of(request: httpx.Request) -> str:
    salted = request.content + request.headers["x-salt"].encode()
    return hmac.new(SECRET.encode(), salted, hashlib.sha256).hexdigest()


async def test_a_signed_create_signs_its_raw_body_and_salt(wire: Wire):
    wire.answers(fixed())
    await wire.provider(auth="signed").create(attempt())
    assert wire.sent.headers["x-token-api-id"] == TOKEN_ID
    assert wire.sent.headers["x-hmac-sha256-signature"] == signature_of(wire.sent)
    assert wire.sent.content


async def test_a_signed_read_signs_the_salt_alone(wire: Wire):
    wire.answers(fixed())
    await wire.provider(auth="signed").fetch(CHECKOUT_ID)
    salt = wire.sent.headers["x-salt"].encode()
    expected = hmac.new(SECRET.encode(), salt, hashlib.sha256).hexdigest()
    assert wire.sent.headers["x-hmac-sha256-signature"] == expected


async def test_each_request_has_a_salt_of_its_own(wire: Wire):
    wire.answers(fixed())
    provider = wire.provider(auth="signed")
    for _ in range(20):
        await provider.fetch(CHECKOUT_ID)
    assert len({request.headers["x-salt"] for request in wire.requests}) == 20


async def test_a_secret_that_signs_does_not_travel(wire: Wire):
    wire.answers(fixed())
    provider = wire.provider(auth="signed")
    await provider.create(attempt())
    await provider.fetch(CHECKOUT_ID)
    for request in wire.requests:
        assert SECRET not in f"{request.url} {request.headers.raw!r} {request.content!r}"
        assert "x-token-api-secret" not in request.headers
