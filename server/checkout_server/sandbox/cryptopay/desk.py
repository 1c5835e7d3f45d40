"""What can happen to an order, told to the merchant as it happens: used by the API, the pages and the control."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checkout_server.sandbox.base import Action, CannotDo, Do
from checkout_server.sandbox.cryptopay.bodies import Bodies
from checkout_server.sandbox.cryptopay.events import Events, EventType
from checkout_server.sandbox.cryptopay.ledger import Ledger
from checkout_server.sandbox.cryptopay.records import Order, Wanted
from checkout_server.sandbox.delivery import Deliveries, Event
from checkout_server.sandbox.settings import Sleep


class Desk:
    """Changes the ledger and sends the webhooks of the change. `act` answers with the events it told of this order."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        bodies: Bodies,
        events: Events,
        deliveries: Deliveries,
        sleep: Sleep,
        block_seconds: float,
    ) -> None:
        self._ledger = ledger
        self._bodies = bodies
        self._events = events
        self._deliveries = deliveries
        self._sleep = sleep
        self._block_seconds = block_seconds
        self._last: dict[str, Event] = {}  # of each order, for webhooks out of order
        self._acts: dict[Do, Callable[[Order], list[Event]]] = {
            "pay": self._pay,
            "detect": self._detect,
            "block": self._block,
            "send": self._send,
            "fail": self._fail,
            "expire": self._expire,
            "reorg": self._reorg,
        }

    def create(self, wanted: Wanted) -> Order:
        return self._ledger.create(wanted)  # nothing is told of it

    def act(self, order: Order, action: Action) -> list[str]:
        """Raises `CannotDo` where the provider's rules refuse it."""
        if action.amount is not None:
            raise CannotDo("amount_given", "Nothing is known of sums other than the order's.", param="amount")
        told = self._acts[action.do](order)
        self._tell(order, told, action)
        return [event.type for event in told]

    def _pay(self, order: Order) -> list[Event]:
        """A transfer that is deep enough when it is noticed; after `detect`, the one that was seen becomes so."""
        needed = self._ledger.needed
        if order.status == "processing" and order.transfer is not None:
            order.transfer.block = self._ledger.chain.head(order.wanted.blockchain) - needed + 1
            return self._settle(order)
        return [*self._detect(order, depth=needed), *self._settle(order)]

    def _detect(self, order: Order, *, depth: int = 1) -> list[Event]:
        self._ledger.detect(order, depth=depth)
        return [self._event("payment.pending", order)]

    def _block(self, order: Order) -> list[Event]:
        """One more block on the order's network: every transfer there is a block deeper."""
        network = order.wanted.blockchain
        self._ledger.chain.mine(network)
        for other in self._ledger.orders():
            if other is not order and other.wanted.blockchain == network:
                self._tell(other, self._settle(other))
        return self._settle(order)

    def _send(self, order: Order) -> list[Event]:
        """What a wallet does: the transfer is seen, and then the chain goes on by itself."""
        told = self._detect(order)
        self._deliveries.later(self._go_on(order))
        return told

    async def _go_on(self, order: Order) -> None:
        while order.status == "processing":
            await self._sleep(self._block_seconds)
            self._tell(order, self._block(order))

    def _settle(self, order: Order) -> list[Event]:
        return [self._event("payment.confirmed", order)] if self._ledger.settle(order) else []

    def _fail(self, order: Order) -> list[Event]:
        self._ledger.fail(order)
        return [self._event("payment.failed", order)]

    def _expire(self, order: Order) -> list[Event]:
        self._ledger.expire(order)
        return [self._event("order.expired", order)]

    def _reorg(self, order: Order) -> list[Event]:
        self._ledger.forget(order)
        return []  # the provider documents no event for it

    def _event(self, kind: EventType, order: Order) -> Event:
        return self._events.event(kind, self._bodies.event_data(order))

    def _tell(self, order: Order, events: Sequence[Event], action: Action | None = None) -> None:
        before = self._last.get(order.id)
        if events:
            self._last[order.id] = events[-1]
        to = order.wanted.webhook_url
        if action is None:
            self._deliveries.send(events, to=to)
        else:
            delay = action.delay_ms / 1000
            self._deliveries.send(events, action.webhook, delay=delay, before=before, to=to)
