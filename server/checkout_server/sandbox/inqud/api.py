"""The REST API: a checkout is created and read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.inqud import wire
from checkout_server.sandbox.inqud.auth import Authenticator
from checkout_server.sandbox.inqud.bodies import Bodies
from checkout_server.sandbox.inqud.errors import ApiError, not_found
from checkout_server.sandbox.inqud.ledger import Ledger
from checkout_server.sandbox.inqud.params import order_of

Endpoint = Callable[[Request], Awaitable[Response]]
_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")
_CHECKOUTS = "/v1/user/crypto-acquiring/{project}/checkouts"


class Api:
    def __init__(self, *, auth: Authenticator, ledger: Ledger, bodies: Bodies, project_id: str) -> None:
        self._auth = auth
        self._ledger = ledger
        self._bodies = bodies
        self._project_id = project_id

    def routes(self) -> Sequence[BaseRoute]:
        return [
            self._route(_CHECKOUTS, "POST", self.create),
            self._route(f"{_CHECKOUTS}/{{id}}", "GET", self.retrieve),
            self._route("/v1/{rest:path}", None, self.nothing_here),
        ]

    async def create(self, request: Request) -> Response:
        order = order_of(await request.body(), self._ledger.now())
        return wire.answer(self._bodies.checkout(self._ledger.create(order)))

    async def retrieve(self, request: Request) -> Response:
        return wire.answer(self._bodies.checkout(self._ledger.checkout(request.path_params["id"])))

    async def nothing_here(self, request: Request) -> Response:
        raise not_found("What you asked for")

    def _route(self, path: str, method: str | None, endpoint: Endpoint) -> Route:
        async def answer(request: Request) -> Response:
            try:
                self._auth.check(request.headers, await request.body())
                if request.path_params.get("project", self._project_id) != self._project_id:
                    raise not_found("The widget")
                return await endpoint(request)
            except ApiError as error:
                return error.response()

        return Route(path, answer, methods=[method] if method else list(_ALL))
