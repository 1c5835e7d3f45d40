"""What the store sells, and what it knows of each order: facts from its own books and from verified webhooks."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from checkout_server.client import Session

State = Literal["waiting", "paid", "refunded", "not_paid", "review", "mismatch"]
_NOT_PAID = ("failed", "cancelled", "expired")


@dataclass(frozen=True, slots=True)
class Product:
    """`amount` is decimal text in major units of `currency`."""

    slug: str
    name: str
    description: str
    amount: str
    currency: str


PRODUCTS = (
    Product("mug", "Enamel mug", "Holds 35 cl. Survives falls.", "25.00", "USD"),
    Product("poster", "Riso poster", "Two inks, printed in Kyoto.", "3200", "JPY"),
    Product(
        "stickers", "Sticker sheet", "Priced to the last of eighteen digits.", "42.000000000000000001", "CRO"
    ),
    Product("tape", "Field recording", "Forty minutes of rain on a tin roof.", "12.50", "USDC"),
)


@dataclass(slots=True)
class Order:
    """One purchase. `sessions` holds the newest that is known of each checkout session, by id."""

    id: str
    product: Product
    provider: str
    created_at: datetime
    sessions: dict[str, Session] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)  # sessions that a webhook has told of

    def is_for(self, session: Session) -> bool:
        """Whether a session is about this order and asks for its price, not for another."""
        price = Decimal(self.product.amount), self.product.currency
        return session.order_id == self.id and (session.amount, session.currency) == price

    def started(self, session: Session) -> None:
        """The API's answer to our own request: shown, and overtaken by any webhook."""
        self.sessions.setdefault(session.id, session)

    def told(self, session: Session) -> None:
        """A verified webhook. What is older than what we know changes nothing: webhooks may arrive in any order."""
        known = self.sessions.get(session.id)
        if known is None or session.id not in self.confirmed or session.version > known.version:
            self.sessions[session.id] = session
        self.confirmed.add(session.id)

    @property
    def latest(self) -> Session | None:
        return max(self.sessions.values(), key=lambda session: session.created_at, default=None)

    @property
    def state(self) -> State:
        """`paid` only for a verified webhook that matches the order; a browser that came back proves nothing."""
        known = [session for session in self.sessions.values() if session.id in self.confirmed]
        if any(not self.is_for(session) for session in known):
            return "mismatch"
        if any(session.paid for session in known):
            return "paid"
        statuses = [session.status for session in known]
        if "review" in statuses:
            return "review"
        if "refunded" in statuses:
            return "refunded"
        latest = self.latest
        over = latest is not None and latest.id in self.confirmed and latest.status in _NOT_PAID
        return "not_paid" if over else "waiting"


class Orders:
    """The store's books: in memory, gone with the process."""

    def __init__(self) -> None:
        self._by_id: dict[str, Order] = {}
        self._by_cart: dict[tuple[str, Product, str], Order] = {}

    def place(self, product: Product, provider: str, cart: str | None = None) -> Order:
        """A new order; of a `cart`, the one that it was placed as before: a button may be pressed twice."""
        if cart is not None and (placed := self._by_cart.get((cart, product, provider))):
            return placed
        order = Order(f"order-{secrets.token_hex(4)}", product, provider, datetime.now(UTC))
        self._by_id[order.id] = order
        if cart is not None:
            self._by_cart[cart, product, provider] = order
        return order

    def get(self, order_id: str) -> Order | None:
        return self._by_id.get(order_id)

    def __iter__(self) -> Iterator[Order]:
        """Newest first."""
        return reversed(list(self._by_id.values()))
