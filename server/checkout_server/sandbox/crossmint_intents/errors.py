"""The provider's errors: `{"error": true, "message"}`, as its document shows them for orders."""

from __future__ import annotations

from starlette.responses import JSONResponse


class ApiError(Exception):
    """An answer with an error status. `code` is for the control API only; the provider has none."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> JSONResponse:
        return JSONResponse({"error": True, "message": str(self)}, self.status)


def unauthorized(message: str) -> ApiError:
    return ApiError(401, "unauthorized", message)


def invalid(field: str, message: str) -> ApiError:
    """400: a field that is missing or cannot be read."""
    return ApiError(400, "invalid", f"{field}: {message}")


def not_found() -> ApiError:
    return ApiError(404, "not_found", "Order intent not found")
