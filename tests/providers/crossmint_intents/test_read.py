"""Reading, deleting, and the webhooks that do not exist."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.providers.base import (
    Need,
    NotFound,
    Observation,
    OutcomeUnknown,
    RateLimited,
    Refused,
    State,
    Unreachable,
    WebhookRejected,
)
from tests.providers.crossmint_intents.support import (
    AGENT,
    INTENT_ID,
    KEY,
    MANDATES,
    METHOD,
    NOW,
    Wire,
    intent,
)

PATH = f"/api/unstable/order-intents/{INTENT_ID}"


@pytest.mark.parametrize(
    ("phase", "state", "need"),
    [
        ("requires-verification", State.OPEN, None),
        ("requires-payment-method", State.OPEN, Need.PAYMENT_METHOD),
        ("active", State.APPROVED, None),
        ("expired", State.EXPIRED, None),
        ("brand-new-phase", State.OPEN, None),
        ("ACTIVE", State.OPEN, None),
        ("", State.OPEN, None),
    ],
)
async def test_only_active_is_approved(wire: Wire, phase: str, state: State, need: Need | None):
    wire.answers(intent(phase=phase))
    assert await wire.provider().fetch(INTENT_ID) == Observation(
        ref=INTENT_ID,
        state=state,
        needs=need,
        terms={
            "agentId": AGENT,
            "paymentMethodId": METHOD,
            "maxAmount": "100.00 USD monthly",
            "description": '"Weekly grocery purchases"',
        },
        final=phase == "expired",
    )
    assert wire.calls == [f"GET {PATH}"]
    assert wire.sent.headers["x-api-key"] == KEY


async def test_it_says_whose_intent_it_is(wire: Wire):
    wire.answers(intent(orderIntentId="oi_other"))
    assert (await wire.provider().fetch(INTENT_ID)).ref == "oi_other"


@pytest.mark.parametrize("field", ["orderIntentId", "phase", "mandates"])
@pytest.mark.parametrize("value", [None, 7, {}])
async def test_an_answer_that_makes_no_sense_is_a_failed_read(wire: Wire, field: str, value: Any):
    wire.answers(intent(**{field: value}))
    with pytest.raises(Unreachable, match=field) as caught:
        await wire.provider().fetch(INTENT_ID)
    assert caught.value.code == "nonsense"


KEYS = st.sampled_from(
    [
        "orderIntentId",
        "phase",
        "mandates",
        "type",
        "value",
        "details",
        "currency",
        "period",
        "email",
        "payment",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(
        [INTENT_ID, "active", "maxAmount", "consumer", "prompt", "usd", "1e9", "٣", "\0", "x" * 300]
    )
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(body=JSON, changes=st.dictionaries(KEYS, JSON, max_size=4), whole=st.booleans())
async def test_no_answer_raises_anything_else(body: Any, changes: dict[str, Any], whole: bool):
    answer = body if whole else intent(**changes)
    wire = Wire()
    wire.answers(answer)
    try:
        seen = await wire.provider().fetch(INTENT_ID)
    except Unreachable:
        return
    assert seen.state is not State.APPROVED or answer["phase"] == "active"


@pytest.mark.parametrize("ref", ["", "../orders/1", "a/b", "a?b", "é", "x" * 129])
async def test_what_cannot_be_an_id_is_not_asked_for(wire: Wire, ref: str):
    with pytest.raises(NotFound):
        await wire.provider().fetch(ref)
    assert wire.requests == []


@pytest.mark.parametrize(
    "body",
    [
        {"error": True, "message": "Order intent not found"},
        {"error": "Order intent not found"},
        {"code": "not_found", "message": "Order intent not found"},
    ],
)
async def test_errors_of_every_shape(wire: Wire, body: dict[str, Any]):
    wire.answers(body, status=404)
    with pytest.raises(NotFound, match="It says: Order intent not found"):
        await wire.provider().fetch(INTENT_ID)


@pytest.mark.parametrize("body", [b"<html>", b"", [], {"error": True}, {"message": 7}, {"message": " "}])
async def test_an_error_that_says_nothing(wire: Wire, body: Any):
    wire.answers(body, status=400)
    with pytest.raises(Refused) as caught:
        await wire.provider().fetch(INTENT_ID)
    assert caught.value.code == "refused"


async def test_a_key_that_the_provider_repeats_goes_no_further(wire: Wire):
    body = {"code": "sk_staging_x", "message": f"Invalid key {KEY} or sk_production_other"}
    wire.answers(body, status=401)
    with pytest.raises(Refused) as caught:
        await wire.provider().fetch(INTENT_ID)
    assert "sk_" not in str(caught.value) + caught.value.code
    assert "Invalid key [key] or [key]" in str(caught.value)


async def test_slow_down(wire: Wire):
    wire.answers({"error": True, "message": "Too many"}, status=429, headers={"Retry-After": "30"})
    with pytest.raises(RateLimited) as caught:
        await wire.provider().fetch(INTENT_ID)
    assert caught.value.retry_after == 30.0


@pytest.mark.parametrize("status", [500, 502, 503, 302, 408])
async def test_their_trouble(wire: Wire, status: int):
    wire.answers(b"<html>", status=status)
    with pytest.raises(Unreachable):
        await wire.provider().fetch(INTENT_ID)


@pytest.mark.parametrize(
    ("phase", "end"),
    [
        ("active", State.REVOKED),
        ("requires-verification", State.CANCELLED),
        ("requires-payment-method", State.CANCELLED),
        ("something-new", State.CANCELLED),
    ],
)
@pytest.mark.parametrize(("status", "answer"), [(204, b""), (200, b""), (200, {"orderIntentId": INTENT_ID})])
async def test_deleting_cancels_or_revokes(wire: Wire, phase: str, end: State, status: int, answer: Any):
    wire.answers(intent(phase=phase))
    wire.answers(answer, status=status)
    seen = await wire.provider().cancel(INTENT_ID)
    assert wire.calls == [f"GET {PATH}", f"DELETE {PATH}"]
    assert (seen.ref, seen.state, seen.final, seen.needs) == (INTENT_ID, end, True, None)
    assert seen.terms["maxAmount"] == "100.00 USD monthly"


async def test_what_is_over_is_not_deleted(wire: Wire):
    wire.answers(intent(phase="expired"))
    assert (await wire.provider().cancel(INTENT_ID)).state is State.EXPIRED
    assert wire.calls == [f"GET {PATH}"]


async def test_what_is_gone_was_taken_back(wire: Wire):
    wire.answers({"error": True, "message": "Order intent not found"}, status=404)
    seen = await wire.provider().cancel(INTENT_ID)
    assert (seen.state, seen.final) == (State.REVOKED, True)
    between = Wire()
    between.answers(intent(phase="active"))
    between.answers({"error": True, "message": "Order intent not found"}, status=404)
    assert (await between.provider().cancel(INTENT_ID)).state is State.REVOKED


async def test_a_deletion_whose_answer_was_lost_is_unknown(wire: Wire):
    wire.answers(intent(phase="active"))
    wire.fails(httpx.ReadTimeout("stalled"))
    with pytest.raises(OutcomeUnknown):
        await wire.provider().cancel(INTENT_ID)
    assert len(wire.requests) == 2


@given(raw=st.binary(), header=st.text())
def test_no_webhook_is_believed(raw: bytes, header: str):
    with pytest.raises(WebhookRejected) as caught:
        Wire().provider().verify({"svix-signature": header}, raw, NOW)
    assert caught.value.reason == "not_supported"


def test_nor_one_that_looks_like_theirs(wire: Wire):
    raw = json.dumps(
        {"type": "order-intents.active", "data": intent(phase="active", mandates=MANDATES)}
    ).encode()
    with pytest.raises(WebhookRejected):
        wire.provider().verify({"svix-id": "m", "svix-timestamp": "1", "svix-signature": "v1,x"}, raw, NOW)
