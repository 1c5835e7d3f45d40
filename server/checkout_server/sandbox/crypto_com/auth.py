"""Who calls: Basic with the key as user name and no password, or Bearer."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from checkout_server.sandbox.crypto_com.errors import unauthorized
from checkout_server.sandbox.crypto_com.settings import CryptoComSettings


@dataclass(frozen=True, slots=True)
class Caller:
    """`secret` may do everything, a publishable key may only create payments."""

    live: bool
    secret: bool


class Authenticator:
    def __init__(self, settings: CryptoComSettings) -> None:
        self._keys = {
            settings.publishable_key: Caller(live=False, secret=False),
            settings.secret_key: Caller(live=False, secret=True),
            settings.live_publishable_key: Caller(live=True, secret=False),
            settings.live_secret_key: Caller(live=True, secret=True),
        }

    def caller(self, authorization: str, *, secret: bool = True) -> Caller:
        """The caller behind an `Authorization` header; `ApiError` 401 for anyone else."""
        caller = self._keys.get(_key(authorization))
        if caller is None:
            raise unauthorized("No valid API key provided.")
        if secret and not caller.secret:
            raise unauthorized("A publishable key cannot do this; use the secret key.")
        return caller


def _key(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    # The document's "-u KEY:": without the colon it is not Basic, and there is no password.
    return user if colon and not password else ""
