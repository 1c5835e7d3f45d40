"""Who we are, said in one of the two ways that Inqud takes: the token's secret itself, or a signature made with it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Generator

import httpx

from checkout_server.providers.inqud.settings import InqudSettings


class TokenAuth(httpx.Auth):
    """`X-Token-API-Id` and `X-Token-API-Secret`."""

    def __init__(self, token_id: str, secret: str) -> None:
        self._id = token_id
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Token-API-Id"] = self._id
        request.headers["X-Token-API-Secret"] = self._secret
        yield request


class SignedAuth(httpx.Auth):
    """`X-HMAC-SHA256-Signature`: hex HMAC-SHA256 over the raw body followed by `X-Salt`; a GET signs an empty body."""

    requires_request_body = True

    def __init__(self, token_id: str, secret: str, salt: Callable[[], str] | None = None) -> None:
        self._id = token_id
        self._secret = secret.encode()
        self._salt = salt or (lambda: secrets.token_hex(16))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        salt = self._salt()
        signature = hmac.new(self._secret, request.content + salt.encode(), hashlib.sha256)
        request.headers["X-Token-API-Id"] = self._id
        request.headers["X-Salt"] = salt
        request.headers["X-HMAC-SHA256-Signature"] = signature.hexdigest()
        yield request


def auth_of(settings: InqudSettings) -> httpx.Auth:
    kind = SignedAuth if settings.auth == "signed" else TokenAuth
    return kind(settings.token_id, settings.token_secret.get_secret_value())
