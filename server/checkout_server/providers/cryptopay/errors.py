"""The provider's errors in our words: `{"success": false, "error": {"code", "message", "details": {field: […]}}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

# Every code of the document and of `providers/cryptopay.md`, as a sentence that says who must act, and the field of
# the provider's request that it is about. They are for logs and for merchants.
ERROR_CODES: dict[str, tuple[str, str | None]] = {
    "INVALID_AMOUNT": ("CryptoPay does not take this amount.", "amount"),
    "UNSUPPORTED_CURRENCY": ("CryptoPay does not take this token on this network.", "currency"),
    "INVALID_BLOCKCHAIN": ("CryptoPay does not know this network.", "blockchain"),
    "WALLET_NOT_CONFIGURED": (
        "The merchant has no wallet for this network at CryptoPay: add one in its dashboard.",
        "blockchain",
    ),
    "DUPLICATE_NONCE": ("CryptoPay has met this order's number before.", "nonce"),
    "INVALID_ORDER_INFO": ("CryptoPay could not read order_info as JSON.", "order_info"),
    "VALIDATION_ERROR": ("CryptoPay did not accept the request.", None),
}
_UNSAID = "CryptoPay refused the request."

_WORD = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}", re.ASCII)
_TOKEN = re.compile(r"eyJ[\w-]+(?:\.[\w-]+){1,2}", re.ASCII)  # what a login answers, and most API keys
_MAX_DETAIL = 200

Reading = tuple[str, str | None, str]


def error_reader(secrets: Iterable[str]) -> Callable[[Any], Reading]:
    """Reads an error body into `(code, param, message)`; secrets are struck out wherever the provider repeats one."""
    known = [secret for secret in secrets if secret]

    def scrubbed(text: str) -> str:
        for secret in known:
            text = text.replace(secret, "[secret]")
        return _TOKEN.sub("[secret]", text)

    def word(value: Any) -> str | None:
        return (
            value if isinstance(value, str) and scrubbed(value) == value and _WORD.fullmatch(value) else None
        )

    def read(body: Any) -> Reading:
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict):
            return "refused", None, _UNSAID
        code = word(error.get("code"))
        message, param = ERROR_CODES.get(code or "", (_UNSAID, None))
        field, why = _detail(error.get("details"))
        said = why or error.get("message")
        if isinstance(said, str) and said.strip():
            # Cut after scrubbing: half a secret would no longer be recognised as one.
            message += f" It says: {_printable(scrubbed(said))[:_MAX_DETAIL]}"
        return code or "refused", param or word(field), message

    return read


def _detail(details: Any) -> tuple[str | None, str | None]:
    """The first field that is complained about, and the first complaint."""
    if not isinstance(details, dict) or not details:
        return None, None
    field, said = next(iter(details.items()))
    first = said[0] if isinstance(said, list) and said else said
    return field, first if isinstance(first, str) else None


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()
