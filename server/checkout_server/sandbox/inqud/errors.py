"""The provider's errors: `code` and `message` at the top level."""

from __future__ import annotations

from starlette.responses import JSONResponse


class ApiError(Exception):
    """An answer `{"code", "message"}`. Which codes there are is not documented; these are the sandbox's own."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> JSONResponse:
        return JSONResponse({"code": self.code, "message": str(self)}, self.status)


def unauthorized() -> ApiError:
    return ApiError(401, "UNAUTHORIZED", "The API token was not accepted.")


def invalid(message: str) -> ApiError:
    return ApiError(400, "VALIDATION_ERROR", message)


def not_found(what: str) -> ApiError:
    return ApiError(404, "NOT_FOUND", f"{what} was not found.")


def refused(code: str, message: str) -> ApiError:
    """What the state of a checkout does not allow; only the sandbox's own levers and pages meet it."""
    return ApiError(409, code, message)
