"""What can happen to an order, told to the merchant as it happens: used by the API, the pages and the control."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checkout_server.money import Money, MoneyError
from checkout_server.sandbox.base import Action, CannotDo, Do
from checkout_server.sandbox.crossmint.bodies import Bodies
from checkout_server.sandbox.crossmint.errors import ApiError
from checkout_server.sandbox.crossmint.events import Events, EventType
from checkout_server.sandbox.crossmint.ledger import Ledger
from checkout_server.sandbox.crossmint.records import Order
from checkout_server.sandbox.delivery import Deliveries, Event
from checkout_server.sandbox.settings import Sleep

# What may stand in the way of a payment, by the word that brings it about.
HOLDS: dict[Do, str | None] = {
    "ask_identity": "requires-kyc",
    "review_identity": "manual-kyc",
    "refuse_identity": "rejected-kyc",
    "lack_funds": "crypto-payer-insufficient-funds",
    "clear": None,
}


class Desk:
    """Changes the ledger and sends the webhooks of the change. `act` answers with the events it told."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        bodies: Bodies,
        events: Events,
        deliveries: Deliveries,
        sleep: Sleep,
        delivery_delay: float | None,
    ) -> None:
        self._ledger = ledger
        self._bodies = bodies
        self._events = events
        self._deliveries = deliveries
        self._sleep = sleep
        self._delivery_delay = delivery_delay
        self._last: dict[str, Event] = {}  # of each order, for webhooks out of order
        self._acts: dict[Do, Callable[[Order, str | None], list[Event]]] = {
            "pay": self._pay,
            "detect": self._detect,
            "decline": self._decline,
            "fail": self._fail,
            "refund": self._refund,
            "deliver": self._deliver,
            "fail_delivery": self._fail_delivery,
            "expire_quote": self._expire_quote,
            "requote": self._requote,
            "sell_out": self._sell_out,
            **{do: self._holding(status) for do, status in HOLDS.items()},
        }

    def created(self, order: Order) -> None:
        self._tell(order, [self._event("orders.quote.created", order)])

    def changed(self, order: Order) -> None:
        self._tell(order, [self._event("orders.quote.updated", order)])

    def act(self, order: Order, action: Action) -> list[str]:
        """Raises `CannotDo` where the provider's rules refuse it."""
        if action.amount is not None and action.do != "refund":
            raise CannotDo("amount_given", f"{action.do} has no amount.", param="amount")
        try:
            told = self._acts[action.do](order, action.amount)
        except ApiError as error:
            raise CannotDo("not_now", str(error)) from error
        self._tell(order, told, action)
        if action.do == "pay" and self._delivery_delay is not None:
            self._deliveries.later(self._deliver_after(order, self._delivery_delay, action))
        return [event.type for event in told]

    def _pay(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.pay(order)
        return [
            self._event("orders.payment.succeeded", order),
            self._event("orders.delivery.initiated", order),
        ]

    def _detect(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.detect(order)
        return []  # no event is documented for it

    def _decline(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.decline(order)
        return [self._event("orders.payment.failed", order)]

    def _fail(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.fail(order)
        return [self._event("orders.payment.failed", order)]

    def _refund(self, order: Order, amount: str | None) -> list[Event]:
        try:
            money = None if amount is None else Money.parse(amount, order.currency)
        except MoneyError as error:
            raise CannotDo(error.code, str(error), param="amount") from error
        self._ledger.refund(order, money)
        return []  # no event is documented for it

    def _deliver(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.deliver(order, well=True)
        return [self._event("orders.delivery.completed", order)]

    def _fail_delivery(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.deliver(order, well=False)
        return [self._event("orders.delivery.failed", order)]

    def _expire_quote(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.expire_quote(order)
        return [self._event("orders.quote.updated", order)]

    def _requote(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.requote(order)
        return [self._event("orders.quote.updated", order)]

    def _sell_out(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.sell_out(order)
        return [self._event("orders.quote.updated", order)]

    def _holding(self, status: str | None) -> Callable[[Order, str | None], list[Event]]:
        def hold(order: Order, _: str | None) -> list[Event]:
            self._ledger.hold(order, status)
            return []  # no event is documented for it

        return hold

    async def _deliver_after(self, order: Order, delay: float, action: Action) -> None:
        """What became of the payment's webhooks becomes of the delivery's: a network that is down stays down."""
        await self._sleep(delay)
        if order.phase == "delivery":  # a test may have been quicker
            mode = action.webhook if action.webhook in ("drop", "bad_signature") else "send"
            self._tell(order, self._deliver(order, None), Action(do="deliver", webhook=mode))

    def _event(self, kind: EventType, order: Order) -> Event:
        return self._events.event(kind, self._bodies.order(order))

    def _tell(self, order: Order, events: Sequence[Event], action: Action | None = None) -> None:
        before = self._last.get(order.id)
        if events:
            self._last[order.id] = events[-1]
        if action is None:
            self._deliveries.send(events)
        else:
            self._deliveries.send(events, action.webhook, delay=action.delay_ms / 1000, before=before)
