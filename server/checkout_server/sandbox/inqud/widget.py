"""What the merchant's page loads: the widget's script, and what that script reads and does."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.base import Action, CannotDo
from checkout_server.sandbox.faults import Fault
from checkout_server.sandbox.inqud.bodies import address_of
from checkout_server.sandbox.inqud.desk import Desk
from checkout_server.sandbox.inqud.errors import ApiError, not_found
from checkout_server.sandbox.inqud.ledger import Ledger
from checkout_server.sandbox.inqud.records import COINS, SUGGESTED, Checkout, in_coin

_SCRIPTS = Path(__file__).parent / "scripts"
_HOSTILE = Path(__file__).parents[1] / "scripts" / "hostile.js"
# What the shopper's buttons do; the rest is for the console.
Button = Literal["pay", "underpay"]
BUTTONS: tuple[Button, ...] = get_args(Button)


class Widget:
    def __init__(self, *, ledger: Ledger, desk: Desk, merchant: str) -> None:
        self._ledger = ledger
        self._desk = desk
        self._merchant = merchant

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/widget.js", self.script),
            Route("/widget/checkouts/{id}", self.show),
            Route("/widget/checkouts/{id}/qr.svg", self.qr),
            Route("/widget/checkouts/{id}/{do}", self.press, methods=["POST"]),
        ]

    async def script(self, request: Request) -> Response:
        fault: Fault | None = request.scope.get("state", {}).get("fault")
        files = [_SCRIPTS / ("never_mounts.js" if fault is not None and fault.never_mounts else "widget.js")]
        if fault is not None and fault.hostile:
            files += [_HOSTILE, _SCRIPTS / "lies.js"]
        text = "\n".join(file.read_text("utf-8") for file in files)
        return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-store"})

    async def show(self, request: Request) -> Response:
        """Whoever knows the id may see what is to be paid, and nothing that the merchant attached."""
        try:
            checkout = self._ledger.checkout(request.path_params["id"])
        except ApiError as error:
            return error.response()
        return JSONResponse(self.seen(checkout), headers={"Cache-Control": "no-store"})

    async def press(self, request: Request) -> Response:
        form = await request.form()
        coin, amount = str(form.get("coin", "USDT")), str(form.get("amount", "")) or None
        do = next((known for known in BUTTONS if known == request.path_params["do"]), None)
        try:
            if do is None or coin not in COINS:
                raise not_found("What you pressed")
            checkout = self._ledger.checkout(request.path_params["id"])
            self._desk.act(checkout, Action(do=do, amount=amount), coin)
        except ApiError as error:
            return error.response()
        except CannotDo as error:
            return JSONResponse({"code": error.code, "message": str(error)}, 409)
        return JSONResponse(self.seen(checkout))

    async def qr(self, request: Request) -> Response:
        try:
            checkout = self._ledger.checkout(request.path_params["id"])
        except ApiError as error:
            return error.response()
        svg = io.BytesIO()
        # Dark on light whatever the page's colours, with the quiet zone: scanners need both.
        segno.make(address_of(checkout.id), error="m").save(
            svg, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
        )
        return Response(svg.getvalue(), media_type="image/svg+xml")

    def seen(self, checkout: Checkout) -> dict[str, Any]:
        """Amounts are text: what is shown is never reckoned with."""
        price = checkout.order.price
        suggested = SUGGESTED if checkout.order.type == "SUGGESTED_FIXED_PRICE" else ()
        return {
            "id": checkout.id,
            "status": checkout.status,
            "merchant": self._merchant,
            "name": checkout.order.name,
            "seen": checkout.payment is not None,
            "expired": checkout.expired(self._ledger.now()),
            "price": None if price is None else f"{price.amount:f} {price.currency}",
            "suggested": [format(amount, "f") for amount in suggested],
            "address": address_of(checkout.id),
            "coins": [
                {
                    "code": coin.code,
                    "network": coin.network,
                    "amount": None if price is None else _short(format(in_coin(price, coin), "f")),
                }
                for coin in COINS.values()
            ],
        }


def _short(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
