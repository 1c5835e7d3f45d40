"""The parts of order intents put together. A test that breaks one on purpose replaces its class attribute."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from starlette.responses import Response
from starlette.routing import BaseRoute

from checkout_server.sandbox.base import Action, CannotDo, Do, Sandbox, Summary, UnknownPayment
from checkout_server.sandbox.crossmint_intents.api import Api, Keys
from checkout_server.sandbox.crossmint_intents.bodies import Bodies
from checkout_server.sandbox.crossmint_intents.errors import ApiError, unauthorized
from checkout_server.sandbox.crossmint_intents.ledger import Ledger
from checkout_server.sandbox.crossmint_intents.records import Intent
from checkout_server.sandbox.crossmint_intents.settings import CrossmintIntentsSettings
from checkout_server.sandbox.crossmint_intents.verifier import Verifier
from checkout_server.sandbox.faults import Surface
from checkout_server.sandbox.settings import SandboxSettings


class CrossmintIntentsSandbox(Sandbox):
    """Order intents: nothing is ever paid, and no webhook of them is documented, so none is sent.

    `fail` refuses the next verification in the browser; `cancel` deletes, as the project's owner may.
    """

    name = "crossmint_intents"
    title = "Crossmint order intents"
    webhooks = False
    can: ClassVar[tuple[Do, ...]] = (
        "approve",
        "fail",
        "cancel",
        "expire",
        "need_payment_method",
        "add_payment_method",
    )

    keys_type: ClassVar[type[Keys]] = Keys
    ledger_type: ClassVar[type[Ledger]] = Ledger
    bodies_type: ClassVar[type[Bodies]] = Bodies

    def __init__(self, settings: SandboxSettings) -> None:
        super().__init__(settings)
        own = CrossmintIntentsSettings.model_validate(self.own_settings)
        self.ledger = self.ledger_type(self._now)
        self.bodies = self.bodies_type(self._now)
        self._api = Api(keys=self.keys_type(own), ledger=self.ledger, bodies=self.bodies, deleted=own.deleted)
        self._verifier = Verifier(ledger=self.ledger, bodies=self.bodies)
        self._acts: dict[Do, Callable[[Intent], None]] = {
            "approve": self.ledger.approve,
            "fail": self.ledger.fail,
            "cancel": self.ledger.delete,
            "expire": self.ledger.expire,
            "need_payment_method": lambda intent: self.ledger.move(
                intent, "requires-verification", "requires-payment-method"
            ),
            "add_payment_method": lambda intent: self.ledger.move(
                intent, "requires-payment-method", "requires-verification"
            ),
        }

    def routes(self) -> Sequence[BaseRoute]:
        return [*self._api.routes(), *self._verifier.routes()]

    def surface_of(self, path: str) -> Surface | None:
        if path.startswith("/api/"):
            return "api"
        if path == "/verifier.js":
            return "sdk"
        return "pages" if path == "/verify" else None

    def failure(self, status: int) -> Response:
        """5xx come from what stands before the API, and are not its JSON."""
        if status == 401:
            return unauthorized("Invalid API key").response()
        if status == 429:
            return ApiError(429, "rate_limited", "Too many requests").response()
        if status < 500:
            return ApiError(status, "failed", "The request failed").response()
        return Response("<h1>Something went wrong</h1>", status, media_type="text/html")

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        return {}

    def act(self, ref: str, action: Action) -> list[str]:
        if action.amount is not None:
            raise CannotDo("amount_given", "An approval has no amount.", param="amount")
        try:
            self._acts[action.do](self._intent(ref))
        except ApiError as error:
            raise CannotDo(error.code, str(error)) from error
        return []

    def payments(self) -> list[Summary]:
        return [
            Summary(
                ref=intent.id,
                amount=_limits(intent) or "no limit",
                status="deleted" if self.ledger.is_deleted(intent.id) else intent.phase(self._now()),
                description="; ".join(
                    str(each["value"]) for each in intent.wish.mandates if each["type"] == "description"
                ),
                order="",
                url=None,
            )
            for intent in self.ledger.intents(deleted=True)
        ]

    def payment(self, ref: str) -> dict[str, Any]:
        return self.bodies.intent(self._intent(ref))

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self.bodies.tamper(self._intent(ref).id, fields)

    def _intent(self, ref: str) -> Intent:
        try:
            return self.ledger.known(ref)
        except ApiError:
            raise UnknownPayment(ref) from None

    def _now(self) -> datetime:
        return self.settings.clock()


def _limits(intent: Intent) -> str:
    found = [each for each in intent.wish.mandates if each["type"] == "maxAmount"]
    parts = (
        (each["value"], each["details"]["currency"].upper(), each["details"].get("period", ""))
        for each in found
    )
    return ", ".join(" ".join(part).strip() for part in parts)
