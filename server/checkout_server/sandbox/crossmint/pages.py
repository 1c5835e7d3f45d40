"""The embedded checkout in its frame and the hosted page: one template in two dresses, both without need of script."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.base import Action, CannotDo, Do
from checkout_server.sandbox.crossmint.auth import Authenticator
from checkout_server.sandbox.crossmint.bodies import Bodies
from checkout_server.sandbox.crossmint.desk import Desk
from checkout_server.sandbox.crossmint.errors import ApiError
from checkout_server.sandbox.crossmint.ledger import Ledger
from checkout_server.sandbox.crossmint.records import Order
from checkout_server.sandbox.faults import Fault
from checkout_server.sandbox.pages import page

ROOT = "/sdk/2024-03-05"
EMBEDDED = f"{ROOT}/embedded-checkout"
HOSTED = f"{ROOT}/hosted-checkout"
_SCRIPTS = Path(__file__).parent / "scripts"
# What the shopper's buttons do; the rest is for the console.
_BUTTONS: dict[str, Do] = {
    "pay": "pay",
    "decline": "decline",
    "identify": "clear",
    "requote": "requote",
}
# The document: with an order, these are the order's and not the component's.
_NOT_WITH_ORDER = ("lineItems", "recipient", "locale")


class Refused(Exception):
    """The frame was not called as the document asks."""


class Pages:
    def __init__(
        self, *, auth: Authenticator, ledger: Ledger, bodies: Bodies, desk: Desk, merchant: str
    ) -> None:
        self._auth = auth
        self._ledger = ledger
        self._bodies = bodies
        self._desk = desk
        self._merchant = merchant

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route(EMBEDDED, self.embedded),
            Route(f"{EMBEDDED}/{{do}}", self.press, methods=["POST"]),
            Route(f"{HOSTED}/{{id}}", self.hosted),
            Route(f"{HOSTED}/{{id}}/{{do}}", self.press, methods=["POST"]),
            Route(f"{ROOT}/shown/{{id}}", self.shown),
            Route(f"{ROOT}/scripts/{{name}}.js", self.script),
        ]

    async def embedded(self, request: Request) -> Response:
        fault: Fault | None = request.scope.get("state", {}).get("fault")
        if fault is not None and fault.never_mounts:
            return page("crossmint/blank.html", _frame(request, self._merchant), framed=True)
        return self._show(request, hostile=fault is not None and fault.hostile)

    async def hosted(self, request: Request) -> Response:
        return self._show(request)

    async def press(self, request: Request) -> Response:
        try:
            order = self._order(request)
        except Refused as error:
            return self._refused(request, error)
        problem = None
        do = request.path_params["do"]
        try:
            if do == "email":
                async with request.form() as form:
                    self._ledger.give_email(order, str(form.get("email", "")))
                self._desk.changed(order)
            elif do in _BUTTONS:
                self._desk.act(order, Action(do=_BUTTONS[do]))
            else:
                raise ApiError(404, "There is no such button.")
        except (ApiError, CannotDo) as error:
            problem = str(error)
        if problem is not None:
            return self._page(request, order, problem=problem, status=409)
        path = request.url.path.rpartition("/")[0]
        return RedirectResponse(f"{path}?{request.url.query}", 303, {"Cache-Control": "no-store"})

    async def shown(self, request: Request) -> Response:
        """What an open page looks at, to notice what changed elsewhere."""
        try:
            return JSONResponse({"shown": _key(self._order(request))}, headers={"Cache-Control": "no-store"})
        except Refused as error:
            return JSONResponse({"error": True, "message": str(error)}, 404)

    async def script(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in ("frame", "hostile"):
            return Response(status_code=404)
        text = (_SCRIPTS / f"{name}.js").read_text("utf-8")
        return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-store"})

    def _show(self, request: Request, *, hostile: bool = False) -> Response:
        try:
            order = self._order(request)
        except Refused as error:
            return self._refused(request, error)
        return self._page(request, order, hostile=hostile)

    def _order(self, request: Request) -> Order:
        """The order of an address that a merchant's server or the provider's SDK has built."""
        query = request.query_params
        if not self._auth.is_client_key(query.get("apiKey", "")):
            raise Refused("The address has no client key of this project.")
        try:
            order = self._ledger.order(request.path_params.get("id") or query.get("orderId", ""))
        except ApiError as error:
            raise Refused(str(error)) from None
        secret = query.get("clientSecret", "")
        if not hmac.compare_digest(secret.encode(), order.client_secret.encode()):
            raise Refused("The clientSecret is not this order's.")
        if _is_embedded(request):
            _component(query)
        return order

    def _page(
        self,
        request: Request,
        order: Order,
        *,
        problem: str | None = None,
        status: int = 200,
        hostile: bool = False,
    ) -> Response:
        query, embedded = request.query_params, _is_embedded(request)
        payment = _component(query) if embedded else {}
        poll = urlencode({"clientSecret": order.client_secret, "apiKey": query["apiKey"]})
        here = EMBEDDED if embedded else f"{HOSTED}/{order.id}"
        frame = _frame(request, self._merchant)
        context = {
            **frame,
            "embedded": embedded,
            "order": order,
            "state": _state(order),
            "amount": str(order.total),
            "refunded": str(order.refunded) if order.refunded else "",
            "problem": problem,
            "crypto": bool(payment.get("crypto", {}).get("enabled")),
            "body": self._bodies.order(order),
            "appearance": query.get("appearance", "{}"),
            "shown": _key(order),
            "poll": f"{frame['root']}{ROOT}/shown/{order.id}?{poll}",
            "action": f"{frame['root']}{here}",
            "query": f"?{request.url.query}",
            "hostile": hostile,
        }
        return page("crossmint/checkout.html", context, status=status, framed=embedded)

    def _refused(self, request: Request, error: Refused) -> Response:
        context = {**_frame(request, self._merchant), "problem": str(error)}
        return page("crossmint/refused.html", context, status=404, framed=_is_embedded(request))


def _component(query: Mapping[str, str]) -> dict[str, Any]:
    """`payment` of the frame's address. Raises `Refused` where the address is not as the document asks."""
    for name in _NOT_WITH_ORDER:
        if name in query:
            raise Refused(f"{name} does not go with orderId.")
    found: dict[str, Any] = {}
    for name in ("payment", "sdkMetadata", "appearance"):
        try:
            found[name] = json.loads(query.get(name) or ("{}" if name == "appearance" else ""))
        except ValueError:
            raise Refused(f"{name} is missing, or not JSON.") from None
    payment: dict[str, Any] = found["payment"]
    if not all(isinstance(payment.get(way, {}).get("enabled"), bool) for way in ("crypto", "fiat")):
        raise Refused("payment says of crypto and of fiat whether each is enabled.")
    return payment


def _frame(request: Request, merchant: str) -> dict[str, Any]:
    return {"root": request.scope.get("root_path", ""), "merchant": merchant}


def _is_embedded(request: Request) -> bool:
    return EMBEDDED in request.url.path


def _state(order: Order) -> str:
    if order.refunded is not None:
        return "refunded"
    if order.paid == "yes":
        statuses = {line.delivery for line in order.lines}
        return "undelivered" if "failed" in statuses else "delivered" if statuses == {"completed"} else "paid"
    if order.payment_status == "requires-quote":
        return {"requires-recipient": "email", "expired": "quote"}.get(order.quote_status, "unavailable")
    return {
        "awaiting-payment": "open",
        "in-progress": "seen",
        "failed": "failed",
        "requires-email": "email",
        "requires-kyc": "identity",
    }.get(order.payment_status, "held")


def _key(order: Order) -> str:
    """Changes when the page has something else to show."""
    deliveries = ",".join(line.delivery for line in order.lines)
    return f"{order.phase} {order.payment_status} {order.quote_status} {deliveries} {order.refunded} {bool(order.failure)}"
