from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.money import FIAT, Money
from checkout_server.providers.base import Created, InvalidOption, OutcomeUnknown, Refused, Unreachable
from tests.providers.crossmint_intents.support import (
    AGENT,
    INTENT_ID,
    KEY,
    MANDATES,
    METHOD,
    NOW,
    VERIFICATION,
    VERIFIER,
    Wire,
    asking,
    attempt,
    intent,
)


async def test_an_intent_is_created_as_the_document_says(wire: Wire):
    wire.answers(intent(), status=201)
    made = await wire.provider().create(attempt())

    assert wire.sent.method == "POST"
    assert str(wire.sent.url) == "https://staging.crossmint.com/api/unstable/order-intents"
    assert wire.sent.headers["x-api-key"] == KEY
    assert wire.sent.headers["content-type"] == "application/json"
    assert json.loads(wire.sent.content) == {
        "agentId": AGENT,
        "payment": {"paymentMethodId": METHOD},
        "mandates": MANDATES,
    }
    assert made == Created(
        ref=INTENT_ID,
        public={
            "id": INTENT_ID,
            "agent": AGENT,
            "mandates": [
                {"type": "maxAmount", "value": "100.00", "currency": "USD", "period": "monthly"},
                {"type": "description", "value": "Weekly grocery purchases"},
            ],
            "until": None,
            "verification": VERIFICATION,
            "verifier_url": VERIFIER,
            "verifier_integrity": None,
        },
        terms={
            "agentId": AGENT,
            "paymentMethodId": METHOD,
            "maxAmount": "100.00 USD monthly",
            "description": '"Weekly grocery purchases"',
        },
    )
    assert "sk_" not in json.dumps(dict(made.public))


async def test_every_kind_of_mandate_travels(wire: Wire):
    mandates = [
        {"type": "maxAmount", "value": "100", "details": {"currency": "EUR"}},
        {"type": "prompt", "value": "Buy milk\nwhen it is cheap"},
        {"type": "consumer", "details": {"email": "Ann@example.com"}},
    ]
    sent = [{"type": "maxAmount", "value": "100.00", "details": {"currency": "eur"}}, *mandates[1:]]
    wire.answers(intent(mandates=sent), status=201)
    made = await wire.provider().create(asking(mandates=mandates))
    assert json.loads(wire.sent.content)["mandates"] == sent
    assert made.public["mandates"] == [
        {"type": "maxAmount", "value": "100.00", "currency": "EUR", "period": None},
        {"type": "prompt", "value": "Buy milk\nwhen it is cheap"},
        {"type": "consumer", "value": "Ann@example.com"},
    ]


@given(units=st.integers(1, 10**15), currency=st.sampled_from(sorted(FIAT)))
async def test_a_limit_keeps_every_digit(units: int, currency: str):
    limit = Money(units, currency)
    wire = Wire()
    details = {"currency": currency.lower(), "period": "weekly"}
    mandates = [{"type": "maxAmount", "value": limit.text, "details": details}]
    wire.answers(intent(mandates=mandates), status=201)
    made = await wire.provider().create(asking(mandates=mandates))
    assert json.loads(wire.sent.content)["mandates"] == mandates
    shown = made.public["mandates"][0]
    assert Money.parse(shown["value"], shown["currency"]) == limit


async def test_the_end_of_the_permission_travels_and_may_end_the_checkout(wire: Wire):
    wire.answers(intent(), status=201)
    made = await wire.provider().create(asking(expiresAt="2027-01-31T10:00:00Z"))
    assert json.loads(wire.sent.content)["expiresAt"] == "2027-01-31T10:00:00Z"
    assert made.public["until"] == "2027-01-31T10:00:00+00:00"
    assert made.expires_at is None
    assert made.terms["expiresAt"] == "2027-01-31T10:00:00+00:00"
    soon = NOW + timedelta(minutes=5)
    made = await wire.provider().create(asking(expiresAt="2026-03-01T12:05Z"))
    assert made.expires_at == soon


@pytest.mark.parametrize(
    "text",
    ["2027-01-31T10:00:00Z", "2027-01-31T10:00Z", "2027-01-31T10:00:00.123456789Z", "2028-02-29T00:00:00Z"],
)
def test_times_of_the_documents_pattern_are_taken(wire: Wire, text: str):
    wire.provider().check(asking(expiresAt=text))


@pytest.mark.parametrize(
    "text",
    [
        "2027-02-29T10:00:00Z",  # no leap year
        "2100-02-29T10:00:00Z",  # nor this one
        "2027-04-31T10:00:00Z",
        "2027-13-01T10:00:00Z",
        "2027-00-10T10:00:00Z",
        "2027-01-31T24:00:00Z",
        "2027-01-31T10:60:00Z",
        "2027-01-31T10:00:60Z",
        "2027-01-31T10:00:00+00:00",
        "2027-01-31T10:00:00z",
        "2027-01-31 10:00:00Z",
        "2027-01-31",
        "2027-01-31T10:00:00Z\n",
        "٢٠٢٧-01-31T10:00:00Z",
        "",
        "2026-03-01T12:00:00Z",  # now
        "2020-01-01T00:00:00Z",
        1801389600,
    ],
)
async def test_a_date_that_does_not_exist_is_refused_unsent(wire: Wire, text: Any):
    with pytest.raises(InvalidOption) as caught:
        await wire.provider().create(asking(expiresAt=text))
    assert caught.value.param == "options.expiresAt"
    assert wire.requests == []


def limit(**changes: Any) -> list[dict[str, Any]]:
    return [{"type": "maxAmount", "value": "100.00", "details": {"currency": "usd"}, **changes}]


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"agentId": None}, "options.agentId"),
        ({"agentId": ""}, "options.agentId"),
        ({"agentId": "a b"}, "options.agentId"),
        ({"agentId": 7}, "options.agentId"),
        ({"paymentMethodId": None}, "options.paymentMethodId"),
        ({"payment": {"paymentMethodId": "x"}}, "options.payment"),
        ({"mandates": None}, "options.mandates"),
        ({"mandates": []}, "options.mandates"),
        ({"mandates": {}}, "options.mandates"),
        ({"mandates": ["maxAmount"]}, "options.mandates.0"),
        ({"mandates": [{"value": "x"}]}, "options.mandates.0"),
        ({"mandates": [{"type": "merchant", "value": "x"}]}, "options.mandates.0"),
        ({"mandates": limit(value=100)}, "options.mandates.0.value"),
        ({"mandates": limit(value=100.0)}, "options.mandates.0.value"),
        ({"mandates": limit(value="1e3")}, "options.mandates.0.value"),
        ({"mandates": limit(value="-1")}, "options.mandates.0.value"),
        ({"mandates": limit(value="0.00")}, "options.mandates.0.value"),
        ({"mandates": limit(value="0.001")}, "options.mandates.0.value"),
        ({"mandates": limit(value="1,000.00")}, "options.mandates.0.value"),
        ({"mandates": limit(details={})}, "options.mandates.0.details.currency"),
        ({"mandates": limit(details={"currency": "usdc"})}, "options.mandates.0.details.currency"),
        (
            {"mandates": limit(details={"currency": "usd", "period": "daily"})},
            "options.mandates.0.details.period",
        ),
        ({"mandates": limit(extra=1)}, "options.mandates.0.extra"),
        ({"mandates": [*MANDATES, {"type": "description", "value": " "}]}, "options.mandates.2.value"),
        ({"mandates": [{"type": "prompt", "value": "a\x00b"}]}, "options.mandates.0.value"),
        ({"mandates": [{"type": "prompt", "value": "a\ud800b"}]}, "options.mandates.0.value"),
        ({"mandates": [{"type": "prompt", "value": "x" * 1001}]}, "options.mandates.0.value"),
        ({"mandates": [{"type": "consumer", "details": {"email": "x"}}]}, "options.mandates.0.details.email"),
        ({"mandates": [{"type": "consumer", "value": "a@b.c"}]}, "options.mandates.0.details"),
        ({"mandates": MANDATES * 11}, "options.mandates"),
        ({"card": "4242424242424242"}, "options.card"),
    ],
)
def test_options_it_cannot_take_are_named(wire: Wire, options: dict[str, Any], param: str):
    with pytest.raises(InvalidOption) as caught:
        wire.provider().check(asking(**options))
    assert caught.value.param == param
    assert wire.requests == []


def test_an_approval_has_no_amount(wire: Wire):
    with pytest.raises(InvalidOption) as caught:
        wire.provider().check(attempt(amount=Money(2500, "USD")))
    assert caught.value.param == "amount"


@pytest.mark.parametrize(
    "changes",
    [
        {
            "mandates": [
                {"type": "maxAmount", "value": "1000.00", "details": {"currency": "usd", "period": "monthly"}}
            ]
        },
        {
            "mandates": [
                {"type": "maxAmount", "value": "100.00", "details": {"currency": "usd", "period": "weekly"}}
            ]
        },
        {"mandates": [{"type": "maxAmount", "value": "100.00", "details": {"currency": "usd"}}]},
        {
            "mandates": [
                {"type": "maxAmount", "value": "100.00", "details": {"currency": "eur", "period": "monthly"}}
            ]
        },
        {"mandates": [MANDATES[0], MANDATES[0]]},
        {"mandates": [MANDATES[1]]},
        {"mandates": []},
        {"mandates": [MANDATES[0], {"type": "description", "value": "Anything"}]},
        {"mandates": [{**MANDATES[0], "value": 100.5}]},
        {"agentId": "another"},
        {"payment": {"paymentMethodId": "pm_other"}},
    ],
)
async def test_other_terms_than_asked_for_are_shown_to_nobody(wire: Wire, changes: dict[str, Any]):
    wire.answers(intent(**changes), status=201)
    with pytest.raises(Refused) as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "terms_mismatch"


@pytest.mark.parametrize(
    "changes",
    [
        {"mandates": MANDATES[::-1]},
        {"mandates": [{**MANDATES[0], "value": "100"}, MANDATES[1]]},
        {"mandates": [{**MANDATES[0], "value": 100}]},
        {"mandates": [{**MANDATES[0], "details": {"currency": "USD", "period": "monthly", "new": 1}}]},
        {"mandates": [*MANDATES, {"type": "brand_new"}, "odd"]},
        {"payment": None},
        {"agentId": None},
        {"expiresAt": None, "more": {"x": [1]}},
    ],
)
async def test_the_same_terms_in_other_words_are_the_same(wire: Wire, changes: dict[str, Any]):
    wire.answers(intent(**changes), status=201)
    assert (await wire.provider().create(attempt())).ref == INTENT_ID


async def test_a_time_is_the_same_however_it_is_written(wire: Wire):
    wire.answers(intent(expiresAt="2027-01-31T10:00:00.000Z"), status=201)
    await wire.provider().create(asking(expiresAt="2027-01-31T10:00Z"))
    wire.answers(intent(expiresAt="2027-02-01T10:00:00.000Z"), status=201)
    with pytest.raises(Refused) as caught:
        [await wire.provider().create(asking(expiresAt="2027-01-31T10:00Z")) for _ in range(2)]
    assert caught.value.code == "terms_mismatch"


@pytest.mark.parametrize("phase", ["requires-payment-method", "active", "expired", "something-new"])
async def test_there_is_something_to_verify_in_one_phase_only(wire: Wire, phase: str):
    wire.answers(intent(phase=phase), status=201)
    assert (await wire.provider().create(attempt())).public["verification"] is None


@pytest.mark.parametrize(
    "config",
    [
        None,
        "x",
        {},
        {**VERIFICATION, "publicApiKey": "sk_production_oops"},
        {**VERIFICATION, "publicApiKey": "two words"},
        {**VERIFICATION, "instructionId": 7},
        {name: value for name, value in VERIFICATION.items() if name != "environment"},
    ],
)
async def test_what_cannot_be_verified_is_refused_once(wire: Wire, config: Any):
    wire.answers(intent(verificationConfig=config), status=201)
    with pytest.raises(Refused, match="verificationConfig") as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "nonsense"
    assert "sk_" not in str(caught.value)


async def test_only_documented_values_reach_the_page(wire: Wire):
    wire.answers(intent(verificationConfig={**VERIFICATION, "allowanceId": "x", "secret": "y"}), status=201)
    assert (await wire.provider().create(attempt())).public["verification"] == VERIFICATION


@pytest.mark.parametrize(
    "body", [[], "ok", None, 5, {}, {"orderIntentId": None}, {"orderIntentId": "../x"}, b"<html>"]
)
async def test_an_answer_without_an_intent_leaves_the_outcome_unknown(wire: Wire, body: Any):
    wire.answers(body, status=201)
    with pytest.raises(OutcomeUnknown):
        await wire.provider().create(attempt())


async def test_a_wire_that_breaks(wire: Wire):
    wire.fails(httpx.ReadTimeout("stalled"))
    with pytest.raises(OutcomeUnknown) as caught:
        await wire.provider().create(attempt())
    assert KEY not in str(caught.value)
    wire = Wire()
    wire.fails(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable):
        await wire.provider().create(attempt())
    assert len(wire.requests) == 1
