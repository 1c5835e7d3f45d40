"""The parts of Inqud put together. A test that breaks one on purpose replaces its class attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.responses import Response
from starlette.routing import BaseRoute

from checkout_server.sandbox.base import Action, Do, Sandbox, Summary, UnknownPayment
from checkout_server.sandbox.faults import Surface
from checkout_server.sandbox.inqud import wire
from checkout_server.sandbox.inqud.api import Api
from checkout_server.sandbox.inqud.auth import Authenticator
from checkout_server.sandbox.inqud.bodies import Bodies
from checkout_server.sandbox.inqud.desk import Desk
from checkout_server.sandbox.inqud.errors import ApiError, unauthorized
from checkout_server.sandbox.inqud.events import Events
from checkout_server.sandbox.inqud.ledger import Ledger
from checkout_server.sandbox.inqud.pages import Pages
from checkout_server.sandbox.inqud.records import Checkout
from checkout_server.sandbox.inqud.settings import InqudSettings
from checkout_server.sandbox.inqud.widget import Widget
from checkout_server.sandbox.settings import SandboxSettings


class InqudSandbox(Sandbox):
    """Inqud. `conflict` is a payment that its people look at, `reverse` a final one that its support takes back.

    Nothing is cancelled, refunded or failed here: the document has no such thing.
    """

    name = "inqud"
    title = "Inqud"
    can: ClassVar[tuple[Do, ...]] = (
        "pay",
        "detect",
        "underpay",
        "overpay",
        "expire",
        "conflict",
        "reverse",
    )
    # Ten, exponential, says the document, and not from where to where.
    retry_delays: ClassVar[tuple[float, ...]] = tuple(float(2**n) for n in range(10))

    authenticator_type: ClassVar[type[Authenticator]] = Authenticator
    ledger_type: ClassVar[type[Ledger]] = Ledger
    bodies_type: ClassVar[type[Bodies]] = Bodies
    events_type: ClassVar[type[Events]] = Events
    desk_type: ClassVar[type[Desk]] = Desk

    def __init__(self, settings: SandboxSettings) -> None:
        super().__init__(settings)
        own = InqudSettings.model_validate(self.own_settings)
        self.events = self.events_type(own.webhook_secret)
        self.ledger = self.ledger_type(settings.clock)
        self.bodies = self.bodies_type(url=self.url, project_id=own.project_id, merchant=settings.merchant)
        self.desk = self.desk_type(
            ledger=self.ledger, bodies=self.bodies, events=self.events, deliveries=self.deliveries
        )
        auth = self.authenticator_type(own)
        self._api = Api(auth=auth, ledger=self.ledger, bodies=self.bodies, project_id=own.project_id)
        self._widget = Widget(ledger=self.ledger, desk=self.desk, merchant=settings.merchant)
        self._pages = Pages(ledger=self.ledger, desk=self.desk, widget=self._widget, url=self.url)

    def routes(self) -> Sequence[BaseRoute]:
        return [*self._api.routes(), *self._widget.routes(), *self._pages.routes()]

    def surface_of(self, path: str) -> Surface | None:
        if path.startswith("/v1/"):
            return "api"
        if path == "/widget.js":
            return "sdk"
        return "pages" if path.startswith(("/checkout/", "/widget/")) else None

    def failure(self, status: int) -> Response:
        """5xx come from what stands before the API, and are not its JSON."""
        if status == 401:
            return unauthorized().response()
        if status == 429:
            return ApiError(429, "TOO_MANY_REQUESTS", "Too many requests.").response()
        if status < 500:
            return ApiError(status, "REQUEST_FAILED", "The request failed.").response()
        return Response("<h1>Something went wrong</h1>", status, media_type="text/html")

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        return self.events.sign(raw, wrong)

    def act(self, ref: str, action: Action) -> list[str]:
        return self.desk.act(self._checkout(ref), action)

    def payments(self) -> list[Summary]:
        return [
            Summary(
                ref=checkout.id,
                amount=_amount(checkout),
                status=self._status(checkout),
                description=checkout.order.name or "",
                order=checkout.order.client_order_id or "",
                url=f"{self.url}/checkout/{checkout.id}",
            )
            for checkout in self.ledger.checkouts()
        ]

    def payment(self, ref: str) -> dict[str, Any]:
        shown: dict[str, Any] = wire.plain(self.bodies.checkout(self._checkout(ref)))
        return shown

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self.bodies.tamper(self._checkout(ref).id, fields)

    def _checkout(self, ref: str) -> Checkout:
        try:
            return self.ledger.checkout(ref)
        except ApiError:
            raise UnknownPayment(ref) from None

    def _status(self, checkout: Checkout) -> str:
        if checkout.expired(self.settings.clock()):
            return "expired"
        if checkout.status == "NEW" and checkout.payment is not None:
            return "money seen"
        return {"SUCCESS": "succeeded", "CONFLICT": "conflict"}.get(checkout.status, "new")


def _amount(checkout: Checkout) -> str:
    price = checkout.order.price
    if price is not None:
        return f"{price.amount:f} {price.currency}"
    paid = checkout.payment.paid if checkout.payment else None
    return f"{paid.amount:f} {paid.currency}" if paid else "open price"
