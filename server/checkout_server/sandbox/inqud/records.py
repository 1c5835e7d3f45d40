"""What the account holds: checkouts, and of each at most one request with at most one payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Literal

Type = Literal["NO_PRICE", "FIXED_PRICE", "SUGGESTED_FIXED_PRICE"]
TYPES: tuple[Type, ...] = ("NO_PRICE", "FIXED_PRICE", "SUGGESTED_FIXED_PRICE")

# Without `expiresAt` a checkout is open for this long, and so is a payment window; the document gives no figures.
LIFE = timedelta(minutes=30)
# What the widget's settings suggest at the sandbox, in USD.
SUGGESTED = (Decimal(10), Decimal(25), Decimal(50))


@dataclass(frozen=True, slots=True)
class Coin:
    """`rate` is what one major unit of any fiat currency costs, `digits` what the coin has after the point.

    A sandbox has no market.
    """

    code: str
    network: str
    rate: Decimal
    digits: int


COINS = {
    coin.code: coin
    for coin in (
        Coin("USDT", "Tron", Decimal(1), 6),
        Coin("USDC", "Ethereum", Decimal(1), 6),
        Coin("BTC", "Bitcoin", Decimal("0.00001"), 8),
    )
}


@dataclass(frozen=True, slots=True)
class Price:
    """Major units."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a merchant asks for when it creates a checkout; `price` for `FIXED_PRICE` only."""

    type: Type
    price: Price | None
    client_order_id: str | None
    name: str | None
    return_url: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that arrived, in a coin."""

    paid: Price
    tx_hash: str
    overpaid: bool = False


@dataclass(slots=True)
class Checkout:
    id: str
    order: Order
    created: datetime
    updated: datetime
    expires: datetime
    status: Literal["NEW", "SUCCESS", "CONFLICT"] = "NEW"
    reason: str | None = None
    payment: Payment | None = None

    def expired(self, now: datetime) -> bool:
        """Nobody paid in time. What the provider calls this is not known: the status stays as it was."""
        return self.payment is None and now >= self.expires


def in_coin(price: Price, coin: Coin) -> Decimal:
    """What a price costs in a coin, with no more digits than the coin has."""
    if price.currency == coin.code:
        return price.amount
    return (price.amount * coin.rate).quantize(Decimal(1).scaleb(-coin.digits), ROUND_UP)
