"""The REST API, behind a key."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_beans.sandbox.ledger import ApiError, Ledger

Endpoint = Callable[[Request], Awaitable[Response]]


class Api:
    """`cancel` voids an invoice and tells of it by webhook."""

    def __init__(self, ledger: Ledger, key: str, cancel: Callable[[str], object]) -> None:
        self._ledger = ledger
        self._key = key
        self._cancel = cancel

    def routes(self) -> Sequence[BaseRoute]:
        return [
            self._route("/api/v1/invoices", "POST", self.create),
            self._route("/api/v1/invoices", "GET", self.search),
            self._route("/api/v1/invoices/{id}", "GET", self.retrieve),
            self._route("/api/v1/invoices/{id}/void", "POST", self.void),
        ]

    async def create(self, request: Request) -> Response:
        invoice = self._ledger.create(await request.body())
        return JSONResponse(self._ledger.body(invoice), 201)

    async def search(self, request: Request) -> Response:
        reference = request.query_params.get("reference", "")
        hits = [each for each in self._ledger.invoices() if each.reference == reference]
        return JSONResponse({"data": [self._ledger.body(each) for each in hits]})

    async def retrieve(self, request: Request) -> Response:
        return JSONResponse(self._ledger.body(self._ledger.invoice(request.path_params["id"])))

    async def void(self, request: Request) -> Response:
        invoice = self._ledger.invoice(request.path_params["id"])
        self._cancel(invoice.id)
        return JSONResponse(self._ledger.body(invoice))

    def _route(self, path: str, method: str, endpoint: Endpoint) -> Route:
        async def answer(request: Request) -> Response:
            try:
                given = request.headers.get("authorization", "").encode()
                if not hmac.compare_digest(given, f"Bearer {self._key}".encode()):
                    raise ApiError(401, "unauthorized")
                return await endpoint(request)
            except ApiError as error:
                return JSONResponse(error.body, error.status)

        return Route(path, answer, methods=[method])
