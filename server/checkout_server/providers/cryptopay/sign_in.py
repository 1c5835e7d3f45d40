"""How requests are authorized: a key that stays, or tokens that are fetched with a password and renewed when they end.

`POST api/auth/login` and `POST api/auth/token/refresh/` answer `{access, refresh}`; access lives for 24 hours, refresh for
30 days (`providers/cryptopay.md`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, TypeGuard

import httpx

from checkout_server.providers.base import OutcomeUnknown, Refused, Unreachable
from checkout_server.providers.http import ApiClient

LOGIN = "api/auth/login"
REFRESH = "api/auth/token/refresh/"


class Key(httpx.Auth):
    """The dashboard's API key."""

    def __init__(self, key: str) -> None:
        self._header = f"Bearer {key}"

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = self._header
        yield request


class SignIn(httpx.Auth):
    """The login pair. A request that meets 401 is sent once more with a new token: it was not carried out.

    Raises `Unreachable` when signing in does not work now, and `Refused` when the pair is not accepted.
    """

    def __init__(self, api: ApiClient, username: str, password: str) -> None:
        self._api = api  # without authorization of its own
        self._pair = {"username": username, "password": password}
        self._access: str | None = None
        self._refresh: str | None = None
        self._one = asyncio.Lock()  # many requests may find at once that the token has ended

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = self._access or await self._renewed(None)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            request.headers["Authorization"] = f"Bearer {await self._renewed(token)}"
            yield request

    async def _renewed(self, ended: str | None) -> str:
        """A token other than the one that has ended: perhaps another request has fetched it meanwhile."""
        async with self._one:
            if self._access is None or self._access == ended:
                self._access, self._refresh = await self._fetched()
            return self._access

    async def _fetched(self) -> tuple[str, str | None]:
        if self._refresh is not None:
            try:
                return _tokens(await self._post(REFRESH, {"refresh": self._refresh}))
            except Refused:
                self._refresh = None  # it has ended, too: from the beginning
        try:
            return _tokens(await self._post(LOGIN, self._pair))
        except Refused as error:
            raise Refused(
                f"CryptoPay did not accept user name and password: the merchant's configuration is wrong. {error}",
                code="login_refused",
            ) from None

    async def _post(self, path: str, body: dict[str, str]) -> Any:
        try:
            return await self._api.post(path, json_body=body)
        except OutcomeUnknown as error:
            # Signing in twice does no harm, and what it was for has not been sent.
            raise Unreachable(str(error), code=error.code, retry_after=error.retry_after) from error


def _tokens(body: Any) -> tuple[str, str | None]:
    """`{access, refresh}`, bare or within the envelope of the other answers."""
    if isinstance(body, dict) and isinstance(body.get("data"), dict):
        body = body["data"]
    access = body.get("access") if isinstance(body, dict) else None
    refresh = body.get("refresh") if isinstance(body, dict) else None
    if not _is_token(access):
        raise Unreachable("CryptoPay answered a sign-in with something that holds no token.", code="nonsense")
    return access, refresh if _is_token(refresh) else None


def _is_token(value: Any) -> TypeGuard[str]:
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isprintable()
        and bool(value)
        and " " not in value
    )
