"""The networks: each a row of blocks that grows by one at a time."""

from __future__ import annotations

from checkout_server.sandbox.cryptopay.records import Order, Transfer

_FIRST = 12_345_678  # as in the document's example


class Chain:
    """`head(blockchain)` is the newest block. A transfer in the newest block has one confirmation."""

    def __init__(self) -> None:
        self._heads: dict[str, int] = {}

    def head(self, blockchain: str) -> int:
        return self._heads.get(blockchain, _FIRST)

    def mine(self, blockchain: str) -> None:
        self._heads[blockchain] = self.head(blockchain) + 1

    def confirmations(self, order: Order) -> int:
        """How deep the order's transfer is; 0 where there is none, or one that moved nothing."""
        transfer = order.transfer
        if transfer is None or transfer.failed:
            return 0
        return max(0, self.head(order.wanted.blockchain) - transfer.block + 1)

    def include(self, order: Order, *, depth: int = 1) -> Transfer:
        """A transfer for the order that is `depth` blocks deep by now."""
        return order.sent(self.head(order.wanted.blockchain) - depth + 1)
