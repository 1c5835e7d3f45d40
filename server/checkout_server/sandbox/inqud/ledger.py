"""The provider's rules: what may become of a checkout, and what may not."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime

from checkout_server.sandbox.inqud.errors import not_found, refused
from checkout_server.sandbox.inqud.records import LIFE, Checkout, Order, Payment, Price


class Ledger:
    """All checkouts of the account, in memory. Methods raise `ApiError`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._checkouts: dict[str, Checkout] = {}

    def create(self, order: Order) -> Checkout:
        now = self.now()
        checkout = Checkout(f"CCO-{uuid.uuid4()}", order, now, now, order.expires_at or now + LIFE)
        self._checkouts[checkout.id] = checkout
        return checkout

    def checkout(self, ref: str) -> Checkout:
        try:
            return self._checkouts[ref]
        except KeyError:
            raise not_found("The checkout") from None

    def checkouts(self) -> list[Checkout]:
        """Newest first."""
        return list(reversed(self._checkouts.values()))

    def detect(self, checkout: Checkout, paid: Price, *, overpaid: bool = False) -> None:
        """Money is seen. A checkout takes one payment, and no other after it."""
        if checkout.status != "NEW":
            raise refused("CHECKOUT_CLOSED", f"The checkout is {checkout.status}.")
        if checkout.payment is not None:
            raise refused("ALREADY_FUNDED", "Money for this checkout was seen before.")
        late = checkout.expired(self.now())
        checkout.payment = Payment(paid, _tx_hash(checkout.id), overpaid)
        self._touch(checkout)
        if late:
            self.conflict(checkout, "The payment came after the checkout had expired.")

    def confirm(self, checkout: Checkout) -> None:
        """The money seen is final and settles the checkout, unless there is something wrong with it."""
        if checkout.payment is None:
            raise refused("NOTHING_SEEN", "There is nothing to confirm.")
        if checkout.status == "SUCCESS":
            raise refused("CHECKOUT_CLOSED", "The checkout is SUCCESS.")
        if checkout.status == "NEW":
            checkout.status = "SUCCESS"
            self._touch(checkout)

    def conflict(self, checkout: Checkout, reason: str) -> None:
        """Something is wrong with the payment, and people at the provider look at it."""
        if checkout.payment is None:
            raise refused("NOTHING_SEEN", "There is no payment to disagree with.")
        checkout.status = "CONFLICT"
        checkout.reason = reason
        self._touch(checkout)

    def reverse(self, checkout: Checkout) -> None:
        """Support takes back what was final."""
        if checkout.status != "SUCCESS":
            raise refused("NOT_FINAL", "Only what was final is taken back.")
        self.conflict(checkout, "Taken back by support.")

    def expire(self, checkout: Checkout) -> None:
        if checkout.payment is not None or checkout.status != "NEW":
            raise refused("CHECKOUT_CLOSED", "Money for this checkout was seen.")
        checkout.expires = min(checkout.expires, self.now())
        self._touch(checkout)

    def _touch(self, checkout: Checkout) -> None:
        checkout.updated = self.now()


def _tx_hash(ref: str) -> str:
    return "0x" + hashlib.sha256(f"{ref} is paid".encode()).hexdigest()
