"""The parts of CryptoPay put together. A test that breaks one on purpose replaces its class attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.responses import Response
from starlette.routing import BaseRoute

from checkout_server.sandbox.base import Action, Do, Sandbox, Summary, UnknownPayment
from checkout_server.sandbox.cryptopay.api import Api
from checkout_server.sandbox.cryptopay.auth import Authenticator, Meter
from checkout_server.sandbox.cryptopay.bodies import Bodies
from checkout_server.sandbox.cryptopay.chain import Chain
from checkout_server.sandbox.cryptopay.desk import Desk
from checkout_server.sandbox.cryptopay.errors import ApiError, unauthorized
from checkout_server.sandbox.cryptopay.events import Events
from checkout_server.sandbox.cryptopay.ledger import Ledger
from checkout_server.sandbox.cryptopay.pages import Pages
from checkout_server.sandbox.cryptopay.records import Order
from checkout_server.sandbox.cryptopay.settings import CryptoPaySettings
from checkout_server.sandbox.faults import Surface
from checkout_server.sandbox.settings import SandboxSettings


class CryptoPaySandbox(Sandbox):
    """CryptoPay. Of sums that are too small or too large its document says nothing, and it can neither cancel nor refund.

    Words of its own: `block` (the network goes on by one block), `send` (a transfer, and then block after block by
    itself), `reorg` (the network drops the transfer).
    """

    name = "cryptopay"
    title = "CryptoPay"
    can: ClassVar[tuple[Do, ...]] = ("pay", "detect", "block", "send", "fail", "expire", "reorg")

    authenticator_type: ClassVar[type[Authenticator]] = Authenticator
    ledger_type: ClassVar[type[Ledger]] = Ledger
    chain_type: ClassVar[type[Chain]] = Chain
    bodies_type: ClassVar[type[Bodies]] = Bodies
    events_type: ClassVar[type[Events]] = Events
    desk_type: ClassVar[type[Desk]] = Desk

    def __init__(self, settings: SandboxSettings) -> None:
        super().__init__(settings)
        own = CryptoPaySettings.model_validate(self.own_settings)
        now = settings.clock
        chain = self.chain_type()
        self.ledger = self.ledger_type(
            now=now, chain=chain, wallets=own.wallets, needed=own.confirmations, late=own.late
        )
        self.bodies = self.bodies_type(url=self.url, chain=chain, now=now, list_rows=own.list_rows)
        self.events = self.events_type(own.webhook_secret, now)
        self.desk = self.desk_type(
            ledger=self.ledger,
            bodies=self.bodies,
            events=self.events,
            deliveries=self.deliveries,
            sleep=settings.sleep,
            block_seconds=own.block_seconds,
        )
        self._api = Api(
            auth=self.authenticator_type(own, now),
            meter=Meter(own.requests_per_hour, now),
            ledger=self.ledger,
            bodies=self.bodies,
            desk=self.desk,
            tokens=own.tokens,
        )
        self._pages = Pages(ledger=self.ledger, desk=self.desk, url=self.url, merchant=settings.merchant)

    def routes(self) -> Sequence[BaseRoute]:
        return [*self._api.routes(), *self._pages.routes()]

    def surface_of(self, path: str) -> Surface | None:
        if path.startswith("/api/"):
            return "api"
        return "pages" if path.startswith(("/order/", "/qr/")) else None

    def failure(self, status: int) -> Response:
        """5xx come from what stands before the API, and are not its JSON."""
        now = self.settings.clock
        if status == 401:
            return unauthorized().response(now)
        if status == 429:
            return ApiError(429, "RATE_LIMITED", "Request was throttled.").response(now)
        if status < 500:
            return ApiError(status, "VALIDATION_ERROR", "Invalid input.").response(now)
        return Response("<h1>Server Error</h1>", status, media_type="text/html")

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        return self.events.sign(raw, wrong)

    def act(self, ref: str, action: Action) -> list[str]:
        return self.desk.act(self._order(ref), action)

    def payments(self) -> list[Summary]:
        return [
            Summary(
                ref=order.id,
                amount=f"{order.wanted.amount} {order.wanted.currency}",
                status=order.status,
                description=f"on {order.wanted.blockchain}",
                order=order.wanted.order_info,
                url=f"{self.url}/order/{order.id}",
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
