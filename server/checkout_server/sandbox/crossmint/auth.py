"""Who calls: `X-API-KEY`, with a client key also `Authorization: <clientSecret>` for reads and updates."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from checkout_server.sandbox.crossmint.errors import ApiError
from checkout_server.sandbox.crossmint.records import Order
from checkout_server.sandbox.crossmint.settings import CrossmintSettings


@dataclass(frozen=True, slots=True)
class Caller:
    """`server` may do everything; the other one shows an order's secret for each order."""

    server: bool
    secret: str

    def may(self, order: Order) -> bool:
        return self.server or hmac.compare_digest(self.secret.encode(), order.client_secret.encode())


class Authenticator:
    def __init__(self, settings: CrossmintSettings) -> None:
        self._client_key = settings.client_key
        self._server_key = settings.secret_key

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Raises `ApiError` 401 for anyone else."""
        key = headers.get("x-api-key", "")
        if key not in (self._client_key, self._server_key):
            raise ApiError(401, "Invalid API key provided")
        return Caller(key == self._server_key, headers.get("authorization", ""))

    def is_client_key(self, key: str) -> bool:
        return key == self._client_key
