"""The provider's error bodies in our words: `message` and/or `code` at the top level (`providers/inqud.md`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_UNSAID = "Inqud refused the request."
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_MAX_DETAIL = 200


def error_reader(secret: str) -> Callable[[Any], tuple[str, str | None, str]]:
    """Reads an error body into `(code, param, message)`; the secret is struck out wherever the provider repeats it."""

    def read(body: Any) -> tuple[str, str | None, str]:
        error = body if isinstance(body, dict) else {}
        code, said = error.get("code"), error.get("message")
        # A code may be a number; a field at fault is not documented.
        word = str(code) if isinstance(code, str | int) and not isinstance(code, bool) else ""
        word = word.replace(secret, "[secret]")
        message = _UNSAID
        if isinstance(said, str) and said.strip():
            # Cut after scrubbing: half a secret would no longer be recognised as one.
            message += f" It says: {_printable(said.replace(secret, '[secret]'))[:_MAX_DETAIL]}"
        return word if _WORD.fullmatch(word) else "refused", None, message

    return read


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()
