"""What the account holds: orders, and the transfers that were seen for them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Status = Literal["pending", "processing", "confirmed", "expired", "failed"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a merchant asks for. `amount` is the text it came as, and stays it."""

    amount: str
    currency: str
    blockchain: str
    order_info: str
    nonce: int
    webhook_url: str | None = None
    redirect_url: str | None = None
    expires_at: datetime | None = None

    @property
    def value(self) -> Decimal:
        return Decimal(self.amount)


@dataclass(slots=True)
class Transfer:
    """A transfer in block `block` of its network; how deep that is depends on the network's newest block."""

    hash: str
    block: int
    failed: bool = False


@dataclass(slots=True)
class Order:
    number: int
    id: str
    wanted: Wanted
    address: str
    created_at: datetime
    status: Status = "pending"
    transfer: Transfer | None = None
    transfers: int = 0  # how many there were: a chain may drop one, and the shopper sends another
    confirmed_at: datetime | None = None

    def sent(self, block: int) -> Transfer:
        """A new transfer, in this block."""
        self.transfers += 1
        name = f"{self.id}/{self.wanted.nonce}/{self.transfers}"
        self.transfer = Transfer("0x" + hashlib.sha256(name.encode()).hexdigest(), block)
        return self.transfer


def sender_of(order: Order) -> str:
    """Who pays: an address that looks like one and is nobody's."""
    return "0x" + "0" * 20 + hashlib.sha256(order.id.encode()).hexdigest()[:20]
