"""The table of cases, and the promises that hold for every order of observations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from checkout_server.decide import (
    EXPIRY_GRACE,
    RESOLUTIONS,
    REVIEW_REASONS,
    NotResolvable,
    decide,
    flag,
    mismatch,
    resolve,
)
from checkout_server.facts import Facts
from checkout_server.money import Money
from checkout_server.providers.base import Delivery, Failure, Observation, State
from checkout_ui import status as st

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
PRICE = Money(2500, "USD")
NEW = Facts(
    session_id="cs_1",
    mode="test",
    expected=PRICE,
    expires_at=NOW + timedelta(minutes=30),
    provider_ref="p1",
    terms={"network": "base"},
)


def usd(units: int) -> Money:
    return Money(units, "USD")


def said(state: State, **more: object) -> Observation:
    """What an honest provider says of our payment."""
    plain = {
        "ref": "p1",
        "amount": PRICE,
        "currency": "USD",
        "mode": "test",
        "reference": "cs_1",
        "terms": {"network": "base", "tip": "beyond what was agreed"},
        **more,
    }
    return Observation(state=state, **plain)  # type: ignore[arg-type]


PAID = said(State.SUCCEEDED, received=PRICE)
SEEN = said(State.PROCESSING)

CASES = [
    # name, observations in order, status, review reason
    ("nothing yet", [said(State.OPEN)], "open", None),
    (
        "declined, may retry",
        [said(State.OPEN, failure=Failure("declined", "No.", True))],
        "open",
        None,
    ),
    ("seen", [SEEN], "processing", None),
    ("seen in part", [said(State.OPEN, received=usd(5))], "processing", None),
    ("paid at once", [PAID], "succeeded", None),
    ("paid, amount received unsaid", [said(State.SUCCEEDED)], "succeeded", None),
    ("seen then paid", [SEEN, PAID], "succeeded", None),
    (
        "partial then paid",
        [said(State.PROCESSING, received=usd(100)), said(State.SUCCEEDED)],
        "succeeded",
        None,
    ),
    ("overpaid", [said(State.SUCCEEDED, received=usd(2600))], "succeeded", None),
    ("failed", [said(State.FAILED)], "failed", None),
    ("cancelled", [said(State.CANCELLED)], "cancelled", None),
    ("expired", [said(State.EXPIRED)], "expired", None),
    ("cancelled, then expired", [said(State.CANCELLED), said(State.EXPIRED)], "cancelled", None),
    ("part refunded", [PAID, replace(PAID, refunded=usd(1000))], "partially_refunded", None),
    ("refunded", [PAID, replace(PAID, refunded=PRICE)], "refunded", None),
    (
        "refunded and then closed",
        [PAID, replace(PAID, refunded=PRICE), said(State.CANCELLED)],
        "refunded",
        None,
    ),
    ("refund first heard with the payment", [replace(PAID, refunded=PRICE)], "refunded", None),
    ("paid with too little", [said(State.SUCCEEDED, received=usd(2499))], "review", "underpaid"),
    (
        "too little, then expired",
        [said(State.PROCESSING, received=usd(9)), said(State.EXPIRED)],
        "review",
        "underpaid",
    ),
    ("seen, then expired", [SEEN, said(State.EXPIRED)], "review", "unresolved"),
    ("seen, then cancelled", [SEEN, said(State.CANCELLED)], "review", "unresolved"),
    ("seen, then gone", [SEEN, said(State.OPEN)], "processing", None),
    ("late", [said(State.EXPIRED), PAID], "review", "late"),
    ("seen late", [said(State.EXPIRED), SEEN], "review", "late"),
    ("paid after cancel", [said(State.CANCELLED), PAID], "review", "after_cancel"),
    ("paid after failure", [said(State.FAILED), PAID], "review", "late"),
    ("reversed", [PAID, said(State.OPEN)], "review", "reversed"),
    ("reversed by cancel", [PAID, said(State.CANCELLED)], "review", "reversed"),
    ("reversed while seen", [PAID, SEEN], "review", "reversed"),
    ("received falls", [PAID, said(State.SUCCEEDED, received=usd(1))], "review", "reversed"),
    ("conflict", [said(State.CONFLICT)], "review", "conflict"),
    ("undeliverable", [replace(PAID, delivery=Delivery.FAILED)], "review", "undeliverable"),
    ("delivered", [replace(PAID, delivery=Delivery.COMPLETED)], "succeeded", None),
    ("tampered amount", [replace(PAID, amount=usd(1))], "review", "amount_mismatch"),
    (
        "amount of a paid one unsaid",
        [replace(PAID, amount=None, currency=None, received=None)],
        "review",
        "amount_mismatch",
    ),
    (
        "tampered currency",
        [replace(PAID, amount=None, received=None, currency="EUR")],
        "review",
        "currency_mismatch",
    ),
    (
        "received in another currency",
        [replace(PAID, received=Money(2500, "EUR"))],
        "review",
        "currency_mismatch",
    ),
    ("tampered mode", [replace(PAID, mode="live")], "review", "mode_mismatch"),
    ("tampered id", [replace(PAID, ref="p2")], "review", "ref_mismatch"),
    ("tampered reference", [replace(PAID, reference="cs_2")], "review", "reference_mismatch"),
    ("reference taken away", [replace(PAID, reference="")], "review", "reference_mismatch"),
    (
        "another network than agreed",
        [replace(PAID, terms={"network": "polygon"})],
        "review",
        "terms_mismatch",
    ),
    ("the network unsaid", [replace(PAID, terms={})], "succeeded", None),
    ("tampered, then put right", [replace(PAID, amount=usd(1)), PAID], "review", "amount_mismatch"),
    ("approval where a payment belongs", [said(State.APPROVED)], "open", None),
]


@pytest.mark.parametrize(("name", "observations", "status", "reason"), CASES, ids=[case[0] for case in CASES])
def test_the_table(name: str, observations: list[Observation], status: str, reason: str | None) -> None:
    facts = NEW
    for observation in observations:
        facts = decide(facts, observation, NOW).facts
    assert (facts.status, facts.review_reason) == (status, reason)


def test_every_review_reason_that_an_observation_can_give_is_in_the_table() -> None:
    assert {case[3] for case in CASES} - {None} == set(REVIEW_REASONS) - {
        "paid_twice",
        "transaction_reused",
    }


def test_expiry_waits_for_the_grace_and_for_a_fetch() -> None:
    edge = NEW.expires_at + EXPIRY_GRACE
    before = decide(NEW, said(State.OPEN), edge - timedelta(seconds=1))
    at = decide(NEW, said(State.OPEN), edge)
    assert (before.status, at.status) == ("open", "expired")
    assert decide(NEW, None, LATER).status == "expired"
    assert decide(decide(NEW, SEEN, NOW).facts, said(State.OPEN), LATER).status == "processing"


def test_money_at_our_own_expiry_is_still_in_time() -> None:
    assert decide(NEW, PAID, LATER).status == "succeeded"


def test_a_payment_that_was_tampered_with_keeps_no_price_open() -> None:
    assert mismatch(NEW, said(State.OPEN, amount=usd(1))) == "amount_mismatch"


def test_open_price_records_what_arrived() -> None:
    open_price = replace(NEW, expected=None)
    after = decide(open_price, said(State.SUCCEEDED, amount=None, received=Money(7, "EUR")), NOW)
    assert (after.status, after.facts.received) == ("succeeded", Money(7, "EUR"))


def test_approvals_are_never_paid() -> None:
    mandate = replace(NEW, kind="approval", expected=None)
    assert decide(mandate, said(State.APPROVED), NOW).status == "approved"
    assert decide(mandate, said(State.SUCCEEDED), NOW).status == "open"
    revoked = decide(decide(mandate, said(State.APPROVED), NOW).facts, said(State.REVOKED), NOW)
    assert revoked.status == "revoked"


def test_a_resolution_holds_until_the_money_changes() -> None:
    late = decide(decide(NEW, said(State.EXPIRED), NOW).facts, PAID, NOW).facts
    resolved = resolve(late, "succeeded", "Delivered anyway.", NOW)
    assert (resolved.status, resolved.notify) == ("succeeded", True)
    assert decide(resolved.facts, PAID, LATER).status == "succeeded"
    refunded = decide(resolved.facts, replace(PAID, refunded=PRICE), LATER)
    assert refunded.status == "review"
    assert resolve(refunded.facts, "refunded", "", LATER).status == "refunded"


@pytest.mark.parametrize("status", ["open", "processing", "review", "expired", "approved", "nonsense"])
def test_a_review_is_not_resolved_to_anything(status: str) -> None:
    with pytest.raises(NotResolvable):
        resolve(flag(NEW, "paid_twice").facts, status, "", NOW)


def test_only_a_review_is_resolved() -> None:
    with pytest.raises(NotResolvable):
        resolve(NEW, "succeeded", "", NOW)


def test_nothing_new_changes_nothing() -> None:
    once = decide(NEW, SEEN, NOW)
    again = decide(once.facts, SEEN, LATER)
    assert (once.changed, once.notify) == (True, True)
    assert (again.changed, again.notify) == (False, False)


def test_a_second_partial_refund_is_told_too() -> None:
    first = decide(NEW, replace(PAID, refunded=usd(100)), NOW)
    second = decide(first.facts, replace(PAID, refunded=usd(200)), NOW)
    assert (second.status, second.notify) == (first.status, True)


# --- promises -------------------------------------------------------------------------------------

amounts = some.none() | some.integers(0, 3000).map(usd)
observations = some.builds(
    said,
    some.sampled_from([state for state in State if state not in (State.APPROVED, State.REVOKED)]),
    amount=some.sampled_from([PRICE, PRICE, PRICE, usd(1), None]),
    currency=some.sampled_from(["USD", "USD", "EUR", None]),
    mode=some.sampled_from(["test", "test", "live", None]),
    reference=some.sampled_from(["cs_1", "cs_1", "cs_2", "", None]),
    ref=some.sampled_from(["p1", "p1", "p2"]),
    received=amounts,
    refunded=amounts,
    delivery=some.none() | some.sampled_from(Delivery),
)
honest = some.builds(
    said,
    some.sampled_from(
        [
            State.OPEN,
            State.PROCESSING,
            State.SUCCEEDED,
            State.FAILED,
            State.CANCELLED,
            State.EXPIRED,
        ]
    ),
    received=some.none() | some.just(PRICE),
    refunded=some.none() | some.just(usd(0)),
)
moments = some.integers(0, 7200).map(lambda seconds: NOW + timedelta(seconds=seconds))
lives = some.lists(some.tuples(observations, moments), max_size=8)


def live(life: list[tuple[Observation, datetime]], facts: Facts = NEW) -> Facts:
    for observation, now in life:
        facts = decide(facts, observation, now).facts
    return facts


def shows_money(observation: Observation) -> bool:
    arrived = observation.received is not None and observation.received.units > 0
    return arrived or observation.state in (State.PROCESSING, State.SUCCEEDED, State.CONFLICT)


@given(lives)
def test_no_order_loses_money(life: list[tuple[Observation, datetime]]) -> None:
    facts = live(life)
    if any(shows_money(seen) and mismatch(NEW, seen) is None for seen, _ in life):
        assert facts.status not in ("open", "failed", "cancelled", "expired")


@given(some.permutations([PAID, said(State.EXPIRED), SEEN, said(State.OPEN)]))
def test_a_paid_session_never_ends_unpaid_in_any_order(order: list[Observation]) -> None:
    assert live([(seen, NOW) for seen in order]).status in ("succeeded", "review")


@given(lives)
def test_amounts_never_fall_and_decisions_never_vanish(
    life: list[tuple[Observation, datetime]],
) -> None:
    facts = NEW
    for observation, now in life:
        after = decide(facts, observation, now).facts
        for name in ("received", "refunded"):
            known, new = getattr(facts, name), getattr(after, name)
            assert known is None or new >= known
        for name in ("paid_at", "ended", "review_reason"):
            known, new = getattr(facts, name), getattr(after, name)
            assert known is None or new == known
        facts = after


@given(lives)
def test_paid_needs_a_success_that_matches_in_every_field(
    life: list[tuple[Observation, datetime]],
) -> None:
    facts = live(life)
    if st.is_paid(facts.status):
        assert any(
            seen.state is State.SUCCEEDED and seen.amount == PRICE and mismatch(NEW, seen) is None
            for seen, _ in life
        )
        assert all(mismatch(NEW, seen) is None for seen, _ in life)


@given(lives, some.sampled_from(RESOLUTIONS["payment"]), lives)
def test_no_observation_undecides_a_person(
    before: list[tuple[Observation, datetime]],
    answer: str,
    after: list[tuple[Observation, datetime]],
) -> None:
    facts = resolve(flag(live(before), "conflict").facts, answer, "", NOW).facts
    for observation, now in after:
        facts = decide(facts, observation, now).facts
        if facts.basis == facts.resolution.basis:  # type: ignore[union-attr]
            assert facts.status == answer
        else:
            assert facts.status == "review"


@given(some.lists(some.tuples(honest, moments), max_size=8))
def test_seeing_the_same_twice_is_seeing_it_once(life: list[tuple[Observation, datetime]]) -> None:
    twice = [moment for moment in life for _ in range(2)]
    assert live(life) == live(twice)


ASKED = replace(NEW, kind="approval", expected=None)
GIVEN = said(State.APPROVED, amount=None, currency=None)


@pytest.mark.parametrize(
    ("observations", "status", "reason"),
    [
        ([said(State.OPEN, amount=None)], "open", None),
        ([GIVEN], "approved", None),
        ([GIVEN, replace(GIVEN, state=State.REVOKED)], "revoked", None),
        ([replace(GIVEN, state=State.EXPIRED)], "expired", None),
        # It may be used, and neither merchant nor shopper expects it any more.
        ([replace(GIVEN, state=State.EXPIRED), GIVEN], "review", "late"),
        ([replace(GIVEN, state=State.CANCELLED), GIVEN], "review", "after_cancel"),
        ([replace(GIVEN, terms={"network": "polygon"})], "review", "terms_mismatch"),
        ([said(State.SUCCEEDED, amount=None, currency=None)], "open", None),
    ],
)
def test_approvals(observations: list[Observation], status: str, reason: str | None) -> None:
    facts = ASKED
    for observation in observations:
        facts = decide(facts, observation, NOW).facts
    assert (facts.status, facts.review_reason, st.is_paid(facts.status)) == (status, reason, False)


def test_a_person_never_makes_an_approval_paid() -> None:
    asked = flag(decide(ASKED, GIVEN, NOW).facts, "conflict").facts
    for answer in RESOLUTIONS["payment"]:
        if answer not in RESOLUTIONS["approval"]:
            with pytest.raises(NotResolvable):
                resolve(asked, answer, "", NOW)
    allowed = resolve(asked, "approved", "", NOW).facts
    assert allowed.status == "approved"
    # What the person decided on is the provider's word: when that changes, they are asked again.
    assert decide(allowed, replace(GIVEN, state=State.REVOKED), NOW).facts.status == "review"


def test_an_approval_that_is_gone_is_revoked_and_one_that_comes_back_is_a_question() -> None:
    given_ = decide(ASKED, GIVEN, NOW).facts
    gone = decide(given_, None, NOW).facts
    assert gone.status == "revoked"
    assert decide(gone, GIVEN, NOW).facts.status == "review"
    # One that was never given is only not there yet.
    assert decide(ASKED, None, NOW).facts.status == "open"
