"""When to look again without being asked: reconciliation, back-off, and the retry schedules. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from checkout_server.decide import EXPIRY_GRACE
from checkout_server.providers.base import Delivery
from checkout_server.record import Session
from checkout_ui import status as st

_SOON = timedelta(seconds=15)
_RARELY = timedelta(minutes=10)
_AFTER_THE_END = timedelta(minutes=30)
_DELIVERED_WITHIN = timedelta(days=90)
_LESS_BUSY = timedelta(seconds=1)
_LONGEST_BACK_OFF = timedelta(minutes=5)

# Standard Webhooks' recommendation: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
WEBHOOK_RETRIES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)


def next_look(session: Session, now: datetime) -> datetime | None:
    """After a fetch that worked. Often while the session is young, at its expiry, rarely until it is no longer watched."""
    if now >= session.watch_until:
        # Money that was seen is followed to its end, however long that takes; goods on their way for three months.
        on_its_way = (
            session.facts.delivery is Delivery.PENDING and now < session.watch_until + _DELIVERED_WITHIN
        )
        return now + _AFTER_THE_END if session.status == st.PROCESSING or on_its_way else None
    if session.status in (st.OPEN, st.PROCESSING):
        lapse = session.expires_at + EXPIRY_GRACE
        pause = min(max((now - session.created_at) / 4, _SOON), _RARELY)
        return min(now + pause, lapse) if now < lapse else now + pause
    return min(now + _AFTER_THE_END, session.watch_until)


def back_off(tries: int, now: datetime, retry_after: float | None = None) -> datetime:
    """After the `tries`-th failure in a row: 2, 4, 8 … seconds, at most five minutes, never before `retry_after` s."""
    pause = min(timedelta(seconds=2 ** min(tries, 10)), _LONGEST_BACK_OFF)
    return now + max(pause, timedelta(seconds=retry_after or 0))


def next_refund_look(tries: int, now: datetime, retry_after: float | None = None) -> datetime:
    """While a refund is pending: soon at first, for people wait; then every half an hour, for banks do not hurry."""
    return back_off(tries, now, retry_after) if tries <= 10 else now + _AFTER_THE_END


def when_less_busy(now: datetime) -> datetime:
    """When to ask again for a read that an account's budget refused; it leaks all the time."""
    return now + _LESS_BUSY


def next_delivery(tries: int, now: datetime, retry_after: float | None = None) -> datetime | None:
    """When the merchant's webhook is tried again after `tries` failures; None when the schedule is through."""
    if tries > len(WEBHOOK_RETRIES):
        return None
    return now + max(WEBHOOK_RETRIES[tries - 1], timedelta(seconds=retry_after or 0))
