"""The page behind `payment_url` and the button's popup: one template in two dresses, both without need of script."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from checkout_server.money import Money
from checkout_server.sandbox.base import Action, CannotDo
from checkout_server.sandbox.crypto_com.desk import Desk
from checkout_server.sandbox.crypto_com.errors import ApiError
from checkout_server.sandbox.crypto_com.ledger import Ledger
from checkout_server.sandbox.crypto_com.records import Payment, in_cro
from checkout_server.sandbox.pages import page

# What the shopper's buttons do; the rest is for the console.
_BUTTONS: dict[str, Literal["pay", "underpay", "cancel"]] = {
    "pay": "pay",
    "underpay": "underpay",
    "cancel": "cancel",
}


class Pages:
    def __init__(self, *, ledger: Ledger, desk: Desk, url: str, merchant: str) -> None:
        self._ledger = ledger
        self._desk = desk
        self._url = url
        self._merchant = merchant

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/pay/popup", self.preparing),
            Route("/pay/{id}", self.show),
            Route("/pay/{id}/qr.svg", self.qr),
            Route("/pay/{id}/{do}", self.press, methods=["POST"]),
        ]

    async def preparing(self, request: Request) -> Response:
        """What the popup shows while the merchant's page is still creating the payment."""
        return page("crypto_com/preparing.html", self._frame(request))

    async def show(self, request: Request) -> Response:
        payment = self._find(request)
        if payment is None:
            return self._unknown(request)
        leave = None if _is_popup(request) else _leave(payment)
        return _redirect(leave) if leave else self._page(request, payment)

    async def press(self, request: Request) -> Response:
        payment = self._find(request)
        do = _BUTTONS.get(request.path_params["do"])
        if payment is None or do is None:
            return self._unknown(request)
        try:
            self._desk.act(payment, Action(do=do))
        except CannotDo as error:
            return self._page(request, payment, problem=str(error), status=409)
        leave = None if _is_popup(request) else _leave(payment)
        return _redirect(leave or self._here(request, payment))

    async def qr(self, request: Request) -> Response:
        payment = self._find(request)
        if payment is None:
            return self._unknown(request)
        svg = io.BytesIO()
        # Dark on light whatever the page's colours, with the quiet zone: scanners need both.
        segno.make(f"{self._url}/sdk/payments/{payment.id}", error="m").save(
            svg, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
        )
        return Response(svg.getvalue(), media_type="image/svg+xml")

    def _page(
        self,
        request: Request,
        payment: Payment,
        *,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        order = payment.order
        expires = datetime.fromtimestamp(payment.expires, UTC)
        context = {
            **self._frame(request),
            "payment": payment,
            "state": _state(payment, self._ledger.now()),
            "amount": str(Money(order.amount, order.currency)),
            "crypto_amount": in_cro(order.amount, order.currency),
            "shown": f"{payment.status} {str(payment.expired(self._ledger.now())).lower()}",
            "received": payment.fund and str(Money(payment.fund.units, order.currency)),
            "expires": expires.strftime("%H:%M:%S UTC"),
            "expires_at": payment.expires,
            "now": self._ledger.now(),
            "query": f"?{request.url.query}" if request.url.query else "",
            "problem": problem,
        }
        leads_away = bool(order.return_url or order.cancel_url)
        return page("crypto_com/pay.html", context, status=status, leads_away=leads_away)

    def _frame(self, request: Request) -> dict[str, Any]:
        """What both dresses share. `origin` is the merchant's page that opened the popup, for `postMessage`."""
        return {
            "root": request.scope.get("root_path", ""),
            "merchant": self._merchant,
            "popup": _is_popup(request),
            "origin": _origin(request.query_params.get("origin", "")),
        }

    def _find(self, request: Request) -> Payment | None:
        try:
            return self._ledger.payment(request.path_params["id"])
        except ApiError:
            return None

    def _here(self, request: Request, payment: Payment) -> str:
        query = urlencode(dict(request.query_params))
        return f"{self._url}/pay/{payment.id}" + (f"?{query}" if query else "")

    def _unknown(self, request: Request) -> Response:
        return page("crypto_com/unknown.html", self._frame(request), status=404)


def _state(payment: Payment, now: int) -> str:
    if payment.status != "pending":
        return payment.status
    if payment.approved:
        return "seen"
    if payment.fund is not None:
        return "returned"
    return "expired" if payment.expired(now) else "open"


def _leave(payment: Payment) -> str | None:
    order = payment.order
    return {"succeeded": order.return_url, "cancelled": order.cancel_url}.get(payment.status)


def _redirect(url: str) -> Response:
    """To the address exactly as the merchant gave it: nothing appended, nothing re-encoded."""
    return Response(status_code=303, headers={"Location": url, "Cache-Control": "no-store"})


def _is_popup(request: Request) -> bool:
    return request.query_params.get("view") == "popup"


def _origin(url: str) -> str:
    """The origin of an http(s) address, or nothing: it goes into a policy and into `postMessage`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    plain = host.replace(".", "").replace("-", "").replace(":", "")
    if parts.scheme not in ("http", "https") or not (plain.isascii() and plain.isalnum()):
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")
