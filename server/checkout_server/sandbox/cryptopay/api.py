"""The REST API under `/api`: signing in, and payment orders as documented."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.cryptopay.auth import Authenticator, Meter
from checkout_server.sandbox.cryptopay.bodies import Bodies
from checkout_server.sandbox.cryptopay.desk import Desk
from checkout_server.sandbox.cryptopay.errors import ApiError, not_found
from checkout_server.sandbox.cryptopay.ledger import Ledger
from checkout_server.sandbox.cryptopay.listing import PATH, listed
from checkout_server.sandbox.cryptopay.params import read_object, read_wanted

Endpoint = Callable[[Request], Awaitable[Response]]
_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Api:
    """The endpoints. `tokens` are the decimals of each token on each network."""

    def __init__(
        self,
        *,
        auth: Authenticator,
        meter: Meter,
        ledger: Ledger,
        bodies: Bodies,
        desk: Desk,
        tokens: Mapping[str, Mapping[str, int]],
    ) -> None:
        self._auth = auth
        self._meter = meter
        self._ledger = ledger
        self._bodies = bodies
        self._desk = desk
        self._tokens = tokens

    def routes(self) -> Sequence[BaseRoute]:
        return [
            self._route("/api/auth/login", "POST", self.login),
            self._route("/api/auth/token/refresh/", "POST", self.renew),
            self._route(PATH, "POST", self.create),
            self._route(PATH, "GET", self.list_orders),
            self._route(f"{PATH}{{id}}/", "GET", self.retrieve),
            self._route("/api/{rest:path}", None, self.nothing_here),
        ]

    async def login(self, request: Request) -> Response:
        body = await read_object(request)
        return JSONResponse(self._auth.login(body.get("username"), body.get("password")))

    async def renew(self, request: Request) -> Response:
        body = await read_object(request)
        return JSONResponse(self._auth.renew(body.get("refresh")))

    async def create(self, request: Request) -> Response:
        self._check(request)
        wanted = read_wanted(await read_object(request), self._tokens, self._ledger.now())
        order = self._desk.create(wanted)
        return JSONResponse(self._bodies.envelope(self._bodies.order(order)), 201)

    async def list_orders(self, request: Request) -> Response:
        self._check(request)
        return JSONResponse(listed(self._ledger.orders(), dict(request.query_params), self._bodies.row))

    async def retrieve(self, request: Request) -> Response:
        self._check(request)
        order = self._ledger.order(request.path_params["id"])
        return JSONResponse(self._bodies.envelope(self._bodies.order(order)))

    async def nothing_here(self, request: Request) -> Response:
        self._check(request)
        raise not_found()

    def _check(self, request: Request) -> None:
        self._auth.check(request.headers.get("authorization", ""))

    def _route(self, path: str, method: str | None, endpoint: Endpoint) -> Route:
        async def answer(request: Request) -> Response:
            try:
                self._meter.count()
                response = await endpoint(request)
            except ApiError as error:
                response = error.response(self._ledger.now)
            response.headers.update(self._meter.headers())
            return response

        return Route(path, answer, methods=[method] if method else list(_ALL))
