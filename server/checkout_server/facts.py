"""What is known of one session: the facts that are stored, and the status that follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from checkout_server.money import Money
from checkout_server.providers.base import Delivery, Failure, Kind, Mode, Need, State
from checkout_ui import status as st


class Basis(NamedTuple):
    """The facts a person looked at when they resolved a review."""

    received: Money | None
    refunded: Money | None
    delivery: Delivery | None
    state: State | None  # of an approval, which moves no money


@dataclass(frozen=True, slots=True)
class Resolution:
    """A person's decision. It holds for as long as the facts it was made on are the facts."""

    status: str
    note: str
    at: datetime
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a status depends on. The first block is fixed at creation, the second grows by observation.

    `received` and `refunded` never fall, `paid_at`, `ended`, `review_reason` are never taken back: so no
    order of observations can lose money. Taking back is for a person, by a `Resolution`.
    """

    session_id: str
    kind: Kind = "payment"
    mode: Mode
    expected: Money | None  # None where the provider or the shopper sets the price
    expires_at: datetime
    provider_ref: str | None = None
    terms: Mapping[str, str] = field(default_factory=dict)  # what the provider must go on saying

    state: State = State.OPEN  # the provider's latest word
    seen: bool = False  # money was seen, whether or not its amount is known
    received: Money | None = None
    refunded: Money | None = None
    delivery: Delivery | None = None
    failure: Failure | None = None
    confirmations: int | None = None
    confirmations_needed: int | None = None
    needs: Need | None = None
    transaction: str | None = None
    paid_at: datetime | None = None
    ended: str | None = (
        None  # the unpaid end this session reached first: failed, cancelled, expired or revoked
    )
    review_reason: str | None = None
    resolution: Resolution | None = None

    @property
    def basis(self) -> Basis:
        state = self.state if self.kind == "approval" else None
        return Basis(self.received, self.refunded, self.delivery, state)

    @property
    def status(self) -> str:
        """The public status: derived, never stored as a truth of its own."""
        if self.resolution is not None and self.resolution.basis == self.basis:
            return self.resolution.status
        if self.review_reason is not None:
            return st.REVIEW
        if self.kind == "approval":
            return self._approval_status()
        if self.paid_at is not None:
            return self._paid_status()
        if self.ended is not None:
            return self.ended
        return st.PROCESSING if self.seen else st.OPEN

    def _paid_status(self) -> str:
        if self.refunded is None or self.refunded.units == 0:
            return st.SUCCEEDED
        fully = self.received is not None and self.refunded >= self.received
        return st.REFUNDED if fully else st.PARTIALLY_REFUNDED

    def _approval_status(self) -> str:
        if self.ended is not None:
            return self.ended
        return st.APPROVED if self.state is State.APPROVED else st.OPEN
