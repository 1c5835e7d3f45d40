"""Crypto.com Pay, wrong on purpose: what a careless stand-in would get wrong, one thing each.

`MUTATIONS[name]` is a sandbox class for `create_sandbox(settings, sandboxes=[...])`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from checkout_server.sandbox.crypto_com import CryptoComSandbox
from checkout_server.sandbox.crypto_com.auth import Authenticator, Caller
from checkout_server.sandbox.crypto_com.bodies import Bodies
from checkout_server.sandbox.crypto_com.desk import Desk
from checkout_server.sandbox.crypto_com.events import Events
from checkout_server.sandbox.crypto_com.ledger import Ledger
from checkout_server.sandbox.crypto_com.records import Order, Payment, Refund
from checkout_server.sandbox.delivery import Event

MUTATIONS: dict[str, type[CryptoComSandbox]] = {}


def mutation(name: str, **parts: Any) -> None:
    MUTATIONS[name] = type(f"Mutated_{name}", (CryptoComSandbox,), parts)


class MisnamedField(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        body = super().payment(payment)
        body["cryptoAmount"] = body.pop("crypto_amount")
        return body


class AmountAsText(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "amount": str(payment.order.amount)}


class AmountThroughFloat(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "amount": int(float(payment.order.amount))}


class LowerCaseCurrency(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "currency": payment.order.currency.lower()}


class NoOrderId(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "order_id": None}


class OtherMode(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "live_mode": not payment.live}


class ExpiredAsStatus(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        body = super().payment(payment)
        return {**body, "status": "expired"} if body["expired"] else body


class RefundedTooSoon(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "refunded": payment.amount_refunded > 0}


class RefundWithoutPayment(Bodies):
    def refund(self, refund: Refund) -> dict[str, Any]:
        return {**super().refund(refund), "payment_id": refund.id}


class SignsBodyOnly(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        digest = hmac.new(self._secret.encode(), raw, hashlib.sha256).hexdigest()
        return {"Pay-Signature": f"t={self._now()},v1={digest}"}


class SignsInMilliseconds(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        moment = f"{self._now() * 1000}"
        digest = hmac.new(self._secret.encode(), f"{moment}.".encode() + raw, hashlib.sha256)
        return {"Pay-Signature": f"t={moment},v1={digest.hexdigest()}"}


class PaidWhenSeen(Ledger):
    def approve(self, payment: Payment, units: int) -> None:
        super().approve(payment, units)
        self.capture(payment)


class CancelsPaid(Ledger):
    def cancel(self, payment: Payment) -> None:
        payment.status = "cancelled"


class RefundsAnything(Ledger):
    def refundable(self, payment: Payment) -> int:
        return 10**30


class RefundsAtOnce(Ledger):
    def request_refund(
        self, payment: Payment, amount: int, reason: str | None, description: str | None
    ) -> Refund:
        refund = super().request_refund(payment, amount, reason, description)
        self.transfer(refund)
        return refund


class NeverExpires(Ledger):
    def create(self, order: Order, *, live: bool) -> Payment:
        payment = super().create(order, live=live)
        payment.expires += 10**9
        return payment


class LateMoneyPays(Ledger):
    def return_to_payer(self, payment: Payment, units: int) -> None:
        if payment.expired(self.now()):
            payment.fund = self._fund(units)
            self.capture(payment)
        else:
            super().return_to_payer(payment, units)


class UnderpaidIsEnough(Ledger):
    def return_to_payer(self, payment: Payment, units: int) -> None:
        self.approve(payment, units)
        self.capture(payment)


class OldestFirst(Ledger):
    def payments(self, *, live: bool | None = None) -> list[Payment]:
        return super().payments(live=live)[::-1]


class SeesBothModes(Ledger):
    def payment(self, ref: str, *, live: bool | None = None, param: str = "id") -> Payment:
        return super().payment(ref, param=param)


class AnyKey(Authenticator):
    def caller(self, authorization: str, *, secret: bool = True) -> Caller:
        return Caller(live=False, secret=True)


class PublishableIsSecret(Authenticator):
    def caller(self, authorization: str, *, secret: bool = True) -> Caller:
        return super().caller(authorization, secret=False)


class TellsNoCapture(Desk):
    def _capture(self, payment: Payment) -> list[Event]:
        super()._capture(payment)
        return []


class TellsCaptureAsFulfil(Desk):
    def _capture(self, payment: Payment) -> list[Event]:
        super()._capture(payment)
        return [self._payment_event("payment.fulfill", payment)]


mutation("misnamed_field", bodies_type=MisnamedField)
mutation("amount_as_text", bodies_type=AmountAsText)
mutation("amount_through_float", bodies_type=AmountThroughFloat)
mutation("currency_lower_cased", bodies_type=LowerCaseCurrency)
mutation("order_id_dropped", bodies_type=NoOrderId)
mutation("live_mode_flipped", bodies_type=OtherMode)
mutation("expired_as_a_status", bodies_type=ExpiredAsStatus)
mutation("refunded_when_partial", bodies_type=RefundedTooSoon)
mutation("refund_event_without_payment", bodies_type=RefundWithoutPayment)
mutation("signature_without_timestamp", events_type=SignsBodyOnly)
mutation("signature_in_milliseconds", events_type=SignsInMilliseconds)
mutation("paid_when_only_seen", ledger_type=PaidWhenSeen)
mutation("paid_can_be_cancelled", ledger_type=CancelsPaid)
mutation("refund_more_than_paid", ledger_type=RefundsAnything)
mutation("refund_without_waiting", ledger_type=RefundsAtOnce)
mutation("never_expires", ledger_type=NeverExpires)
mutation("expired_can_be_paid", ledger_type=LateMoneyPays)
mutation("underpaid_succeeds", ledger_type=UnderpaidIsEnough)
mutation("oldest_first", ledger_type=OldestFirst)
mutation("modes_mixed", ledger_type=SeesBothModes)
mutation("any_key_accepted", authenticator_type=AnyKey)
mutation("publishable_key_reads", authenticator_type=PublishableIsSecret)
mutation("no_retry", retry_delays=())
mutation("one_retry_too_few", retry_delays=(5.0,) * 4)
mutation("capture_not_told", desk_type=TellsNoCapture)
mutation("capture_told_as_fulfil", desk_type=TellsCaptureAsFulfil)
