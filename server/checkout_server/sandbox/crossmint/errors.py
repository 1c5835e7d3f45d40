"""The provider's error body: `{"error": true, "message"}`."""

from __future__ import annotations

from starlette.responses import JSONResponse


class ApiError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def response(self) -> JSONResponse:
        return JSONResponse({"error": True, "message": str(self)}, self.status)


def invalid(message: str) -> ApiError:
    return ApiError(400, message)
