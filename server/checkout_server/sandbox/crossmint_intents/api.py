"""The REST API under `/api/unstable`: order intents, as documented."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.crossmint_intents import params
from checkout_server.sandbox.crossmint_intents.bodies import Bodies
from checkout_server.sandbox.crossmint_intents.errors import ApiError, unauthorized
from checkout_server.sandbox.crossmint_intents.ledger import Ledger
from checkout_server.sandbox.crossmint_intents.settings import CrossmintIntentsSettings

Endpoint = Callable[[Request], Awaitable[Response]]


class Keys:
    """Who calls, by `X-API-KEY`. A client key is for browsers, and goes with the user's own token there."""

    def __init__(self, settings: CrossmintIntentsSettings) -> None:
        self._servers = {settings.server_key: False, settings.production_server_key: True}
        self._client = settings.client_key

    def live(self, key: str) -> bool:
        """Whether the key is of production; `ApiError` 401 or 403 for what is no server's key."""
        if hmac.compare_digest(key.encode(), self._client.encode()):
            raise ApiError(403, "forbidden", "A client key needs the JWT of a user")
        for known, live in self._servers.items():
            if hmac.compare_digest(key.encode(), known.encode()):
                return live
        raise unauthorized("Invalid API key")


class Api:
    """The endpoints. `deleted` says what a deletion answers."""

    def __init__(self, *, keys: Keys, ledger: Ledger, bodies: Bodies, deleted: str) -> None:
        self._keys = keys
        self._ledger = ledger
        self._bodies = bodies
        self._deleted = deleted

    def routes(self) -> Sequence[BaseRoute]:
        many, one = "/api/unstable/order-intents", "/api/unstable/order-intents/{id}"
        return [
            _route(many, "POST", self.create),
            _route(many, "GET", self.list_all),
            _route(one, "GET", self.retrieve),
            _route(one, "DELETE", self.delete),
            _route("/api/{rest:path}", None, self.nothing_here),
        ]

    async def create(self, request: Request) -> Response:
        live = self._caller(request)
        intent = self._ledger.create(await params.wish(request), live=live)
        return JSONResponse(self._bodies.intent(intent), 201)

    async def list_all(self, request: Request) -> Response:
        intents = self._ledger.intents(live=self._caller(request))
        return JSONResponse([self._bodies.intent(intent) for intent in intents])

    async def retrieve(self, request: Request) -> Response:
        intent = self._ledger.intent(request.path_params["id"], live=self._caller(request))
        return JSONResponse(self._bodies.intent(intent))

    async def delete(self, request: Request) -> Response:
        intent = self._ledger.intent(request.path_params["id"], live=self._caller(request))
        self._ledger.delete(intent)
        return (
            Response(status_code=204)
            if self._deleted == "empty"
            else JSONResponse(self._bodies.intent(intent))
        )

    async def nothing_here(self, request: Request) -> Response:
        self._caller(request)
        raise ApiError(404, "not_found", "Not found")

    def _caller(self, request: Request) -> bool:
        return self._keys.live(request.headers.get("x-api-key", ""))


def _route(path: str, method: str | None, endpoint: Endpoint) -> Route:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as error:
            return error.response()

    return Route(path, answer, methods=[method] if method else list(_ALL))


_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")
