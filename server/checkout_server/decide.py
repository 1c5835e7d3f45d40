"""Facts + what the provider said -> facts, status, and whether to tell the merchant. Pure: no clock, no store.

Two rules come before all others. Money that was seen is never forgotten: an end without it becomes a review.
And only the provider's own `SUCCEEDED`, for this very payment with every field as we created it, makes a
session paid; what does not match waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from checkout_server.facts import Facts, Resolution
from checkout_server.money import Money
from checkout_server.providers.base import Delivery, Kind, Observation, State
from checkout_ui import status as st

# Our clock and the provider's differ; a session is not called expired in the seconds between them.
EXPIRY_GRACE = timedelta(seconds=60)

# What a person may decide a review to be.
RESOLUTIONS: dict[Kind, tuple[str, ...]] = {
    "payment": (st.SUCCEEDED, st.FAILED, st.CANCELLED, st.REFUNDED, st.PARTIALLY_REFUNDED),
    "approval": (st.APPROVED, st.FAILED, st.CANCELLED, st.REVOKED),
}

REVIEW_REASONS = (
    "ref_mismatch",
    "currency_mismatch",
    "amount_mismatch",
    "mode_mismatch",
    "reference_mismatch",
    "terms_mismatch",
    "underpaid",
    "unresolved",
    "late",
    "after_cancel",
    "reversed",
    "conflict",
    "undeliverable",
    "paid_twice",
    "transaction_reused",
)

_ENDS = {
    State.FAILED: st.FAILED,
    State.CANCELLED: st.CANCELLED,
    State.EXPIRED: st.EXPIRED,
    State.REVOKED: st.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts from now on. `changed` asks for a new version; `notify` for a webhook to the merchant."""

    facts: Facts
    status: str
    changed: bool
    notify: bool


class NotResolvable(ValueError):
    """A resolution that cannot be: the session is not in review, or no person may decide that."""


def decide(facts: Facts, seen: Observation | None, now: datetime) -> Decision:
    """Applies one observation; None means that we looked and the provider holds no payment of ours."""
    after = _gone(facts) if seen is None else _observe(facts, seen, now)
    return _decision(facts, _lapse(after, now))


def resolve(facts: Facts, status: str, note: str, now: datetime) -> Decision:
    """A person's answer to a review. Raises `NotResolvable`."""
    if facts.status != st.REVIEW:
        raise NotResolvable(f"Only a session in review can be resolved; this one is {facts.status}.")
    if status not in RESOLUTIONS[facts.kind]:
        raise NotResolvable(f"This review is resolved as one of: {', '.join(RESOLUTIONS[facts.kind])}.")
    resolution = Resolution(status=status, note=note, at=now, basis=facts.basis)
    return _decision(facts, replace(facts, resolution=resolution))


def flag(facts: Facts, reason: str) -> Decision:
    """Sends a session to review for something that no single observation shows, such as `paid_twice`."""
    return _decision(facts, _review(facts, reason))


def mismatch(facts: Facts, seen: Observation) -> str | None:
    """The first thing that is not as we created it, or None.

    What the provider did not say is no mismatch, but a success has to name its amount: paid is never
    concluded from silence.
    """
    if seen.ref != facts.provider_ref:
        return "ref_mismatch"
    if seen.mode is not None and seen.mode != facts.mode:
        return "mode_mismatch"
    if seen.reference is not None and seen.reference != facts.session_id:
        return "reference_mismatch"
    if any(seen.terms[name] != facts.terms[name] for name in facts.terms.keys() & seen.terms.keys()):
        return "terms_mismatch"
    return None if facts.expected is None else _price_mismatch(facts.expected, seen)


def _price_mismatch(expected: Money, seen: Observation) -> str | None:
    if seen.currency is not None and seen.currency != expected.currency:
        return "currency_mismatch"
    if seen.amount is not None and seen.amount != expected:
        return "amount_mismatch"
    if seen.received is not None and seen.received.currency != expected.currency:
        return "currency_mismatch"
    if seen.state is State.SUCCEEDED and seen.amount is None:
        return "amount_mismatch"
    return None


def _gone(facts: Facts) -> Facts:
    """The provider holds no such thing. Money is not concluded from that; an approval that is not there cannot be used."""
    if facts.kind == "approval" and facts.state is State.APPROVED and facts.ended is None:
        return replace(facts, state=State.REVOKED, ended=st.REVOKED)
    return facts


def _observe(facts: Facts, seen: Observation, now: datetime) -> Facts:
    wrong = mismatch(facts, seen)
    if wrong is not None:
        # Nothing else of an answer that is not about our payment is believed, but money in it is remembered.
        money = seen.state in (State.PROCESSING, State.SUCCEEDED, State.CONFLICT)
        return _review(replace(facts, seen=facts.seen or money), wrong)
    after = replace(
        facts,
        state=seen.state,
        received=_most(facts.received, seen.received),
        refunded=_most(facts.refunded, seen.refunded),
        delivery=seen.delivery or facts.delivery,
        failure=seen.failure,
        confirmations=seen.confirmations,
        confirmations_needed=seen.confirmations_needed,
        needs=seen.needs,
        transaction=seen.transaction or facts.transaction,
        seen=facts.seen or seen.state is State.PROCESSING or bool(seen.received and seen.received.units),
    )
    if _fell(facts.received, seen.received):
        after = _review(after, "reversed")
    if facts.kind == "approval":
        return _observe_approval(after)
    return _observe_payment(after, seen, now)


def _observe_payment(facts: Facts, seen: Observation, now: datetime) -> Facts:
    if seen.state is State.SUCCEEDED:
        return _pay(facts, seen, now)
    if facts.paid_at is not None:
        return facts if facts.status == st.REFUNDED else _review(facts, "reversed")
    if seen.state is State.CONFLICT:
        return _review(replace(facts, seen=True), "conflict")
    if seen.state in _ENDS:
        return _end(facts, _ENDS[seen.state])
    return _late(facts) if facts.seen else facts


def _observe_approval(facts: Facts) -> Facts:
    """Approvals move no money: the provider's latest word is the status, and an end is an end.

    An approval that comes after the end that we told is for a person: it may be used, and nobody expects it.
    """
    if facts.state is State.APPROVED and facts.ended is not None:
        return _late(facts)
    if facts.state in _ENDS and facts.ended is None:
        return replace(facts, ended=_ENDS[facts.state])
    return facts


def _pay(facts: Facts, seen: Observation, now: datetime) -> Facts:
    received = _most(facts.received, seen.received or seen.amount)
    paid = replace(facts, seen=True, received=received, paid_at=facts.paid_at or seen.at or now)
    if facts.expected is not None and received is not None and received < facts.expected:
        paid = _review(paid, "underpaid")
    if facts.delivery is Delivery.FAILED and paid.status != st.REFUNDED:
        paid = _review(paid, "undeliverable")
    return _late(paid)


def _end(facts: Facts, end: str) -> Facts:
    """An unpaid end. With money seen on the way it is a question for a person instead."""
    if not facts.seen:
        return replace(facts, ended=facts.ended or end)
    short = facts.received is not None and facts.expected is not None and facts.received < facts.expected
    return _review(facts, "underpaid" if short else "unresolved")


def _late(facts: Facts) -> Facts:
    """Money after the end that we already told the shopper and the merchant."""
    if facts.ended is None:
        return facts
    return _review(facts, "after_cancel" if facts.ended == st.CANCELLED else "late")


def _lapse(facts: Facts, now: datetime) -> Facts:
    """Past our own expiry, and the provider has just confirmed that nothing came of it."""
    open_still = facts.status == st.OPEN
    return (
        replace(facts, ended=st.EXPIRED) if open_still and now >= facts.expires_at + EXPIRY_GRACE else facts
    )


def _review(facts: Facts, reason: str) -> Facts:
    """The first reason stays: it is what the person is asked about."""
    return replace(facts, review_reason=facts.review_reason or reason)


def _most(known: Money | None, said: Money | None) -> Money | None:
    if known is None or said is None:
        return known or said
    if said.currency != known.currency:
        return known
    return max(known, said)


def _fell(known: Money | None, said: Money | None) -> bool:
    if known is None or said is None:
        return False
    return said.currency != known.currency or said < known


def _decision(before: Facts, after: Facts) -> Decision:
    return Decision(
        facts=after, status=after.status, changed=after != before, notify=_told(after) != _told(before)
    )


def _told(facts: Facts) -> tuple[object, ...]:
    """What a merchant is told about. "Nothing refunded" and "not said" are the same news."""
    refunded = facts.refunded.units if facts.refunded else 0
    return facts.status, refunded, facts.review_reason, facts.delivery
