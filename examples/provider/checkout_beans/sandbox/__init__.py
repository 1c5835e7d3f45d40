"""Bean Counter's stand-in, written from its manual and not from our adapter: an adapter that misreads it fails here."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from checkout_beans.sandbox.api import Api
from checkout_beans.sandbox.ledger import ApiError, Invoice, Ledger
from checkout_beans.sandbox.pages import Pages
from checkout_server.sandbox.base import Action, CannotDo, Do, Sandbox, Summary, UnknownPayment
from checkout_server.sandbox.delivery import Event
from checkout_server.sandbox.faults import Surface
from checkout_server.sandbox.settings import SandboxSettings

_KEY = "bk_test_demo"
_SECRET = b"demo-webhook-secret"
# What each lever makes of an invoice.
_BECOMES = {"pay": "paid", "detect": "counting", "cancel": "void", "expire": "expired"}


class BeansSandbox(Sandbox):
    """Bean Counter. It takes the whole amount or nothing, so nobody pays too little or too much."""

    name = "beans"
    title = "Bean Counter"
    can: ClassVar[tuple[Do, ...]] = tuple(_BECOMES)
    retry_delays: ClassVar[tuple[float, ...]] = (5.0, 30.0, 120.0)
    signs_again = True

    def __init__(self, settings: SandboxSettings) -> None:
        super().__init__(settings)
        self._ledger = Ledger(self.url, self._now)
        self._last: dict[str, Event] = {}
        self._api = Api(self._ledger, _KEY, lambda ref: self._do(ref, Action(do="cancel")))
        self._pages = Pages(self._ledger, lambda ref: self._do(ref, Action(do="pay")))

    def routes(self) -> Sequence[BaseRoute]:
        return [*self._api.routes(), *self._pages.routes()]

    def surface_of(self, path: str) -> Surface | None:
        if path == "/counter.js":
            return "sdk"
        return "api" if path.startswith("/api/") else "pages"

    def failure(self, status: int) -> Response:
        return JSONResponse({"error": {"code": "unauthorized" if status == 401 else "failed"}}, status)

    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        time = str(self._now())
        secret = b"another-secret" if wrong else _SECRET
        digest = hmac.new(secret, time.encode() + b"." + raw, hashlib.sha256)
        return {"Bean-Time": time, "Bean-Signature": digest.hexdigest()}

    def act(self, ref: str, action: Action) -> list[str]:
        if action.amount is not None:
            raise CannotDo("amount_given", "An invoice is paid in full.", param="amount")
        try:
            return self._do(ref, action)
        except ApiError as error:
            if error.status == 404:
                raise UnknownPayment(ref) from error
            raise CannotDo("not_now", f"Bean Counter answers {error}.") from error

    def payments(self) -> list[Summary]:
        return [
            Summary(
                ref=invoice.id,
                amount=invoice.price,
                status=invoice.status,
                description=invoice.memo,
                order=invoice.reference,
                url=invoice.pay_url,
            )
            for invoice in self._ledger.invoices()
        ]

    def payment(self, ref: str) -> dict[str, Any]:
        return self._ledger.body(self._invoice(ref))

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self._invoice(ref).said = dict(fields)

    def _invoice(self, ref: str) -> Invoice:
        try:
            return self._ledger.invoice(ref)
        except ApiError:
            raise UnknownPayment(ref) from None

    def _do(self, ref: str, action: Action) -> list[str]:
        """Changes an invoice and tells the merchant."""
        invoice = self._ledger.invoice(ref)
        self._ledger.become(invoice, _BECOMES[action.do])
        event = self._event(invoice)
        delay, before = action.delay_ms / 1000, self._last.get(ref)
        self.deliveries.send([event], action.webhook, delay=delay, before=before)
        self._last[ref] = event
        return [event.type]

    def _event(self, invoice: Invoice) -> Event:
        kind = f"invoice.{invoice.status}"
        fields = {
            "id": f"evt_{secrets.token_hex(12)}",
            "type": kind,
            "invoice": invoice.id,
            "reference": invoice.reference,
        }
        return Event(kind, json.dumps(fields).encode())

    def _now(self) -> int:
        return int(self.settings.clock().timestamp())


SANDBOX = BeansSandbox

__all__ = ["SANDBOX", "BeansSandbox"]
