"""The provider's rules: what may become of an order, and what may not."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from checkout_server.sandbox.base import CannotDo
from checkout_server.sandbox.cryptopay.chain import Chain
from checkout_server.sandbox.cryptopay.errors import not_found, refused
from checkout_server.sandbox.cryptopay.records import Order, Wanted


class Ledger:
    """All orders of the account, in memory. `needed` is how many confirmations make an order confirmed.

    What the API asks raises `ApiError`, what happens on the chain `CannotDo`.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        chain: Chain,
        wallets: Mapping[str, str],
        needed: int,
        late: str,
    ) -> None:
        self.now = now
        self.chain = chain
        self.needed = needed
        self._wallets = wallets
        self._late = late
        self._orders: dict[str, Order] = {}
        self._nonces: set[int] = set()

    def create(self, wanted: Wanted) -> Order:
        address = self._wallets.get(wanted.blockchain)
        if address is None:
            raise refused("WALLET_NOT_CONFIGURED", "No wallet address for blockchain.", "blockchain")
        if wanted.nonce in self._nonces:
            raise refused("DUPLICATE_NONCE", "Nonce already used.", "nonce")
        self._nonces.add(wanted.nonce)
        order = Order(
            number=len(self._orders) + 123,
            id=f"ORD-{secrets.token_hex(6)}",
            wanted=wanted,
            address=address,
            created_at=self.now(),
        )
        self._orders[order.id] = order
        return order

    def order(self, ref: str) -> Order:
        order = self._orders.get(ref)
        if order is None:
            raise not_found()
        self._lapse(order)
        return order

    def orders(self) -> list[Order]:
        """Newest first."""
        return [self.order(ref) for ref in reversed(self._orders)]

    def detect(self, order: Order, *, depth: int = 1) -> None:
        """A transfer for the order is in a block. One that comes after the expiry may be taken or only noted."""
        if order.status == "expired":
            if order.transfer is not None:
                raise CannotDo("order_paid", "A transfer for this order was seen before.")
            self.chain.include(order, depth=depth)
            if self._late == "confirm":
                order.status = "processing"
            return
        if order.status != "pending":
            raise CannotDo(f"order_{order.status}", f"The order is {order.status}.")
        self.chain.include(order, depth=depth)
        order.status = "processing"

    def settle(self, order: Order) -> bool:
        """Whether the transfer is deep enough now, and was not before."""
        if order.status != "processing" or self.chain.confirmations(order) < self.needed:
            return False
        order.status = "confirmed"
        order.confirmed_at = self.now()
        return True

    def fail(self, order: Order) -> None:
        if order.status not in ("pending", "processing"):
            raise CannotDo(f"order_{order.status}", f"The order is {order.status}.")
        order.status = "failed"
        if order.transfer is not None:
            order.transfer.failed = True

    def expire(self, order: Order) -> None:
        if order.status != "pending":
            raise CannotDo(f"order_{order.status}", f"The order is {order.status}.")
        order.status = "expired"

    def forget(self, order: Order) -> None:
        """The chain has gone another way, and the block with the transfer is no longer part of it."""
        if order.transfer is None or order.status not in ("processing", "confirmed"):
            raise CannotDo("no_transfer", "There is no transfer that could be dropped.")
        order.transfer = None
        order.confirmed_at = None
        order.status = "pending"

    def _lapse(self, order: Order) -> None:
        expires = order.wanted.expires_at
        if order.status == "pending" and expires is not None and self.now() >= expires:
            order.status = "expired"
