"""What a project may ask in a minute: 360 reads and 120 writes, then 429 (`providers/crossmint.md`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from checkout_server.sandbox.crossmint.errors import ApiError

READS, WRITES = 360, 120
_MINUTE = timedelta(minutes=1)


class Limits:
    """Reads and writes are counted apart, over the minute that has just passed."""

    reads = READS
    writes = WRITES

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._seen: dict[bool, list[datetime]] = {True: [], False: []}

    def take(self, method: str) -> None:
        """Counts one request. Raises `ApiError` 429 when it is one too many."""
        now, reads = self._now(), method == "GET"
        recent = [at for at in self._seen[reads] if at > now - _MINUTE]
        self._seen[reads] = recent
        if len(recent) >= (self.reads if reads else self.writes):
            raise ApiError(429, "Too many requests")
        recent.append(now)
