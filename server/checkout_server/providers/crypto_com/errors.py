"""The provider's error objects in our words: `{"error": {"type", "code", "param"?, "error_message"?}}`."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

# Every type of the document, as a sentence that says who must act. It is for logs and for merchants.
ERROR_TYPES: dict[str, str] = {
    "authentication_error": (
        "Crypto.com Pay did not accept the secret key: the merchant's configuration is wrong"
        " (CHECKOUT_CRYPTO_COM__SECRET_KEY)."
    ),
    "invalid_request_error": "Crypto.com Pay did not accept the request.",
    "rate_limit_error": "Crypto.com Pay asks to slow down.",
}
_ERROR_CODES: dict[str, str] = {
    "resource_missing": "Crypto.com Pay knows no such object under this account and mode.",
}
_UNSAID = "Crypto.com Pay refused the request."

_WORD = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}", re.ASCII)
_ANY_SECRET_KEY = re.compile(r"sk_(?:test|live)_[A-Za-z0-9_-]+", re.ASCII)
_MAX_DETAIL = 200


def error_reader(secret_key: str) -> Callable[[Any], tuple[str, str | None, str]]:
    """Reads an error body into `(code, param, message)`; the key is struck out wherever the provider repeats it."""
    credentials = base64.b64encode(f"{secret_key}:".encode()).decode()

    def scrubbed(text: str) -> str:
        for secret in (secret_key, credentials):
            text = text.replace(secret, "[key]")
        return _ANY_SECRET_KEY.sub("[key]", text)

    def word(value: Any) -> str | None:
        if not isinstance(value, str):
            return None
        value = scrubbed(value)
        return value if _WORD.fullmatch(value) else None

    def read(body: Any) -> tuple[str, str | None, str]:
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict):
            return "refused", None, _UNSAID
        kind, code, param = word(error.get("type")), word(error.get("code")), word(error.get("param"))
        message = _ERROR_CODES.get(code or "") or ERROR_TYPES.get(kind or "", _UNSAID)
        detail = error.get("error_message")
        if isinstance(detail, str) and detail.strip():
            # Cut after scrubbing: half a key would no longer be recognised as one.
            message += f" It says: {_printable(scrubbed(detail))[:_MAX_DETAIL]}"
        return code or kind or "refused", param, message

    return read


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()
