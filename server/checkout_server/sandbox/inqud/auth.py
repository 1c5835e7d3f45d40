"""Who calls: the token with its secret, or with a signature made with it."""

from __future__ import annotations

import hashlib
import hmac

from starlette.datastructures import Headers

from checkout_server.sandbox.inqud.errors import unauthorized
from checkout_server.sandbox.inqud.settings import InqudSettings


class Authenticator:
    def __init__(self, settings: InqudSettings) -> None:
        self._id = settings.token_id
        self._secret = settings.token_secret

    def check(self, headers: Headers, raw: bytes) -> None:
        """`ApiError` 401 for anyone but the account."""
        if headers.get("x-token-api-id") != self._id:
            raise unauthorized()
        signature = headers.get("x-hmac-sha256-signature")
        if signature is not None:
            known = self.signs(raw, headers.get("x-salt", ""), signature)
        else:
            known = headers.get("x-token-api-secret") == self._secret
        if not known:
            raise unauthorized()

    def signs(self, raw: bytes, salt: str, signature: str) -> bool:
        """Hex HMAC-SHA256 over the raw body followed by the salt. A salt that is none signs nothing."""
        expected = hmac.new(self._secret.encode(), raw + salt.encode(), hashlib.sha256).hexdigest()
        return bool(salt) and hmac.compare_digest(expected.encode(), signature.encode())
