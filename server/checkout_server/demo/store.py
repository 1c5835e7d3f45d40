"""The demo store: a merchant's back end as it should be written, over `checkout_server.client` and nothing else of ours."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from checkout_server.client import (
    Checkout,
    CheckoutApiError,
    ReturnRejected,
    WebhookRejected,
    verify_return,
    verify_webhook,
)
from checkout_server.demo.orders import PRODUCTS, Order, Orders, Product
from checkout_server.demo.pages import STATIC, page

_log = structlog.get_logger(__name__)
_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
_MAX_WEBHOOK = 256 * 1024


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """`providers` are (name, title), as offered to the shopper; `currencies` what some of them can be paid in, where
    that is not everything. `transport` replaces the network in tests."""

    checkout_url: str
    api_key: str
    return_secrets: Sequence[str]
    webhook_secrets: Sequence[str]
    providers: Sequence[tuple[str, str]]
    currencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    transport: httpx.BaseTransport | None = None

    def sellers_of(self, product: Product) -> list[tuple[str, str]]:
        """The providers that this product can be paid with."""
        return [
            each
            for each in self.providers
            if product.currency in self.currencies.get(each[0], (product.currency,))
        ]


class Store:
    """The store's pages. Calls to the checkout block, so they run in threads."""

    def __init__(self, settings: StoreSettings) -> None:
        self.settings = settings
        self.orders = Orders()
        self.checkout = Checkout(settings.checkout_url, settings.api_key, settings.transport)
        parts = urlsplit(settings.checkout_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/", self.shelf, name="shelf"),
            Route("/buy/{product}", self.buy, methods=["POST"], name="buy"),
            Route("/orders", self.list_orders, name="orders"),
            Route("/orders/{order}.json", self.order_json),
            Route("/orders/{order}", self.order_page, name="order"),
            Route("/orders/{order}/pay", self.pay_again, methods=["POST"], name="pay"),
            Route("/return", self.returned, name="return"),
            Route("/cancelled", self.returned, name="cancelled"),
            Route("/webhooks", self.webhook, methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ]

    async def shelf(self, request: Request) -> Response:
        shelf = [(product, self.settings.sellers_of(product)) for product in PRODUCTS]
        return self._page(request, "shelf.html", shelf=shelf, cart=secrets.token_urlsafe(16))

    async def buy(self, request: Request) -> Response:
        product = next((p for p in PRODUCTS if p.slug == request.path_params["product"]), None)
        sellers = self.settings.sellers_of(product) if product else []
        async with request.form() as form:
            provider = form.get("provider") or next((name for name, _ in sellers), None)
            cart = form.get("cart")
        if product is None or provider not in dict(sellers):
            return self._problem(request, 404, "Not on sale", "There is no such product or way to pay here.")
        order = self.orders.place(product, str(provider), cart if isinstance(cart, str) else None)
        return await self._pay(request, order)

    async def pay_again(self, request: Request) -> Response:
        order = self.orders.get(request.path_params["order"])
        return self._unknown(request) if order is None else await self._pay(request, order)

    async def _pay(self, request: Request, order: Order) -> Response:
        """To the checkout of an order that is not paid: to the one that it has, or to a new one once that is over."""
        latest = order.latest
        if order.state == "waiting" and latest is not None:
            return RedirectResponse(latest.url, 303)
        if latest is not None and order.state != "not_paid":
            return RedirectResponse(request.url_for("order", order=order.id), 303)
        return await self._to_checkout(request, order)

    async def _to_checkout(self, request: Request, order: Order) -> Response:
        product = order.product
        try:
            session = await run_in_threadpool(
                self.checkout.create_session,
                # A second try of this order after the first has ended is another session.
                idempotency_key=f"{order.id}/{len(order.sessions)}",
                provider=order.provider,
                amount=product.amount,
                currency=product.currency,
                order_id=order.id,
                description=product.name,
                return_url=str(request.url_for("return")),
                cancel_url=str(request.url_for("cancelled")),
            )
        except CheckoutApiError as error:
            _log.warning("store.no_session", order=order.id, code=error.code, request_id=error.request_id)
            return self._problem(request, 502, "We cannot take payments right now", error.message)
        order.started(session)
        return RedirectResponse(session.url, 303)

    async def list_orders(self, request: Request) -> Response:
        return self._page(request, "orders.html", orders=list(self.orders))

    async def order_page(self, request: Request) -> Response:
        order = self.orders.get(request.path_params["order"])
        return self._unknown(request) if order is None else self._order(request, order)

    async def order_json(self, request: Request) -> Response:
        order = self.orders.get(request.path_params["order"])
        if order is None:
            return JSONResponse({"error": "There is no such order."}, 404)
        return JSONResponse(
            {
                "id": order.id,
                "product": order.product.slug,
                "amount": order.product.amount,
                "currency": order.product.currency,
                "provider": order.provider,
                "state": order.state,
                "paid": order.state == "paid",
                "sessions": [
                    {
                        "id": s.id,
                        "status": s.status,
                        "version": s.version,
                        "confirmed": s.id in order.confirmed,
                    }
                    for s in order.sessions.values()
                ],
            },
            headers={"Cache-Control": "no-store"},
        )

    async def returned(self, request: Request) -> Response:
        """Both ways back. The hint says which order this browser comes from; only webhooks say what became of it."""
        try:
            hint = verify_return(request.query_params, self.settings.return_secrets)
        except ReturnRejected:
            return self._problem(
                request, 400, "This link does not come from the checkout", "Look at your orders instead."
            )
        order = self.orders.get(hint.order)
        if order is None:
            return self._unknown(request)
        return self._order(request, order, left=request.url.path.endswith("/cancelled"))

    async def webhook(self, request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_WEBHOOK:
                return Response(status_code=413)
        try:
            event = verify_webhook(request.headers, body, self.settings.webhook_secrets)
        except WebhookRejected as error:
            _log.warning("store.webhook_rejected", reason=error.reason)
            return Response(status_code=400)
        order = self.orders.get(event.session.order_id)
        if order is None:
            # Standard Webhooks' "never again": an order of an earlier run is not coming back.
            return Response(status_code=410)
        order.told(event.session)
        if not order.is_for(event.session):
            _log.error("store.mismatch", order=order.id, session=event.session.id)
        return Response(status_code=204)

    def _order(self, request: Request, order: Order, *, left: bool = False) -> Response:
        return self._page(request, "order.html", order=order, left=left)

    def _unknown(self, request: Request) -> Response:
        return self._problem(
            request, 404, "There is no such order", "Orders are forgotten when the demo ends."
        )

    def _problem(self, request: Request, status: int, title: str, text: str) -> Response:
        return self._page(request, "problem.html", status=status, title=title, text=text)

    def _page(self, request: Request, template: str, *, status: int = 200, **context: object) -> Response:
        return page(template, checkout=self._origin, status=status, url_for=request.url_for, **context)


def create_store(settings: StoreSettings) -> Starlette:
    """The application; `app.state.store` is the running `Store`."""
    store = Store(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        store.checkout.close()

    app = Starlette(
        routes=store.routes(),
        lifespan=lifespan,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS)],
    )
    app.state.store = store
    return app
