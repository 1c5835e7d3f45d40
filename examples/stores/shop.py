"""What the three stores share: one mug, its orders, and where their checkout is. A real shop keeps orders in a database."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from decimal import Decimal

from checkout_server.client import ReturnRejected, Session, SessionFields, verify_return


def listed(name: str) -> list[str]:
    """A setting that is a list, by the name that the checkout server has for it, too."""
    return [value for value in os.environ.get(name, "").split(",") if value]


# Without any settings: a `checkout-ui demo` on this machine.
CHECKOUT_URL = os.environ.get("CHECKOUT_PUBLIC_URL", "http://localhost:8000")
API_KEY = (listed("CHECKOUT_API_KEYS") or ["demo-merchant-key"])[0]
RETURN_SECRETS = listed("CHECKOUT_RETURN_SECRETS")
WEBHOOK_SECRETS = listed("CHECKOUT_WEBHOOK_SECRETS")
PROVIDER = os.environ.get("PROVIDER", "crypto_com")
HOSTS = ["localhost", "127.0.0.1"]  # the names that this shop is called by


@dataclass
class Order:
    """`session` is the newest that the checkout told us, `told_by` how. The amount is text in major units."""

    id: str = field(default_factory=lambda: f"order-{secrets.token_hex(8)}")
    item: str = "Enamel mug"
    amount: str = "25.00"
    currency: str = "USD"
    session: Session | None = None
    told_by: str = ""

    def told(self, session: Session, by: str) -> None:
        """A verified webhook, or the answer to a question of ours; either may come late, so older news changes nothing."""
        if self.session is None or session.version > self.session.version:
            self.session, self.told_by = session, by

    @property
    def state(self) -> str:
        """`paid` is when a shop delivers: the checkout says so, of this order, at this price."""
        if self.session is None:
            return "waiting"
        price = (self.session.amount, self.session.currency)
        if self.session.order_id != self.id or price != (Decimal(self.amount), self.currency):
            return "checking"
        if self.session.paid:
            return "paid"
        if self.session.status in ("failed", "cancelled", "expired"):
            return "not paid"
        return {"review": "checking", "refunded": "refunded"}.get(self.session.status, "waiting")


ORDERS: dict[str, Order] = {}


def place() -> Order:
    order = Order()
    ORDERS[order.id] = order
    return order


def wanted(order: Order, page: str) -> SessionFields:
    """The session to ask the checkout for; `page` is the address of the order's own."""
    return {
        "provider": PROVIDER,
        "amount": order.amount,
        "currency": order.currency,
        "order_id": order.id,
        "description": order.item,
        "return_url": page,
        "cancel_url": page,
    }


def hinted(order: Order, url: str) -> str:
    """The status that the shopper's browser brought back, if the checkout wrote it. Good for a word, never for a delivery."""
    try:
        hint = verify_return(url, RETURN_SECRETS)
    except ReturnRejected:
        return ""
    return hint.status if hint.order == order.id else ""
