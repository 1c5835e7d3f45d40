"""The page behind `payment_url`, without script: it looks again by itself while the chain goes on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.base import Action, CannotDo
from checkout_server.sandbox.cryptopay.desk import Desk
from checkout_server.sandbox.cryptopay.errors import ApiError
from checkout_server.sandbox.cryptopay.ledger import Ledger
from checkout_server.sandbox.cryptopay.records import Order
from checkout_server.sandbox.pages import page

# What the shopper's buttons do; the rest is for the console.
_BUTTONS = ("send", "fail", "expire")


class Pages:
    def __init__(self, *, ledger: Ledger, desk: Desk, url: str, merchant: str) -> None:
        self._ledger = ledger
        self._desk = desk
        self._url = url
        self._merchant = merchant

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/order/{id}", self.show),
            Route("/order/{id}/{do}", self.press, methods=["POST"]),
            Route("/qr/{id}", self.qr),
        ]

    async def show(self, request: Request) -> Response:
        order = self._find(request)
        if order is None:
            return self._unknown(request)
        leave = order.wanted.redirect_url if order.status == "confirmed" else None
        return _redirect(leave) if leave else self._page(request, order)

    async def press(self, request: Request) -> Response:
        order = self._find(request)
        do = request.path_params["do"]
        if order is None or do not in _BUTTONS:
            return self._unknown(request)
        try:
            self._desk.act(order, Action(do=do))
        except CannotDo as error:
            return self._page(request, order, problem=str(error), status=409)
        return _redirect(f"{self._url}/order/{order.id}")

    async def qr(self, request: Request) -> Response:
        """`qr_code_url`: the address alone."""
        order = self._find(request)
        if order is None:
            return self._unknown(request)
        svg = io.BytesIO()
        segno.make(order.address, error="m", micro=False).save(
            svg, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
        )
        return Response(svg.getvalue(), media_type="image/svg+xml")

    def _page(
        self, request: Request, order: Order, *, problem: str | None = None, status: int = 200
    ) -> Response:
        wanted = order.wanted
        context = {
            **self._frame(request),
            "order": order,
            "amount": f"{wanted.amount} {wanted.currency}",
            "confirmations": self._ledger.chain.confirmations(order),
            "needed": self._ledger.needed,
            "expires": wanted.expires_at.strftime("%H:%M:%S UTC") if wanted.expires_at else None,
            "problem": problem,
        }
        leads_away = wanted.redirect_url is not None
        response = page("cryptopay/order.html", context, status=status, leads_away=leads_away)
        if order.status == "processing":
            response.headers["Refresh"] = "1"  # seconds
        return response

    def _frame(self, request: Request) -> dict[str, Any]:
        return {"root": request.scope.get("root_path", ""), "merchant": self._merchant}

    def _find(self, request: Request) -> Order | None:
        try:
            return self._ledger.order(request.path_params["id"])
        except ApiError:
            return None

    def _unknown(self, request: Request) -> Response:
        return page("cryptopay/unknown.html", self._frame(request), status=404)


def _redirect(url: str) -> Response:
    """To the address exactly as the merchant gave it: nothing appended, nothing re-encoded."""
    return Response(status_code=303, headers={"Location": url, "Cache-Control": "no-store"})
