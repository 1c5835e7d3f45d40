"""Request bodies: form-encoded as documented, with nested `metadata[key]`, or JSON as seen in the wild."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from checkout_server.money import FIAT, exponent_of
from checkout_server.sandbox.crypto_com.errors import ApiError, invalid, missing

# Nobody prices in more than 10**18 CRO; a longer number is a mistake.
_MAX_UNITS = 10**36
_ZERO_DECIMAL = {"CLP", "JPY", "KRW"}
# Fiat counts in hundredths here unless listed as zero-decimal, whatever ISO 4217 says; CRO counts in 10**-18.
CURRENCIES = frozenset({code for code in FIAT if exponent_of(code) == 2} | _ZERO_DECIMAL | {"CRO"})
_URL = re.compile(r"[\x21-\x7e]+")


class Params:
    """The parameters of a request, read one at a time; `ApiError` 400 names the one that is wrong."""

    def __init__(self, values: dict[str, Any], *, form: bool) -> None:
        self._values = values
        self._form = form

    @classmethod
    async def read(cls, request: Request) -> Params:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        is_json = kind == "application/json"
        raw = await request.body()
        try:
            values = json.loads(raw) if is_json else _form(raw.decode("utf-8"))
        except (ValueError, RecursionError):
            raise ApiError(400, "body_invalid", "The body cannot be read.") from None
        if not isinstance(values, dict):
            raise ApiError(400, "body_invalid", "The body is an object.")
        return cls(values, form=not is_json)

    def integer(self, name: str, *, least: int) -> int:
        value = self._required(name)
        if self._form and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,60}", value, re.ASCII):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise invalid(name, f"{name} is an integer in the smallest currency unit.")
        if not least <= value <= _MAX_UNITS:
            raise invalid(name, f"{name} is at least {least}.")
        return value

    def currency(self, name: str) -> str:
        value = self._required(name)
        if value not in CURRENCIES:
            raise invalid(name, f"{name} is a supported currency code in uppercase.")
        return str(value)

    def string(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise invalid(name, f"{name} is a string.")
        return value

    def url(self, name: str) -> str | None:
        value = self.text(name)
        if not value:
            return None
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if not _URL.fullmatch(value) or parts.scheme not in ("http", "https") or not parts.netloc:
            raise invalid(name, f"{name} is an absolute http or https URL.")
        return value

    def timestamp(self, name: str) -> int | None:
        return None if self._values.get(name) in (None, "") else self.integer(name, least=0)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._values.get(name, default)
        if self._form and value in ("true", "false"):
            return bool(value == "true")
        if not isinstance(value, bool):
            raise invalid(name, f"{name} is true or false.")
        return value

    def hash(self, name: str) -> dict[str, Any] | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, dict):
            raise invalid(name, f"{name} is a set of key-value pairs.")
        return value

    def _required(self, name: str) -> Any:
        value = self._values.get(name)
        if value is None or value == "":
            raise missing(name)
        return value


def _form(text: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True, errors="strict"):
        nested = re.fullmatch(r"(\w+)\[([^\[\]]+)\]", key)
        if nested is None:
            values[key] = value
            continue
        inner = values.setdefault(nested[1], {})
        if not isinstance(inner, dict):
            raise invalid(nested[1], f"{nested[1]} is given twice, in two shapes.")
        inner[nested[2]] = value
    return values
