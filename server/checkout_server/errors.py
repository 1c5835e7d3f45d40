"""The errors of our own API, all of one shape: `{"error": {type, code, message, param?, request_id}}`.

    CheckoutError
    ├── BadRequest        400   the request cannot be read
    ├── Unauthorized      401   no key, or a wrong one
    ├── NotFound          404   no such object, or not for this key
    ├── Conflict          409   not now, or not with this provider
    ├── TooLarge          413   the body
    ├── InvalidField      422   a field; `param` is its path
    ├── TooMany           429   come back after `retry_after` seconds
    ├── ProviderFailed    502   the provider refused
    └── Busy              503   we cannot take it now; nothing was lost

`type` says who must act: `request`, `key`, `provider` or `server`. `message` is safe to show.
"""

from __future__ import annotations

from typing import ClassVar


class CheckoutError(Exception):
    """Base of all of them; `code` is stable, `message` is for people."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "server"

    def __init__(
        self, code: str, message: str, *, param: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param
        self.retry_after = retry_after


class BadRequest(CheckoutError):
    status = 400
    type = "request"


class Unauthorized(CheckoutError):
    status = 401
    type = "key"


class NotFound(CheckoutError):
    status = 404
    type = "request"


class Conflict(CheckoutError):
    status = 409
    type = "request"


class TooLarge(CheckoutError):
    status = 413
    type = "request"


class InvalidField(CheckoutError):
    status = 422
    type = "request"


class TooMany(CheckoutError):
    status = 429
    type = "request"


class ProviderFailed(CheckoutError):
    status = 502
    type = "provider"


class Busy(CheckoutError):
    status = 503
    type = "server"
