"""What can be an order's id."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)


def is_id(value: Any) -> TypeGuard[str]:
    """Whether a value can stand in a path without changing which path it is."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
