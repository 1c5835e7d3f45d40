from __future__ import annotations

from typing import Any

import pytest

from checkout_server.money import Money
from checkout_server.providers.base import (
    NotFound,
    OutcomeUnknown,
    RateLimited,
    RefundAttempt,
    RefundObservation,
    RefundState,
    Unreachable,
)
from tests.providers.crypto_com.support import PAYMENT_ID, Wire

REFUND_ID = "4639e9bb-f85c-4f62-9d52-56dc0a8eb51b"


def refund(**changes: Any) -> dict[str, Any]:
    return {
        "id": REFUND_ID,
        "status": "pending",
        "payment_id": PAYMENT_ID,
        "currency": "USD",
        "amount": 100,
        "reason": "requested_by_customer",
        "description": "Refund re_01hz",
        "created": 1555098162,
        **changes,
    }


def attempt(**changes: Any) -> RefundAttempt:
    return RefundAttempt(
        **{
            "id": "re_01hz",
            "session_id": "cs_1",
            "payment_ref": PAYMENT_ID,
            "amount": Money(100, "USD"),
            "reason": "requested_by_customer",
            **changes,
        }
    )


async def test_a_refund_is_requested_as_the_document_says(wire: Wire):
    wire.answers(refund())
    assert await wire.provider().refund(attempt()) == RefundObservation(
        ref=REFUND_ID,
        payment_ref=PAYMENT_ID,
        state=RefundState.PENDING,
        amount=Money(100, "USD"),
        attempt_id="re_01hz",
    )
    assert (wire.sent.method, str(wire.sent.url)) == ("POST", "https://pay.crypto.com/api/refunds")
    assert wire.form == {
        "payment_id": PAYMENT_ID,
        "amount": "100",
        "reason": "requested_by_customer",
        "description": "Refund re_01hz",
    }


@pytest.mark.parametrize("reason", ["duplicate", "fraudulent", "requested_by_customer"])
async def test_the_documented_reasons_are_sent(wire: Wire, reason: str):
    wire.answers(refund())
    await wire.provider().refund(attempt(reason=reason))
    assert wire.form["reason"] == reason


@pytest.mark.parametrize("reason", [None, "", "did not fit", "Duplicate"])
async def test_any_other_reason_stays_here(wire: Wire, reason: str | None):
    wire.answers(refund())
    await wire.provider().refund(attempt(reason=reason))
    assert "reason" not in wire.form


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("succeeded", RefundState.SUCCEEDED),
        ("pending", RefundState.PENDING),
        ("prepared", RefundState.PENDING),
        ("sent_by_pigeon", RefundState.PENDING),
        (None, RefundState.PENDING),
    ],
)
async def test_refund_states(wire: Wire, status: str | None, state: RefundState):
    wire.answers(refund(status=status))
    assert (await wire.provider().fetch_refund(REFUND_ID)).state is state
    assert wire.sent.url.path == f"/api/refunds/{REFUND_ID}"


@pytest.mark.parametrize("text", ["Refund for Order#33", "testing", None, 7, "", "Refund re_1 re_2"])
async def test_somebody_elses_refund_carries_no_attempt(wire: Wire, text: object):
    wire.answers(refund(description=text))
    assert (await wire.provider().fetch_refund(REFUND_ID)).attempt_id is None


@pytest.mark.parametrize("body", [[], {}, refund(id=7), refund(amount="all"), refund(payment_id=5)])
async def test_nonsense(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises(OutcomeUnknown):
        await wire.provider().refund(attempt())
    with pytest.raises(Unreachable):
        await wire.provider().fetch_refund(REFUND_ID)


async def test_the_payment_is_known_when_the_answer_leaves_it_out(wire: Wire):
    wire.answers(refund(payment_id=None))
    assert (await wire.provider().refund(attempt())).payment_ref == PAYMENT_ID


async def test_a_payment_that_cannot_be_is_not_refunded(wire: Wire):
    with pytest.raises(NotFound):
        await wire.provider().refund(attempt(payment_ref="a/../b"))
    assert wire.requests == []


async def test_slow_down_means_that_nothing_was_refunded(wire: Wire):
    wire.answers({"error": {"type": "rate_limit_error"}}, status=429, headers={"Retry-After": "7"})
    with pytest.raises(RateLimited) as caught:
        await wire.provider().refund(attempt())
    assert caught.value.retry_after == 7
