"""The provider's error bodies in our words.

`{"error": true, "message"}`, `{"error": "…"}` or `{"code", "message"}`; a gateway answers HTML, which never gets here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_UNSAID = "Crossmint refused the request."
_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
_ANY_SERVER_KEY = re.compile(r"sk_[A-Za-z0-9_.-]+", re.ASCII)
_MAX_DETAIL = 200


def error_reader(secret_key: str) -> Callable[[Any], tuple[str, str | None, str]]:
    """Reads an error body into `(code, None, message)`; keys are struck out wherever the provider repeats them."""

    def scrubbed(text: str) -> str:
        return _ANY_SERVER_KEY.sub("[key]", text.replace(secret_key, "[key]"))

    def read(body: Any) -> tuple[str, str | None, str]:
        if not isinstance(body, dict):
            return "refused", None, _UNSAID
        said = [
            scrubbed(value) for value in (body.get("message"), body.get("error")) if isinstance(value, str)
        ]
        code = body.get("code")
        known = isinstance(code, str) and _WORD.fullmatch(code) is not None and scrubbed(code) == code
        # Cut after scrubbing: half a key would no longer be recognised as one.
        detail = printable(said[0])[:_MAX_DETAIL] if said else ""
        message = f"{_UNSAID} It says: {detail}" if detail else _UNSAID
        return str(code) if known else "refused", None, message

    return read


def printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()
