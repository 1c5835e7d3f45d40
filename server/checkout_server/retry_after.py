"""The header by which whoever answers asks for a pause: providers, merchants' back ends, and this server its clients."""

from __future__ import annotations

from collections.abc import Mapping


def retry_after(headers: Mapping[str, str], *, most: float) -> float | None:
    """Seconds, at most `most`. None for a date or for nonsense: then whoever waits knows best how long."""
    text = headers.get("retry-after", "")
    return min(float(text), most) if text.isascii() and text.isdigit() else None
