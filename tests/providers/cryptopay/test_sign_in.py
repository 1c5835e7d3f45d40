"""The login pair: a token is fetched, renewed when it ends, and fetched anew when that is no longer possible."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest

from checkout_server.providers.base import NotFound, ProviderError, RateLimited, Refused, Unreachable
from checkout_server.providers.cryptopay import CryptoPay
from tests.providers.cryptopay.support import NOW, ORDER_ID, attempt, enveloped, order, refusal, settings

PASSWORD = "p4ssw0rd-of-the-shop"
LOGIN, REFRESH = "/api/auth/login", "/api/auth/token/refresh/"


class Door:
    """A provider that hands out numbered tokens, of which only those in `valid` open. `broken` answers instead."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.valid: set[str] = set()
        self.renewable = True
        self.broken: dict[str, Callable[[], httpx.Response]] = {}
        self.enveloped = False
        self._issued = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.sleep(0)
        path = request.url.path
        if path in self.broken:
            return self.broken[path]()
        if path == LOGIN:
            right = json.loads(request.content) == {"username": "shop", "password": PASSWORD}
            return self._token() if right else _json(refusal("UNAUTHORIZED"), 401)
        if path == REFRESH:
            known = json.loads(request.content)["refresh"] == f"refresh-{self._issued}"
            return self._token() if known and self.renewable else _json(refusal("UNAUTHORIZED"), 401)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return _json(enveloped(order()), 200) if token in self.valid else _json(refusal("UNAUTHORIZED"), 401)

    def _token(self) -> httpx.Response:
        self._issued += 1
        self.valid = {f"access-{self._issued}"}
        body = {"access": f"access-{self._issued}", "refresh": f"refresh-{self._issued}"}
        return _json(enveloped(body) if self.enveloped else body, 200)

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]

    def provider(self, password: str = PASSWORD) -> CryptoPay:
        pair = settings(api_key=None, username="shop", password=password)
        return CryptoPay(pair, clock=lambda: NOW, transport=httpx.MockTransport(self))


def _json(body: object, status: int) -> httpx.Response:
    return httpx.Response(status, json=body)


ORDER = f"/api/payment-orders/{ORDER_ID}/"


@pytest.fixture
def door() -> Door:
    return Door()


async def test_a_token_is_fetched_once_and_used(door: Door):
    provider = door.provider()
    await provider.fetch(ORDER_ID)
    await provider.fetch(ORDER_ID)
    assert door.paths == [LOGIN, ORDER, ORDER]
    assert "authorization" not in door.requests[0].headers
    await provider.aclose()


@pytest.mark.parametrize("enveloped_too", [True, False])
async def test_one_that_has_ended_is_renewed_and_the_request_sent_once_more(door: Door, enveloped_too: bool):
    door.enveloped = enveloped_too
    provider = door.provider()
    await provider.fetch(ORDER_ID)
    door.valid = set()
    assert (await provider.create(attempt())).ref == ORDER_ID
    assert door.paths[2:] == ["/api/payment-orders/", REFRESH, "/api/payment-orders/"]
    assert door.requests[-1].content == door.requests[2].content


async def test_one_that_cannot_be_renewed_is_fetched_anew(door: Door):
    provider = door.provider()
    await provider.fetch(ORDER_ID)
    door.valid, door.renewable = set(), False
    await provider.fetch(ORDER_ID)
    assert door.paths[2:] == [ORDER, REFRESH, LOGIN, ORDER]


async def test_many_at_once_renew_it_once(door: Door):
    provider = door.provider()
    await asyncio.gather(*(provider.fetch(ORDER_ID) for _ in range(5)))
    assert door.paths.count(LOGIN) == 1
    door.valid = set()
    await asyncio.gather(*(provider.fetch(ORDER_ID) for _ in range(5)))
    assert door.paths.count(REFRESH) == 1


async def test_a_new_token_that_opens_nothing_is_not_asked_for_again(door: Door):
    provider = door.provider()
    door.broken[ORDER] = lambda: _json(refusal("UNAUTHORIZED"), 401)
    with pytest.raises(Refused):
        await provider.fetch(ORDER_ID)
    assert door.paths == [LOGIN, ORDER, REFRESH, ORDER]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_wrong_pair_is_for_the_merchant_to_correct(door: Door, status: int):
    door.broken[LOGIN] = lambda: _json(refusal("UNAUTHORIZED"), status)
    for call in (door.provider().fetch(ORDER_ID), door.provider().create(attempt())):
        with pytest.raises(Refused, match="configuration") as caught:
            await call
        assert caught.value.code == "login_refused"
        assert not isinstance(caught.value, NotFound)
        assert PASSWORD not in str(caught.value)
    assert door.paths == [LOGIN, LOGIN]


def _no_answer() -> httpx.Response:
    raise httpx.ReadTimeout("x")


def _no_line() -> httpx.Response:
    raise httpx.ConnectError("x")


@pytest.mark.parametrize(
    "broken",
    [
        lambda: httpx.Response(503),
        lambda: httpx.Response(200, content=b"<h1>Hello</h1>"),
        lambda: httpx.Response(200, json={}),
        lambda: httpx.Response(200, json={"access": ""}),
        lambda: httpx.Response(200, json={"access": "a\nb"}),
        lambda: httpx.Response(200, json={"data": {"access": 7}}),
        lambda: httpx.Response(200, json=[]),
        _no_answer,
        _no_line,
    ],
)
async def test_while_nobody_can_sign_in_nothing_is_sent_and_it_may_be_tried_again(
    door: Door, broken: Callable[[], httpx.Response]
):
    door.broken[LOGIN] = broken
    provider = door.provider()
    with pytest.raises(Unreachable):
        await provider.create(attempt())
    assert door.paths == [LOGIN]
    door.broken.clear()
    assert (await provider.create(attempt())).ref == ORDER_ID


async def test_slowing_down_at_the_door(door: Door):
    door.broken[LOGIN] = lambda: httpx.Response(429, headers={"retry-after": "9"})
    with pytest.raises(RateLimited) as caught:
        await door.provider().fetch(ORDER_ID)
    assert caught.value.retry_after == 9


async def test_tokens_are_in_no_error(door: Door):
    provider = door.provider()
    await provider.fetch(ORDER_ID)
    door.broken[ORDER] = lambda: _json({"error": {"code": "X", "message": "password " + PASSWORD}}, 400)
    with pytest.raises(ProviderError) as caught:
        await provider.fetch(ORDER_ID)
    assert PASSWORD not in str(caught.value)
