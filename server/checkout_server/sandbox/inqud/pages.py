"""The page behind `acquiringUrl`: what the widget shows, without need of script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.base import Action, CannotDo
from checkout_server.sandbox.inqud.desk import Desk
from checkout_server.sandbox.inqud.errors import ApiError
from checkout_server.sandbox.inqud.ledger import Ledger
from checkout_server.sandbox.inqud.records import COINS, Checkout
from checkout_server.sandbox.inqud.widget import BUTTONS, Widget
from checkout_server.sandbox.pages import page


class Pages:
    def __init__(self, *, ledger: Ledger, desk: Desk, widget: Widget, url: str) -> None:
        self._ledger = ledger
        self._desk = desk
        self._widget = widget
        self._url = url

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/checkout/{id}", self.show),
            Route("/checkout/{id}/{do}", self.press, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        checkout = self._find(request)
        return self._unknown(request) if checkout is None else self._page(request, checkout)

    async def press(self, request: Request) -> Response:
        checkout = self._find(request)
        do = next((known for known in BUTTONS if known == request.path_params["do"]), None)
        form = await request.form()
        coin, amount = str(form.get("coin", "USDT")), str(form.get("amount", "")) or None
        if checkout is None or do is None or coin not in COINS:
            return self._unknown(request)
        try:
            self._desk.act(checkout, Action(do=do, amount=amount), coin)
        except CannotDo as error:
            return self._page(request, checkout, problem=str(error), status=409)
        paid = checkout.order.return_url if checkout.status == "SUCCESS" else None
        return _redirect(paid or f"{self._url}/checkout/{checkout.id}")

    def _page(
        self, request: Request, checkout: Checkout, *, problem: str | None = None, status: int = 200
    ) -> Response:
        seen = self._widget.seen(checkout)
        context = {
            **self._frame(request),
            **seen,
            "state": _state(seen),
            "return_url": checkout.order.return_url,
            "problem": problem,
        }
        leads_away = bool(checkout.order.return_url)
        return page("inqud/checkout.html", context, status=status, leads_away=leads_away)

    def _find(self, request: Request) -> Checkout | None:
        try:
            return self._ledger.checkout(request.path_params["id"])
        except ApiError:
            return None

    def _frame(self, request: Request) -> dict[str, Any]:
        return {"root": request.scope.get("root_path", "")}

    def _unknown(self, request: Request) -> Response:
        return page("inqud/unknown.html", self._frame(request), status=404)


def _state(seen: dict[str, Any]) -> str:
    if seen["status"] != "NEW":
        return str(seen["status"]).lower()
    if seen["seen"]:
        return "seen"
    return "expired" if seen["expired"] else "open"


def _redirect(url: str) -> Response:
    """To the address exactly as the merchant gave it: nothing appended, nothing re-encoded."""
    return Response(status_code=303, headers={"Location": url, "Cache-Control": "no-store"})
