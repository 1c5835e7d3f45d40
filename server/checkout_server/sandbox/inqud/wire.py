"""JSON with exact numbers: what is a `Decimal` here is a JSON number outside, digit by digit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from starlette.responses import Response


def read(raw: bytes) -> Any:
    """Raises `ValueError` or `RecursionError` for what is not JSON."""
    return json.loads(raw, parse_float=Decimal, parse_constant=_no_number)


def written(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(str(key), ensure_ascii=False)}:{written(item)}" for key, item in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ",".join(written(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def raw_of(value: Any) -> bytes:
    """UTF-8 as it is, not escaped: a receiver that signs another encoding of the body finds out here."""
    return written(value).encode("utf-8", "replace")


def answer(value: Any, status: int = 200) -> Response:
    return Response(raw_of(value), status, media_type="application/json")


def plain(value: Any) -> Any:
    """The same for those whose JSON has no exact numbers: a fraction as its text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value, "f")
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
