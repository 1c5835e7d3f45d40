"""A token bucket for each shopper's link: a page may nudge often, a script may not."""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime

from checkout_server.errors import TooMany

_REMEMBERED = 10_000


class Limiter:
    """`burst` at once, `per_second` after that. In memory: each process has its own, and forgets the oldest."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def check(self, key: str, now: datetime) -> None:
        """Raises `TooMany` with the seconds to wait."""
        left, at = self._buckets.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - at).total_seconds() * self._per_second)
        if left < 1:
            self._buckets[key] = (left, now)
            wait = math.ceil((1 - left) / self._per_second)
            raise TooMany("too_many", "Too many requests; slow down.", retry_after=wait)
        self._buckets[key] = (left - 1, now)
        while len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)


class Every:
    """True at most once in `seconds` for each key: for what is worth doing, but not at every request."""

    def __init__(self, seconds: float) -> None:
        self._limiter = Limiter(burst=1, per_second=1 / seconds)

    def __call__(self, key: str, now: datetime) -> bool:
        try:
            self._limiter.check(key, now)
        except TooMany:
            return False
        return True
