"""The provider's rules: what may become of a payment, and what may not."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from checkout_server.sandbox.crypto_com.errors import not_found, refused
from checkout_server.sandbox.crypto_com.records import TIME_WINDOW, Fund, Mismatch, Order, Payment, Refund


class Ledger:
    """All payments and refunds of the account, in memory. `now` is in unix seconds.

    Methods raise `ApiError` as the API answers it.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now
        self._payments: dict[str, Payment] = {}
        self._refunds: dict[str, Refund] = {}

    def create(self, order: Order, *, live: bool) -> Payment:
        now = self.now()
        expires = now + TIME_WINDOW if order.expired_at is None else order.expired_at
        payment = Payment(str(uuid.uuid4()), order, live, now, expires)
        self._payments[payment.id] = payment
        return payment

    def payment(self, ref: str, *, live: bool | None = None, param: str = "id") -> Payment:
        """One payment; a key of one mode does not see the other's. `live=None` sees both."""
        payment = self._payments.get(ref)
        if payment is None or (live is not None and payment.live != live):
            raise not_found(param)
        return payment

    def payments(self, *, live: bool | None = None) -> list[Payment]:
        """Newest first."""
        held = reversed(self._payments.values())
        return [payment for payment in held if live is None or payment.live == live]

    def cancel(self, payment: Payment) -> None:
        """Pending to cancelled, for good. An approved payment cannot be cancelled."""
        if payment.status == "cancelled":
            raise refused("payment_cancelled", "The payment is already cancelled.", param="id")
        if payment.status == "succeeded" or payment.approved:
            raise refused("payment_approved", "An approved payment cannot be cancelled.", param="id")
        payment.status = "cancelled"

    def approve(self, payment: Payment, units: int) -> None:
        """Money for the whole payment is seen and not final."""
        self._must_be_payable(payment)
        payment.fund = self._fund(units)

    def capture(self, payment: Payment) -> None:
        """The money seen is final."""
        if payment.fund is None:
            raise refused("payment_not_approved", "There is nothing to capture.")
        fund = payment.fund
        payment.fund = Fund(fund.id, fund.units, fund.seen_at, confirmed=True)
        payment.status = "succeeded"
        payment.settled_at = self.now()

    def return_to_payer(self, payment: Payment, units: int) -> None:
        """Money that does not settle the payment: too little of it, or too late. It never succeeds by it."""
        late = payment.expired(self.now())
        if not late:
            self._must_be_payable(payment)
        mismatch: Mismatch = "late" if late else "underpaid"
        payment.fund = Fund(str(uuid.uuid4()), units, self.now(), confirmed=True, mismatch=mismatch)

    def expire(self, payment: Payment) -> None:
        self._must_be_payable(payment, underpaid=True)
        payment.expires = min(payment.expires, self.now())

    def refundable(self, payment: Payment) -> int:
        """What is left to refund, with pending refunds taken off."""
        return payment.order.amount - sum(refund.amount for refund in payment.refunds)

    def request_refund(
        self, payment: Payment, amount: int, reason: str | None, description: str | None
    ) -> Refund:
        if payment.status != "succeeded":
            raise refused(
                "payment_not_refundable", "Only a succeeded payment can be refunded.", param="payment_id"
            )
        if amount > self.refundable(payment):
            raise refused("amount_too_large", "The amount is more than is left.", param="amount")
        refund = Refund(str(uuid.uuid4()), payment, amount, self.now(), reason, description)
        self._refunds[refund.id] = refund
        payment.refunds.append(refund)
        return refund

    def refund(self, ref: str, *, live: bool | None = None) -> Refund:
        refund = self._refunds.get(ref)
        if refund is None or (live is not None and refund.payment.live != live):
            raise not_found()
        return refund

    def transfer(self, refund: Refund) -> bool:
        """The money of a refund leaves. False when it already has."""
        if refund.status == "succeeded":
            return False
        refund.status = "succeeded"
        refund.payment.amount_refunded += refund.amount
        return True

    def _must_be_payable(self, payment: Payment, *, underpaid: bool = False) -> None:
        if payment.status != "pending":
            raise refused(f"payment_{payment.status}", f"The payment is {payment.status}.")
        if payment.expired(self.now()):
            raise refused("payment_expired", "The payment has expired.")
        if payment.fund is not None and not (underpaid and payment.fund.mismatch):
            raise refused("payment_funded", "Money for this payment was seen before.")

    def _fund(self, units: int) -> Fund:
        return Fund(str(uuid.uuid4()), units, self.now())
