"""Who calls: `Bearer` with the dashboard's key or with a token of the login pair. And how often."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from checkout_server.sandbox.cryptopay.errors import ApiError, unauthorized
from checkout_server.sandbox.cryptopay.settings import CryptoPaySettings

ACCESS = timedelta(hours=24)
REFRESH = timedelta(days=30)
_PER_HOUR = 1000


class Authenticator:
    def __init__(self, settings: CryptoPaySettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._access: dict[str, datetime] = {}
        self._refresh: dict[str, datetime] = {}

    def login(self, username: object, password: object) -> dict[str, str]:
        if (username, password) != (self._settings.username, self._settings.password):
            raise unauthorized("No active account found with the given credentials.")
        return self._issue()

    def renew(self, refresh: object) -> dict[str, str]:
        """Each refresh token is good for one renewal."""
        ends = self._refresh.pop(refresh, None) if isinstance(refresh, str) else None
        if ends is None or self._now() >= ends:
            raise unauthorized("Token is invalid or expired.")
        return self._issue()

    def check(self, authorization: str) -> None:
        """Raises `ApiError` 401 unless the caller is known."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise unauthorized()
        ends = self._access.get(token)
        if token != self._settings.api_key and (ends is None or self._now() >= ends):
            raise unauthorized("Given token not valid for any token type.")

    def _issue(self) -> dict[str, str]:
        access, refresh = (f"eyJ{secrets.token_urlsafe(24)}.{secrets.token_urlsafe(12)}" for _ in range(2))
        self._access[access] = self._now() + ACCESS
        self._refresh[refresh] = self._now() + REFRESH
        return {"access": access, "refresh": refresh}


class Meter:
    """Requests in this hour. With a limit it turns away what is more; the headers tell in any case."""

    def __init__(self, limit: int | None, now: Callable[[], datetime]) -> None:
        self._limit = limit
        self._now = now
        self._hour: datetime | None = None
        self._used = 0

    def count(self) -> None:
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._used = hour, 0
        self._used += 1
        if self._limit is not None and self._used > self._limit:
            raise ApiError(429, "RATE_LIMITED", "Request was throttled.")

    def headers(self) -> Mapping[str, str]:
        limit = self._limit or _PER_HOUR
        end = (self._hour or self._now()) + timedelta(hours=1)
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - self._used)),
            "X-RateLimit-Reset": str(int(end.timestamp())),
        }
