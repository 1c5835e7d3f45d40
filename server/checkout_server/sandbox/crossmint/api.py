"""The orders API under `/api/2022-06-09`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.crossmint.auth import Authenticator, Caller
from checkout_server.sandbox.crossmint.bodies import Bodies
from checkout_server.sandbox.crossmint.desk import Desk
from checkout_server.sandbox.crossmint.errors import ApiError, invalid
from checkout_server.sandbox.crossmint.ledger import Ledger
from checkout_server.sandbox.crossmint.limits import Limits
from checkout_server.sandbox.crossmint.params import body_of, lines_of, payment_of, recipient_of
from checkout_server.sandbox.crossmint.records import Order

ROOT = "/api/2022-06-09"
_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CREATE = {"lineItems", "payment", "recipient", "locale"}
_CHANGE = {"payment", "recipient"}

Endpoint = Callable[[Request], Awaitable[Response]]


class Api:
    def __init__(
        self,
        *,
        auth: Authenticator,
        limits: Limits,
        ledger: Ledger,
        bodies: Bodies,
        desk: Desk,
        price: str,
    ) -> None:
        self._auth = auth
        self._limits = limits
        self._ledger = ledger
        self._bodies = bodies
        self._desk = desk
        self._price = price

    def routes(self) -> Sequence[BaseRoute]:
        return [
            _route("/orders", ("POST",), self.create),
            _route("/orders/{id}", ("GET",), self.read),
            _route("/orders/{id}", ("PATCH",), self.change),
            _route("/{rest:path}", _ALL, self.nothing_here),
        ]

    async def create(self, request: Request) -> Response:
        self._caller(request)
        body = await body_of(request)
        unknown = sorted(body.keys() - _CREATE)
        if unknown:
            raise invalid(f"An order has no {unknown[0]}.")
        if "lineItems" not in body:
            raise invalid("lineItems is required.")
        payment = payment_of(body.get("payment"))
        order = self._ledger.create(
            lines_of(body["lineItems"], payment["currency"], self._price),
            locale=str(body.get("locale") or "en-US"),
            recipient=recipient_of(body.get("recipient")),
            payment=payment,
        )
        self._desk.created(order)
        return JSONResponse(self._bodies.created(order))

    async def read(self, request: Request) -> Response:
        return JSONResponse(self._bodies.answer(self._order(request)))

    async def change(self, request: Request) -> Response:
        order = self._order(request)
        body = await body_of(request)
        unknown = sorted(body.keys() - _CHANGE)
        if unknown:
            raise invalid(f"{unknown[0]} cannot be changed.")
        self._ledger.change(order, payment_of(body.get("payment")), recipient_of(body.get("recipient")))
        self._desk.changed(order)
        return JSONResponse(self._bodies.answer(order))

    async def nothing_here(self, request: Request) -> Response:
        self._caller(request)
        raise ApiError(404, "Not found")

    def _caller(self, request: Request) -> Caller:
        caller = self._auth.caller(request.headers)
        self._limits.take(request.method)
        return caller

    def _order(self, request: Request) -> Order:
        caller = self._caller(request)
        order = self._ledger.order(request.path_params["id"])
        if not caller.may(order):
            raise ApiError(401, "A client key reads an order with its clientSecret.")
        return order


def _route(path: str, methods: Sequence[str], endpoint: Endpoint) -> Route:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as error:
            return error.response()

    return Route(f"{ROOT}{path}", answer, methods=list(methods))
