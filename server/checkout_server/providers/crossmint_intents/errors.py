"""The provider's error bodies in our words.

Documented for orders of the same API: `{"error": true, "message"}`; seen as well: a text under `error`, `{"code", "message"}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_UNSAID = "Crossmint refused the request."
_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
_ANY_SERVER_KEY = re.compile(r"sk_[A-Za-z0-9_-]+", re.ASCII)
_MAX_DETAIL = 200


def error_reader(secret_key: str) -> Callable[[Any], tuple[str, str | None, str]]:
    """Reads an error body into `(code, param, message)`; the key is struck out wherever the provider repeats it."""

    def scrubbed(text: str) -> str:
        return _ANY_SERVER_KEY.sub("[key]", text.replace(secret_key, "[key]"))

    def read(body: Any) -> tuple[str, str | None, str]:
        if not isinstance(body, dict):
            return "refused", None, _UNSAID
        said = [value for value in (body.get("message"), body.get("error")) if isinstance(value, str)]
        detail = next((value for value in said if value.strip()), None)
        code = body.get("code")
        code = code if isinstance(code, str) and _WORD.fullmatch(scrubbed(code)) else "refused"
        if detail is None:
            return code, None, _UNSAID
        # Cut after scrubbing: half a key would no longer be recognised as one.
        return code, None, f"{_UNSAID} It says: {_printable(scrubbed(detail))[:_MAX_DETAIL]}"

    return read


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()
