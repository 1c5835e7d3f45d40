"""Names for things: sortable by time, readable in logs; and tokens that nobody can guess."""

from __future__ import annotations

import secrets
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, lower case: no i, l, o, u to misread


def new_id(prefix: str, now: datetime) -> str:
    """`cs_…`: 48 bits of milliseconds, then 64 of chance, so that ids sort in the order of creation."""
    number = (int(now.timestamp() * 1000) << 64) | secrets.randbits(64)
    digits = []
    for _ in range(23):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(digits))}"


def new_token() -> str:
    """The only thing in a shopper's URL: 192 bits."""
    return secrets.token_urlsafe(24)
