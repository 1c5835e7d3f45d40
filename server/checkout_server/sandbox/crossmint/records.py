"""What the project holds: orders, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from checkout_server.money import Money

DeliveryStatus = Literal["awaiting-payment", "in-progress", "completed", "failed"]


@dataclass(slots=True)
class Line:
    """One line item as it was ordered, its price, and how far its delivery is."""

    asked: dict[str, Any]
    price: Money
    delivery: DeliveryStatus = "awaiting-payment"
    unavailable: str | None = None


@dataclass(slots=True)
class Order:
    """`payment` is what was asked for; `paid` and `hold` are what became of it.

    `hold` is a payment status that stands in the way: an identity check, a wallet without money. `failure` is the
    reason of the last decline. `refunded` is what went back of what was paid.
    """

    id: str
    client_secret: str
    lines: list[Line]
    locale: str
    recipient: dict[str, Any] | None
    payment: dict[str, Any]
    paid: Literal["no", "seen", "yes", "failed"] = "no"
    hold: str | None = None
    quote_expired: bool = False
    failure: dict[str, Any] | None = None
    refunded: Money | None = None

    @property
    def currency(self) -> str:
        return str(self.payment["currency"]).upper()

    @property
    def total(self) -> Money:
        return Money(sum(line.price.units for line in self.lines), self.currency)

    @property
    def email(self) -> str | None:
        """Where the receipt goes."""
        given = self.payment.get("receiptEmail") or (self.recipient or {}).get("email")
        return str(given) if given else None

    @property
    def quote_status(self) -> str:
        if all(line.unavailable for line in self.lines):
            return "all-line-items-unavailable"
        if self.recipient is None:
            return "requires-recipient"
        return "expired" if self.quote_expired and self.paid == "no" else "valid"

    @property
    def payment_status(self) -> str:
        if self.paid != "no":
            return {"seen": "in-progress", "yes": "completed", "failed": "failed"}[self.paid]
        if self.quote_status != "valid":
            return "requires-quote"
        if self.hold is not None:
            return self.hold
        return "awaiting-payment" if self.email else "requires-email"

    @property
    def phase(self) -> str:
        if self.paid == "yes":
            over = all(line.delivery in ("completed", "failed") for line in self.lines)
            return "completed" if over else "delivery"
        return "payment" if self.quote_status == "valid" else "quote"
