"""The one error shape, for everything that can go wrong on the way to an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

from checkout_server.errors import CheckoutError

_log = structlog.get_logger(__name__)
_PLACES = {"body", "query", "path", "header"}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def problem(
    request_id: str,
    status: int,
    type_: str,
    code: str,
    message: str,
    *,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    error: dict[str, Any] = {"type": type_, "code": code, "message": message}
    if param is not None:
        error["param"] = param
    error["request_id"] = request_id
    return JSONResponse({"error": error}, status, headers=headers)


def of(error: CheckoutError, request_id: str) -> JSONResponse:
    """Our own errors, ready to send."""
    headers = {} if error.retry_after is None else {"retry-after": str(error.retry_after)}
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    return problem(
        request_id, error.status, error.type, error.code, error.message, param=error.param, headers=headers
    )


def install(app: FastAPI, page: Callable[[Request, int], Response]) -> None:
    """Every way to fail ends here. What we did not foresee is logged with its trace and told as `internal`.

    `page` says the same in words to a shopper whose browser asked for a page.
    """

    @app.exception_handler(CheckoutError)
    async def ours(request: Request, error: CheckoutError) -> JSONResponse:
        return of(error, _id(request))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        if first["type"] == "json_invalid" or first["loc"] == ("body",):
            message = "The body is a JSON object, sent as application/json."
            return problem(_id(request), 400, "request", "not_json", message)
        place = [str(part) for part in first["loc"]]
        param = ".".join(place[1:] if place[0] in _PLACES else place)
        return problem(_id(request), 422, "request", "field_invalid", first["msg"], param=param)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        codes = {404: "not_found", 405: "method_not_allowed"}
        code = codes.get(error.status_code, "request_failed")
        headers = {"allow": _allowed(request)} if error.status_code == 405 else error.headers
        return problem(_id(request), error.status_code, "request", code, str(error.detail), headers=headers)

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    async def database(request: Request, error: Exception) -> Response:
        _log.error("database.unavailable", error=type(error).__name__)
        if _wants_page(request):
            return page(request, 503)
        message = "The server cannot take this now; nothing was lost. Try again."
        return problem(_id(request), 503, "server", "busy", message, headers={"retry-after": "2"})

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        _log.error("request.failed", exc_info=error)
        if _wants_page(request):
            return page(request, 500)
        # This answer is made outside of our middleware, which adds the header to all others.
        headers = {"x-request-id": _id(request)}
        message = "Something went wrong on our side."
        return problem(_id(request), 500, "server", "internal", message, headers=headers)


def _allowed(request: Request) -> str:
    """Every method that this address takes. The framework names those of the first route there, and there may be more."""
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    routes = request.app.routes
    return ", ".join(
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in routes)
    )


def _wants_page(request: Request) -> bool:
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


def _id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))
