"""What the account holds: payments, the money seen for them, refunds. Amounts are ints in the smallest unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from checkout_server.money import exponent_of, scaled

# Without `expired_at` a payment lives this long, in seconds (`time_window`).
TIME_WINDOW = 600

# CRO for one major unit of any fiat currency, 75.792, at which 25.00 USD are the 1894.8 CRO of the document's
# example. A sandbox has no market.
_RATE, _RATE_EXPONENT = 75792, 3


Mismatch = Literal["underpaid", "late"]


@dataclass(frozen=True, slots=True)
class Order:
    """What a merchant asks for when it creates a payment. `expired_at` is in unix seconds, None for the default."""

    amount: int
    currency: str
    description: str | None = None
    metadata: dict[str, Any] | None = None
    order_id: str | None = None
    return_url: str | None = None
    cancel_url: str | None = None
    customer_id: str | None = None
    sub_merchant_id: str | None = None
    onchain_allowed: bool = True
    expired_at: int | None = None


@dataclass(frozen=True, slots=True)
class Fund:
    """Money that arrived: `units` of the payment's pricing currency, at the sandbox's rate.

    `mismatch` says why it does not settle the payment; such money is returned to the payer.
    """

    id: str
    units: int
    seen_at: int
    confirmed: bool = False
    mismatch: Mismatch | None = None


@dataclass(slots=True)
class Payment:
    id: str
    order: Order
    live: bool
    created: int
    expires: int
    status: Literal["pending", "succeeded", "cancelled"] = "pending"
    fund: Fund | None = None
    amount_refunded: int = 0
    settled_at: int | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def approved(self) -> bool:
        """Money is on its way that will settle this payment."""
        return self.fund is not None and self.fund.mismatch is None

    def expired(self, now: int) -> bool:
        """Nobody paid in time. The status stays `pending`: the flag alone says it."""
        return self.status == "pending" and not self.approved and now >= self.expires


@dataclass(slots=True)
class Refund:
    id: str
    payment: Payment
    amount: int
    created: int
    reason: str | None
    description: str | None
    status: Literal["pending", "succeeded"] = "pending"


def in_cro(units: int, currency: str) -> str:
    """An amount in CRO as the provider writes it: exact decimal text with at least one digit after the point."""
    if currency == "CRO":
        text = scaled(units, exponent_of(currency))
    else:
        text = scaled(units * _RATE, exponent_of(currency) + _RATE_EXPONENT)
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"
