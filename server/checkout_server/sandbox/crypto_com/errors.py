"""The provider's error object and the statuses that its document gives it."""

from __future__ import annotations

from typing import Literal

from starlette.responses import JSONResponse

ErrorType = Literal["authentication_error", "invalid_request_error", "rate_limit_error"]


class ApiError(Exception):
    """An answer `{"error": {"type", "code", "param"?, "error_message"}}`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        type: ErrorType = "invalid_request_error",  # noqa: A002 - the provider's word
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param
        self.type = type

    def response(self) -> JSONResponse:
        error = {"type": self.type, "code": self.code, "error_message": str(self)}
        if self.param is not None:
            error["param"] = self.param
        return JSONResponse({"error": error}, self.status)


def unauthorized(message: str) -> ApiError:
    return ApiError(401, "api_key_invalid", message, type="authentication_error")


def missing(param: str) -> ApiError:
    """400: a required parameter was left out."""
    return ApiError(400, "parameter_missing", f"{param} is required.", param=param)


def invalid(param: str, message: str) -> ApiError:
    """400: a parameter that cannot be read."""
    return ApiError(400, "parameter_invalid", message, param=param)


def not_found(param: str = "id") -> ApiError:
    return ApiError(404, "resource_missing", "The requested resource does not exist.", param=param)


def refused(code: str, message: str, *, param: str | None = None) -> ApiError:
    """402: the parameters were valid, but the request failed."""
    return ApiError(402, code, message, param=param)
