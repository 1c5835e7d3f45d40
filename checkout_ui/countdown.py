"""The time left to pay, by the server's clock.

A phone's clock may be wrong and its page may sleep. So each snapshot brings the server's `now` along with
`expires_at`, and between two snapshots only the seconds of a monotonic clock count.
"""

# What is said aloud, and how many seconds before the end.
MARKS = (("left_0", 0), ("left_1", 60), ("left_5", 300))

# Snapshots take their time to arrive and carry whole seconds; below this the display would only twitch.
SLACK_S = 1.5


def seconds(text: str) -> int:
    """Unix seconds of an RFC 3339 time in UTC, `2026-11-21T10:00:00Z` or `…+00:00`; a fraction is cut off.

    Raises ValueError for anything else. Written out because MicroPython has no datetime.
    """
    if len(text) < 20 or text[10] not in "Tt ":
        raise ValueError("not a time: " + text)
    zone = text[19:].lstrip(".0123456789")
    if zone not in ("Z", "z", "+00:00", "-00:00"):
        raise ValueError("not in UTC: " + text)
    year, month, day = int(text[0:4]), int(text[5:7]), int(text[8:10])
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    return ((_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. Counting years from March puts the leap day last."""
    if month <= 2:
        year -= 1
        month += 12
    leaps = year // 4 - year // 100 + year // 400
    return year * 365 + leaps + (153 * (month - 3) + 2) // 5 + day - 1 - 719468


def label(left: int) -> str:
    """`m:ss`, or `h:mm:ss` from an hour on; never below zero."""
    left = max(0, left)
    minutes, rest = divmod(left, 60)
    if minutes < 60:
        return "%d:%02d" % (minutes, rest)
    return "%d:%02d:%02d" % (minutes // 60, minutes % 60, rest)


def due(before: int, after: int) -> "str | None":
    """The mark that was passed between two readings; after a long sleep only the most urgent one."""
    for name, mark in MARKS:
        if after <= mark < before:
            return name
    return None


class Countdown:
    """`sync` with each snapshot, read with `left`. Times given to it are a monotonic clock's seconds."""

    def __init__(self) -> None:
        self._expires_at = None
        self._end = None  # when it ends, on the monotonic clock

    def sync(self, expires_at: "str | None", now: str, monotonic: float) -> None:
        end = None if expires_at is None else monotonic + seconds(expires_at) - seconds(now)
        if end is not None and expires_at == self._expires_at and abs(end - self._end) < SLACK_S:
            return
        self._expires_at, self._end = expires_at, end

    def left(self, monotonic: float) -> "int | None":
        """Whole seconds to the end, rounded up and never below zero; None where there is no end."""
        if self._end is None:
            return None
        rest = self._end - monotonic
        whole = int(rest)
        return max(0, whole + 1 if rest > whole else whole)
