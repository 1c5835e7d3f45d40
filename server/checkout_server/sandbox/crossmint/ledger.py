"""The provider's rules: what may become of an order, and what may not. Methods raise `ApiError` as the API answers it."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from checkout_server.money import Money
from checkout_server.sandbox.crossmint.errors import ApiError, invalid
from checkout_server.sandbox.crossmint.records import Line, Order

DECLINED = {
    "code": "card_declined",
    "category": "payment",
    "retryPolicy": "shopper",
    "message": "Your card was declined.",
}


class Ledger:
    """All orders of the project, in memory."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    def create(
        self,
        lines: list[Line],
        *,
        locale: str,
        recipient: dict[str, Any] | None,
        payment: dict[str, Any],
    ) -> Order:
        order = Order(
            id=str(uuid.uuid4()),
            client_secret=secrets.token_urlsafe(24),
            lines=lines,
            locale=locale,
            recipient=recipient,
            payment=payment,
        )
        self._orders[order.id] = order
        return order

    def order(self, ref: str) -> Order:
        try:
            return self._orders[ref]
        except KeyError:
            raise ApiError(404, "Order not found") from None

    def orders(self) -> list[Order]:
        """Newest first."""
        return list(reversed(self._orders.values()))

    def change(self, order: Order, payment: dict[str, Any], recipient: dict[str, Any] | None) -> None:
        """`payment` takes the place of all of the old one. A new quote is made."""
        if order.paid != "no":
            raise invalid("The order can no longer be changed.")
        if payment["currency"].upper() != order.currency:
            raise invalid("The currency of an order cannot be changed here.")
        order.payment = payment
        order.recipient = recipient or order.recipient
        order.quote_expired = False

    def detect(self, order: Order) -> None:
        """A payment is under way."""
        self._must_be_payable(order)
        order.failure = None
        order.paid = "seen"

    def pay(self, order: Order) -> None:
        """Money arrived, and delivery begins."""
        if order.paid != "seen":
            self.detect(order)
        order.paid = "yes"
        for line in order.lines:
            line.delivery = "in-progress"

    def decline(self, order: Order) -> None:
        """Back to waiting for a payment, with the reason."""
        if order.paid != "seen":
            self._must_be_payable(order)
        order.paid = "no"
        order.failure = DECLINED

    def fail(self, order: Order) -> None:
        if order.paid != "seen":
            self._must_be_payable(order)
        order.paid = "failed"
        order.failure = DECLINED

    def deliver(self, order: Order, *, well: bool) -> None:
        if order.paid != "yes" or order.phase == "completed":
            raise invalid("There is nothing to deliver.")
        for line in order.lines:
            line.delivery = "completed" if well else "failed"

    def refund(self, order: Order, amount: Money | None) -> None:
        if order.paid != "yes":
            raise invalid("Only a completed payment can be refunded.")
        done = order.refunded or Money(0, order.currency)
        left = order.total - done
        amount = left if amount is None else amount
        if amount.units == 0 or amount > left:
            raise invalid("There is not so much left to refund.")
        order.refunded = done + amount

    def expire_quote(self, order: Order) -> None:
        """From the payment phase back to the quote phase."""
        if order.paid != "no":
            raise invalid("The quote was used.")
        order.quote_expired = True

    def requote(self, order: Order) -> None:
        order.quote_expired = False

    def hold(self, order: Order, status: str | None) -> None:
        """Something stands between the shopper and the payment, or no longer does."""
        if order.paid != "no":
            raise invalid("The order is paid, or about to be.")
        order.hold = status

    def sell_out(self, order: Order) -> None:
        if order.paid != "no":
            raise invalid("The order is paid, or about to be.")
        for line in order.lines:
            line.unavailable = "The item is sold out."

    def give_email(self, order: Order, email: str) -> None:
        """The shopper's answer to `requires-email` and `requires-recipient`."""
        if "@" not in email or order.paid != "no":
            raise invalid("This is no e-mail address.")
        order.payment = {**order.payment, "receiptEmail": email}
        order.recipient = order.recipient or {"email": email}

    def _must_be_payable(self, order: Order) -> None:
        if order.payment_status != "awaiting-payment":
            raise invalid(f"The payment is {order.payment_status}.")
