"""What can happen to a checkout, told to the merchant as it happens: used by the pages, the widget and the control."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from checkout_server.money import EXPONENTS, Money, MoneyError
from checkout_server.sandbox.base import Action, CannotDo, Do
from checkout_server.sandbox.delivery import Deliveries, Event
from checkout_server.sandbox.inqud.bodies import Bodies
from checkout_server.sandbox.inqud.errors import ApiError
from checkout_server.sandbox.inqud.events import Events
from checkout_server.sandbox.inqud.ledger import Ledger
from checkout_server.sandbox.inqud.records import COINS, Checkout, Coin, Price, in_coin

_OPEN_PRICE = Decimal(25)  # what a shopper pays who may pay what they like, in coins


class Desk:
    """Changes the ledger and sends the webhooks of the change."""

    def __init__(self, *, ledger: Ledger, bodies: Bodies, events: Events, deliveries: Deliveries) -> None:
        self._ledger = ledger
        self._bodies = bodies
        self._events = events
        self._deliveries = deliveries
        self._last: dict[str, Event] = {}  # of each checkout, for webhooks out of order
        self._acts: dict[Do, Callable[[Checkout, str | None, Coin], None]] = {
            "pay": self._pay,
            "detect": self._detect,
            "underpay": self._underpay,
            "overpay": self._overpay,
            "expire": self._expire,
            "conflict": self._conflict,
            "reverse": self._reverse,
        }

    def act(self, checkout: Checkout, action: Action, coin: str = "USDT") -> list[str]:
        """Raises `CannotDo` where the provider's rules refuse it. Answers with the statuses that it told."""
        before = checkout.status, checkout.payment
        try:
            self._acts[action.do](checkout, action.amount, COINS[coin])
        except ApiError as error:
            raise CannotDo(error.code, str(error)) from error
        if (checkout.status, checkout.payment) == before:
            return []
        events = self._events.events(self._bodies.checkout(checkout))
        last = self._last.get(checkout.id)
        for event in events:
            self._last[checkout.id] = event
        delay = action.delay_ms / 1000
        self._deliveries.send(events, action.webhook, delay=delay, before=last)
        return [event.type for event in events]

    def _pay(self, checkout: Checkout, amount: str | None, coin: Coin) -> None:
        if checkout.payment is None:
            self._detect(checkout, amount, coin)
        elif amount is not None:
            raise CannotDo("amount_given", "The money is there already.", param="amount")
        self._ledger.confirm(checkout)

    def _detect(self, checkout: Checkout, amount: str | None, coin: Coin) -> None:
        price = checkout.order.price
        if price is None:
            due = _OPEN_PRICE if amount is None else _decimal(amount, coin.code)
            self._ledger.detect(checkout, Price(due, coin.code))
            return
        if amount is not None:
            raise CannotDo("amount_given", "The amount is the checkout's.", param="amount")
        self._ledger.detect(checkout, Price(in_coin(price, coin), coin.code))

    def _underpay(self, checkout: Checkout, amount: str | None, coin: Coin) -> None:
        price = _price(checkout)
        given = price.amount / 2 if amount is None else _decimal(amount, price.currency)
        if not 0 < given < price.amount:
            raise CannotDo("amount_range", "Less than the checkout, and not nothing.", param="amount")
        self._ledger.detect(checkout, Price(in_coin(Price(given, price.currency), coin), coin.code))
        if checkout.status == "NEW":
            self._ledger.conflict(checkout, "Less than the amount due was paid.")

    def _overpay(self, checkout: Checkout, amount: str | None, coin: Coin) -> None:
        price = _price(checkout)
        given = price.amount * 2 if amount is None else _decimal(amount, price.currency)
        if given <= price.amount:
            raise CannotDo("amount_range", "More than the checkout.", param="amount")
        paid = Price(in_coin(Price(given, price.currency), coin), coin.code)
        self._ledger.detect(checkout, paid, overpaid=True)
        self._ledger.confirm(checkout)

    def _expire(self, checkout: Checkout, _: str | None, __: Coin) -> None:
        self._ledger.expire(checkout)

    def _conflict(self, checkout: Checkout, amount: str | None, coin: Coin) -> None:
        if checkout.payment is None:
            self._detect(checkout, amount, coin)
        self._ledger.conflict(checkout, "The payment needs a look.")

    def _reverse(self, checkout: Checkout, _: str | None, __: Coin) -> None:
        self._ledger.reverse(checkout)


def _price(checkout: Checkout) -> Price:
    if checkout.order.price is None:
        raise CannotDo("no_price", "No amount is too little or too much where there is no price.")
    return checkout.order.price


def _decimal(amount: str, currency: str) -> Decimal:
    """Text in major units. Of a currency that only the provider knows, as many digits as one likes."""
    try:
        return Decimal(Money.parse(amount, currency if currency in EXPONENTS else "ETH").text)
    except MoneyError as error:
        raise CannotDo(error.code, str(error), param="amount") from error
