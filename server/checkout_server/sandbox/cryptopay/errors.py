"""The provider's error object, and the statuses it answers with. Of the statuses the document says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from starlette.responses import JSONResponse

Details = Mapping[str, Sequence[str]]


class ApiError(Exception):
    """An answer `{"success": false, "error": {"code", "message", "details"}, "timestamp"}`."""

    def __init__(self, status: int, code: str, message: str, details: Details | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.details = dict(details or {})

    def response(self, now: Callable[[], datetime]) -> JSONResponse:
        error = {"code": self.code, "message": str(self), "details": self.details}
        return JSONResponse({"success": False, "error": error, "timestamp": iso(now())}, self.status)


def iso(at: datetime) -> str:
    """`2024-01-01T10:00:00Z`, as the document writes times."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def refused(code: str, message: str, field: str | None = None) -> ApiError:
    """400: one of the six codes of the document."""
    return ApiError(400, code, message, {field: [message]} if field else None)


def invalid(field: str, message: str) -> ApiError:
    """400: a field that cannot be read."""
    return ApiError(400, "VALIDATION_ERROR", "Invalid input.", {field: [message]})


def unauthorized(message: str = "Authentication credentials were not provided or are not valid.") -> ApiError:
    return ApiError(401, "UNAUTHORIZED", message)


def not_found(message: str = "Not found.") -> ApiError:
    return ApiError(404, "NOT_FOUND", message)
