"""The parts of Crypto.com Pay put together. A test that breaks one on purpose replaces its class attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.responses import Response
from starlette.routing import BaseRoute

from checkout_server.money import Money
from checkout_server.sandbox.base import Action, Do, Sandbox, Summary, UnknownPayment
from checkout_server.sandbox.crypto_com.api import Api
from checkout_server.sandbox.crypto_com.auth import Authenticator
from checkout_server.sandbox.crypto_com.bodies import Bodies
from checkout_server.sandbox.crypto_com.desk import Desk
from checkout_server.sandbox.crypto_com.errors import ApiError, unauthorized
from checkout_server.sandbox.crypto_com.events import Events
from checkout_server.sandbox.crypto_com.ledger import Ledger
from checkout_server.sandbox.crypto_com.pages import Pages
from checkout_server.sandbox.crypto_com.records import Payment
from checkout_server.sandbox.crypto_com.sdk import Sdk
from checkout_server.sandbox.crypto_com.settings import CryptoComSettings
from checkout_server.sandbox.faults import Surface
from checkout_server.sandbox.settings import SandboxSettings


class CryptoComSandbox(Sandbox):
    """Crypto.com Pay. A payment cannot fail or be approved here: the document has no such status."""

    name = "crypto_com"
    title = "Crypto.com Pay"
    can: ClassVar[tuple[Do, ...]] = (
        "pay",
        "detect",
        "underpay",
        "overpay",
        "cancel",
        "expire",
        "refund",
    )

    authenticator_type: ClassVar[type[Authenticator]] = Authenticator
    ledger_type: ClassVar[type[Ledger]] = Ledger
    bodies_type: ClassVar[type[Bodies]] = Bodies
    events_type: ClassVar[type[Events]] = Events
    desk_type: ClassVar[type[Desk]] = Desk

    def __init__(self, settings: SandboxSettings) -> None:
        super().__init__(settings)
        own = CryptoComSettings.model_validate(self.own_settings)
        self.ledger = self.ledger_type(self._now)
        self.bodies = self.bodies_type(url=self.url, merchant=settings.merchant, now=self._now)
        self.events = self.events_type(own.webhook_secret, self._now)
        self.desk = self.desk_type(
            ledger=self.ledger,
            bodies=self.bodies,
            events=self.events,
            deliveries=self.deliveries,
            sleep=settings.sleep,
            refund_delay=own.refund_delay,
        )
        self._api = Api(
            auth=self.authenticator_type(own),
            ledger=self.ledger,
            bodies=self.bodies,
            desk=self.desk,
            list_shape=own.list_shape,
        )
        self._sdk = Sdk(ledger=self.ledger, bodies=self.bodies)
        self._pages = Pages(ledger=self.ledger, desk=self.desk, url=self.url, merchant=settings.merchant)

    def routes(self) -> Sequence[BaseRoute]:
        return [*self._api.routes(), *self._sdk.routes(), *self._pages.routes()]

    def surface_of(self, path: str) -> Surface | None:
        if path.startswith("/api/"):
            return "api"
        if path == "/sdk":
            return "sdk"
        return "pages" if path.startswith(("/pay/", "/sdk/payments/")) else None

    def failure(self, status: int) -> Response:
        """5xx come from what stands before the API, and are not its JSON."""
        if status == 401:
            return unauthorized("No valid API key provided.").response()
        if status == 429:
            error = ApiError(429, "rate_limit", "Too many requests.", type="rate_limit_error")
            return error.response()
        if status < 500:
            return ApiError(status, "request_failed", "The request failed.").response()
        return Response("<h1>Something went wrong</h1>", status, media_type="text/html")

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        return self.events.sign(raw, wrong)

    def act(self, ref: str, action: Action) -> list[str]:
        return self.desk.act(self._payment(ref), action)

    def payments(self) -> list[Summary]:
        return [
            Summary(
                ref=payment.id,
                amount=str(Money(payment.order.amount, payment.order.currency)),
                status=self._status(payment),
                description=payment.order.description or "",
                order=payment.order.order_id or "",
                url=f"{self.url}/pay/{payment.id}",
            )
            for payment in self.ledger.payments()
        ]

    def payment(self, ref: str) -> dict[str, Any]:
        return self.bodies.payment(self._payment(ref))

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self.bodies.tamper(self._payment(ref).id, fields)

    def _payment(self, ref: str) -> Payment:
        try:
            return self.ledger.payment(ref)
        except ApiError:
            raise UnknownPayment(ref) from None

    def _status(self, payment: Payment) -> str:
        if payment.status == "succeeded" and payment.amount_refunded:
            whole = payment.amount_refunded >= payment.order.amount
            return "refunded" if whole else "partly refunded"
        if payment.fund is not None and payment.fund.mismatch:
            return payment.fund.mismatch
        if payment.expired(self._now()):
            return "expired"
        return "money seen" if payment.approved and payment.status == "pending" else payment.status

    def _now(self) -> int:
        return int(self.settings.clock().timestamp())
