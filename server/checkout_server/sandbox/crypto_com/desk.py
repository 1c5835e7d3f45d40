"""What can happen to a payment, told to the merchant as it happens: used by the API, the pages and the control."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checkout_server.money import Money, MoneyError
from checkout_server.sandbox.base import Action, CannotDo, Do
from checkout_server.sandbox.crypto_com.bodies import Bodies
from checkout_server.sandbox.crypto_com.errors import ApiError
from checkout_server.sandbox.crypto_com.events import Events, EventType
from checkout_server.sandbox.crypto_com.ledger import Ledger
from checkout_server.sandbox.crypto_com.records import Order, Payment, Refund
from checkout_server.sandbox.delivery import Deliveries, Event
from checkout_server.sandbox.settings import Sleep


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
        refund_delay: float | None,
    ) -> None:
        self._ledger = ledger
        self._bodies = bodies
        self._events = events
        self._deliveries = deliveries
        self._sleep = sleep
        self._refund_delay = refund_delay
        self._last: dict[str, Event] = {}  # of each payment, for webhooks out of order
        self._acts: dict[Do, Callable[[Payment, str | None], list[Event]]] = {
            "pay": self._pay,
            "detect": self._detect,
            "underpay": self._underpay,
            "overpay": self._overpay,
            "cancel": self._cancel,
            "expire": self._expire,
            "refund": self._refund,
        }

    def create(self, order: Order, *, live: bool) -> Payment:
        payment = self._ledger.create(order, live=live)
        self._tell(payment, [self._events.event("payment.created", self._bodies.payment(payment))])
        return payment

    def request_refund(
        self, payment: Payment, amount: int, reason: str | None, description: str | None
    ) -> Refund:
        """A refund asked for through the API: `pending`, and transferred after the account's `refund_delay`."""
        refund = self._ledger.request_refund(payment, amount, reason, description)
        self._tell(payment, [self._refund_event(refund)])
        if self._refund_delay is not None:
            self._deliveries.later(self._transfer_after(refund, self._refund_delay))
        return refund

    def act(self, payment: Payment, action: Action) -> list[str]:
        """Raises `CannotDo` where the provider's rules refuse it."""
        try:
            told = self._acts[action.do](payment, action.amount)
        except ApiError as error:
            raise CannotDo(error.code, str(error)) from error
        self._tell(payment, told, action)
        return [event.type for event in told]

    def _pay(self, payment: Payment, amount: str | None) -> list[Event]:
        if amount is not None:
            raise CannotDo("amount_given", "The amount of pay is the payment's.", param="amount")
        if payment.status == "pending" and payment.approved:
            return self._capture(payment)  # after `detect` the money is there, and told
        return self._settle(payment, payment.order.amount)

    def _settle(self, payment: Payment, units: int) -> list[Event]:
        if payment.expired(self._ledger.now()):
            self._ledger.return_to_payer(payment, units)
            return []
        return [*self._approve(payment, units), *self._capture(payment)]

    def _capture(self, payment: Payment) -> list[Event]:
        self._ledger.capture(payment)
        return [self._payment_event("payment.captured", payment)]

    def _detect(self, payment: Payment, amount: str | None) -> list[Event]:
        if amount is not None:
            raise CannotDo("amount_given", "The amount of detect is the payment's.", param="amount")
        return self._approve(payment, payment.order.amount)

    def _approve(self, payment: Payment, units: int) -> list[Event]:
        self._ledger.approve(payment, units)
        return [self._payment_event("payment.fulfill", payment)]

    def _underpay(self, payment: Payment, amount: str | None) -> list[Event]:
        due = payment.order.amount
        units = due // 2 if amount is None else self._units(payment, amount)
        if not 0 < units < due:
            raise CannotDo("amount_range", "Less than the payment, and not nothing.", param="amount")
        self._ledger.return_to_payer(payment, units)
        return []

    def _overpay(self, payment: Payment, amount: str | None) -> list[Event]:
        due = payment.order.amount
        units = due + due // 10 + 1 if amount is None else self._units(payment, amount)
        if units <= due:
            raise CannotDo("amount_range", "More than the payment.", param="amount")
        return self._settle(payment, units)

    def _cancel(self, payment: Payment, _: str | None) -> list[Event]:
        self._ledger.cancel(payment)
        return []  # the provider documents no event for it

    def _expire(self, payment: Payment, _: str | None) -> list[Event]:
        self._ledger.expire(payment)
        return []

    def _refund(self, payment: Payment, amount: str | None) -> list[Event]:
        """Transfers what was requested through the API, or refunds from the dashboard when nothing was."""
        pending = [refund for refund in payment.refunds if refund.status == "pending"]
        if pending and amount is None:
            return [event for refund in pending for event in self._transfer(refund)]
        left = self._ledger.refundable(payment)
        units = left if amount is None else self._units(payment, amount)
        if units == 0:
            raise CannotDo("nothing_left", "There is nothing left to refund.")
        refund = self._ledger.request_refund(payment, units, "requested_by_customer", None)
        return [self._refund_event(refund), *self._transfer(refund)]

    async def _transfer_after(self, refund: Refund, delay: float) -> None:
        await self._sleep(delay)
        self._tell(refund.payment, self._transfer(refund))

    def _transfer(self, refund: Refund) -> list[Event]:
        if not self._ledger.transfer(refund):
            return []
        return [self._events.event("payment.refund_transferred", self._bodies.refund(refund))]

    def _refund_event(self, refund: Refund) -> Event:
        return self._events.event("payment.refund_requested", self._bodies.refund(refund))

    def _payment_event(self, kind: EventType, payment: Payment) -> Event:
        return self._events.event(kind, self._bodies.payment(payment))

    def _units(self, payment: Payment, amount: str) -> int:
        try:
            return Money.parse(amount, payment.order.currency).units
        except MoneyError as error:
            raise CannotDo(error.code, str(error), param="amount") from error

    def _tell(self, payment: Payment, events: Sequence[Event], action: Action | None = None) -> None:
        before = self._last.get(payment.id)
        if events:
            self._last[payment.id] = events[-1]
        if action is None:
            self._deliveries.send(events)
        else:
            delay = action.delay_ms / 1000
            self._deliveries.send(events, action.webhook, delay=delay, before=before)
