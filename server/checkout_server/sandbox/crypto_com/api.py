"""The REST API under `/api`: payments and refunds, as documented."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.crypto_com.auth import Authenticator, Caller
from checkout_server.sandbox.crypto_com.bodies import Bodies
from checkout_server.sandbox.crypto_com.desk import Desk
from checkout_server.sandbox.crypto_com.errors import ApiError, invalid, not_found
from checkout_server.sandbox.crypto_com.ledger import Ledger
from checkout_server.sandbox.crypto_com.params import Params
from checkout_server.sandbox.crypto_com.records import Order

_REASONS = (None, "", "duplicate", "fraudulent", "requested_by_customer")

Endpoint = Callable[[Request], Awaitable[Response]]


class Api:
    """The endpoints. `list_shape` is the account's: a bare array, or `{"items", "meta"}`."""

    def __init__(
        self, *, auth: Authenticator, ledger: Ledger, bodies: Bodies, desk: Desk, list_shape: str
    ) -> None:
        self._auth = auth
        self._ledger = ledger
        self._bodies = bodies
        self._desk = desk
        self._list_shape = list_shape

    def routes(self) -> Sequence[BaseRoute]:
        return [
            _route("/api/payments", "POST", self.create_payment),
            _route("/api/payments", "GET", self.list_payments),
            _route("/api/payments/{id}", "GET", self.retrieve_payment),
            _route("/api/payments/{id}/cancel", "POST", self.cancel_payment),
            _route("/api/refunds", "POST", self.create_refund),
            _route("/api/refunds/{id}", "GET", self.retrieve_refund),
            _route("/api/{rest:path}", None, self.nothing_here),
        ]

    async def create_payment(self, request: Request) -> Response:
        caller = self._caller(request, secret=False)
        order = self._order(await Params.read(request))
        if order.expired_at is not None and order.expired_at <= self._ledger.now():
            raise invalid("expired_at", "expired_at lies in the past.")
        payment = self._desk.create(order, live=caller.live)
        return JSONResponse(self._bodies.payment(payment))

    async def list_payments(self, request: Request) -> Response:
        caller = self._caller(request)
        payments = self._ledger.payments(live=caller.live)
        items = [self._bodies.payment(payment) for payment in payments]
        if self._list_shape == "items":
            return JSONResponse({"items": items, "meta": {"total_count": len(items)}})
        return JSONResponse(items)

    async def retrieve_payment(self, request: Request) -> Response:
        caller = self._caller(request)
        payment = self._ledger.payment(request.path_params["id"], live=caller.live)
        return JSONResponse(self._bodies.payment(payment))

    async def cancel_payment(self, request: Request) -> Response:
        caller = self._caller(request)
        payment = self._ledger.payment(request.path_params["id"], live=caller.live)
        self._ledger.cancel(payment)
        return JSONResponse(self._bodies.payment(payment))

    async def create_refund(self, request: Request) -> Response:
        caller = self._caller(request)
        params = await Params.read(request)
        payment_id = params.string("payment_id")
        amount = params.integer("amount", least=0)
        reason = params.text("reason")
        if reason not in _REASONS:
            raise invalid("reason", "reason is duplicate, fraudulent or requested_by_customer.")
        payment = self._ledger.payment(payment_id, live=caller.live, param="payment_id")
        refund = self._desk.request_refund(payment, amount, reason or None, params.text("description"))
        return JSONResponse(self._bodies.refund_created(refund))

    async def retrieve_refund(self, request: Request) -> Response:
        caller = self._caller(request)
        refund = self._ledger.refund(request.path_params["id"], live=caller.live)
        return JSONResponse(self._bodies.refund(refund))

    async def nothing_here(self, request: Request) -> Response:
        self._caller(request, secret=False)
        raise not_found()

    def _caller(self, request: Request, *, secret: bool = True) -> Caller:
        return self._auth.caller(request.headers.get("authorization", ""), secret=secret)

    def _order(self, params: Params) -> Order:
        return Order(
            amount=params.integer("amount", least=1),
            currency=params.currency("currency"),
            description=params.text("description"),
            metadata=params.hash("metadata"),
            order_id=params.text("order_id"),
            return_url=params.url("return_url"),
            cancel_url=params.url("cancel_url"),
            customer_id=params.text("customer_id"),
            sub_merchant_id=params.text("sub_merchant_id"),
            onchain_allowed=params.flag("onchain_allowed", default=True),
            expired_at=params.timestamp("expired_at"),
        )


def _route(path: str, method: str | None, endpoint: Endpoint) -> Route:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as error:
            return error.response()

    return Route(path, answer, methods=[method] if method else list(_ALL))


_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")
