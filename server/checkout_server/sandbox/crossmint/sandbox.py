"""The parts of Crossmint put together. A test that breaks one on purpose replaces its class attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.responses import Response
from starlette.routing import BaseRoute

from checkout_server.sandbox.base import Action, Do, Sandbox, Summary, UnknownPayment
from checkout_server.sandbox.crossmint.api import Api
from checkout_server.sandbox.crossmint.auth import Authenticator
from checkout_server.sandbox.crossmint.bodies import Bodies
from checkout_server.sandbox.crossmint.desk import Desk
from checkout_server.sandbox.crossmint.errors import ApiError
from checkout_server.sandbox.crossmint.events import Events
from checkout_server.sandbox.crossmint.ledger import Ledger
from checkout_server.sandbox.crossmint.limits import Limits
from checkout_server.sandbox.crossmint.pages import EMBEDDED, Pages
from checkout_server.sandbox.crossmint.records import Order
from checkout_server.sandbox.crossmint.settings import CrossmintSettings
from checkout_server.sandbox.faults import Surface
from checkout_server.sandbox.settings import SandboxSettings


class CrossmintSandbox(Sandbox):
    """Crossmint orders. Nothing is over- or underpaid here, and an order neither expires nor is cancelled.

    A webhook that is not answered 2xx is repeated by Svix: eight times in all, over 28 hours, signed anew each time.
    """

    name = "crossmint"
    title = "Crossmint"
    can: ClassVar[tuple[Do, ...]] = (
        "pay",
        "detect",
        "decline",
        "fail",
        "refund",
        "deliver",
        "fail_delivery",
        "expire_quote",
        "requote",
        "sell_out",
        "ask_identity",
        "review_identity",
        "refuse_identity",
        "lack_funds",
        "clear",
    )
    retry_delays = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
    signs_again = True

    authenticator_type: ClassVar[type[Authenticator]] = Authenticator
    limits_type: ClassVar[type[Limits]] = Limits
    ledger_type: ClassVar[type[Ledger]] = Ledger
    bodies_type: ClassVar[type[Bodies]] = Bodies
    events_type: ClassVar[type[Events]] = Events
    desk_type: ClassVar[type[Desk]] = Desk

    def __init__(self, settings: SandboxSettings) -> None:
        super().__init__(settings)
        own = CrossmintSettings.model_validate(self.own_settings)
        auth = self.authenticator_type(own)
        self.ledger = self.ledger_type()
        self.bodies = self.bodies_type()
        self.events = self.events_type(own.webhook_secret, self._now)
        self.desk = self.desk_type(
            ledger=self.ledger,
            bodies=self.bodies,
            events=self.events,
            deliveries=self.deliveries,
            sleep=settings.sleep,
            delivery_delay=own.delivery_delay,
        )
        self._api = Api(
            auth=auth,
            limits=self.limits_type(settings.clock),
            ledger=self.ledger,
            bodies=self.bodies,
            desk=self.desk,
            price=own.price,
        )
        self._pages = Pages(
            auth=auth, ledger=self.ledger, bodies=self.bodies, desk=self.desk, merchant=settings.merchant
        )
        self._client_key = own.client_key

    def routes(self) -> Sequence[BaseRoute]:
        return [*self._api.routes(), *self._pages.routes()]

    def surface_of(self, path: str) -> Surface | None:
        if path.startswith("/api/"):
            return "api"
        if path == EMBEDDED:
            return "sdk"
        return "pages" if path.startswith("/sdk/") else None

    def failure(self, status: int) -> Response:
        """5xx come from the gateway before the API, and are not its JSON."""
        words = {401: "Invalid API key provided", 404: "Order not found", 429: "Too many requests"}
        if status < 500:
            return ApiError(status, words.get(status, "The request failed.")).response()
        return Response("<h1>Something went wrong</h1>", status, media_type="text/html")

    def accepts(self, status: int) -> bool:
        return 200 <= status < 300

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        return self.events.sign(raw, wrong)

    def act(self, ref: str, action: Action) -> list[str]:
        return self.desk.act(self._order(ref), action)

    def payments(self) -> list[Summary]:
        return [
            Summary(
                ref=order.id,
                amount=str(order.total),
                status=self._status(order),
                description=", ".join(_locator(line.asked) for line in order.lines),
                order="",
                url=self._hosted(order),
            )
            for order in self.ledger.orders()
        ]

    def payment(self, ref: str) -> dict[str, Any]:
        return self.bodies.order(self._order(ref))

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self.bodies.tamper(self._order(ref).id, fields)

    def _order(self, ref: str) -> Order:
        try:
            return self.ledger.order(ref)
        except ApiError:
            raise UnknownPayment(ref) from None

    def _hosted(self, order: Order) -> str:
        query = f"clientSecret={order.client_secret}&apiKey={self._client_key}"
        return f"{self.url}/sdk/2024-03-05/hosted-checkout/{order.id}?{query}"

    def _status(self, order: Order) -> str:
        if order.refunded is not None:
            return "refunded" if order.refunded == order.total else "partly refunded"
        if order.paid == "yes":
            return f"paid, {order.lines[0].delivery}"
        return order.payment_status

    def _now(self) -> int:
        return int(self.settings.clock().timestamp())


def _locator(item: Mapping[str, Any]) -> str:
    return next(str(value) for name, value in item.items() if name.endswith("Locator"))
