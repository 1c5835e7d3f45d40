from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.money import EXPONENTS, Money, MoneyError
from checkout_server.providers.base import Created, InvalidOption, OutcomeUnknown
from tests.providers.inqud.support import (
    CHECKOUT_ID,
    CHECKOUTS,
    PROJECT,
    SECRET,
    SESSION_ID,
    TOKEN_ID,
    Wire,
    attempt,
    checkout,
    fixed,
)

WIDGET = "https://paycrypto.inqud.com/widget.js"


async def test_a_checkout_is_created_as_the_document_says(wire: Wire):
    wire.answers(checkout())
    made = await wire.provider().create(attempt(amount=None))

    assert (wire.sent.method, str(wire.sent.url)) == ("POST", CHECKOUTS)
    assert wire.sent.headers["x-token-api-id"] == TOKEN_ID
    assert wire.sent.headers["x-token-api-secret"] == SECRET
    assert wire.sent.headers["content-type"] == "application/json"
    assert json.loads(wire.sent.content) == {
        "clientOrderId": SESSION_ID,
        "expiresAt": "2026-03-01T12:30:00Z",
        "name": "Tee & mug",
        "returnUrl": "https://pay.example/checkout/tok/return?outcome=return",
        "type": "NO_PRICE",
    }
    assert made == Created(
        ref=CHECKOUT_ID,
        public={"checkout_id": CHECKOUT_ID, "widget_url": WIDGET},
        hosted_url=checkout()["acquiringUrl"],
        expires_at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        terms={"project": PROJECT, "type": "NO_PRICE"},
    )
    assert SECRET not in json.dumps(dict(made.public))


@pytest.mark.parametrize(
    ("text", "currency", "number"),
    [
        ("19.99", "USD", "19.99"),
        ("100", "USD", "100.00"),
        ("0.01", "EUR", "0.01"),
        ("1000", "JPY", "1000"),
        ("0.1", "BTC", "0.1"),
        ("0.000000000000000001", "ETH", "0.000000000000000001"),
        ("9999999999999.99", "USD", "9999999999999.99"),
    ],
)
async def test_a_price_is_a_number_of_major_units_digit_by_digit(
    wire: Wire, text: str, currency: str, number: str
):
    wire.answers(fixed())
    made = await wire.provider().create(attempt(amount=Money.parse(text, currency)))
    assert wire.sent.content.decode().endswith(
        f',"type":"FIXED_PRICE","fixedAmount":{{"amount":{number},"currency":"{currency}"}}}}'
    )
    assert made.terms == {"project": PROJECT, "type": "FIXED_PRICE"}


@given(units=st.integers(1, 10**15 - 1), currency=st.sampled_from(sorted(EXPONENTS)))
async def test_a_price_survives_the_way_there_and_back(units: int, currency: str):
    amount = Money(units, currency)
    wire = Wire()
    wire.answers(checkout())
    await wire.provider().create(attempt(amount=amount))
    price = json.loads(wire.sent.content, parse_float=Decimal)["fixedAmount"]
    # As an exact reader has it, and as one that reads doubles and writes the shortest number for them.
    for number in (str(price["amount"]), json.dumps(float(price["amount"]))):
        back = Wire()
        back.answers(
            b'{"id": "x", "fixedAmount": {"amount": %s, "currency": "%s"}}'
            % (number.encode(), currency.encode())
        )
        assert (await back.provider().fetch(CHECKOUT_ID)).amount == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [("1.000000000000000001", "ETH"), ("0.1234567890123456", "ETH"), ("99999999999999.99", "USD")],
)
async def test_a_price_that_a_number_may_not_hold_is_refused_unsent(wire: Wire, text: str, currency: str):
    with pytest.raises(InvalidOption) as caught:
        await wire.provider().create(attempt(amount=Money.parse(text, currency)))
    assert caught.value.param == "amount"
    assert wire.requests == []


@pytest.mark.parametrize(
    ("options", "amount", "sent"),
    [
        ({}, None, "NO_PRICE"),
        ({"type": "NO_PRICE"}, None, "NO_PRICE"),
        ({"type": "SUGGESTED_FIXED_PRICE"}, None, "SUGGESTED_FIXED_PRICE"),
        ({}, Money(1, "USD"), "FIXED_PRICE"),
        ({"type": "FIXED_PRICE"}, Money(1, "USDC"), "FIXED_PRICE"),
        ({"type": None}, Money(1, "USD"), "FIXED_PRICE"),
    ],
)
async def test_the_type_is_chosen_or_follows_from_the_amount(
    wire: Wire, options: dict[str, object], amount: Money | None, sent: str
):
    wire.answers(checkout())
    await wire.provider().create(attempt(options=options, amount=amount))
    body = json.loads(wire.sent.content)
    assert body["type"] == sent
    assert ("fixedAmount" in body) is (sent == "FIXED_PRICE")


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"options": {"typ": "NO_PRICE"}}, "options.typ"),
        ({"options": {"type": "no_price"}}, "options.type"),
        ({"options": {"type": 7}}, "options.type"),
        ({"options": {"type": "NO_PRICE"}}, "amount"),
        ({"options": {"type": "SUGGESTED_FIXED_PRICE"}}, "amount"),
        ({"options": {"type": "FIXED_PRICE"}, "amount": None}, "amount"),
    ],
)
async def test_what_it_cannot_take_is_named_and_never_sent(wire: Wire, changes: dict[str, Any], param: str):
    with pytest.raises(InvalidOption) as checked:
        wire.provider().check(attempt(**changes))
    with pytest.raises(InvalidOption) as created:
        await wire.provider().create(attempt(**changes))
    assert (checked.value.param, created.value.param) == (param, param)
    assert wire.requests == []


def test_there_must_be_something_to_pay(wire: Wire):
    with pytest.raises(MoneyError) as zero:
        wire.provider().check(attempt(amount=Money(0, "USD")))
    assert zero.value.code == "amount_not_positive"


async def test_without_a_description_the_order_is_the_name(wire: Wire):
    wire.answers(checkout())
    await wire.provider().create(attempt(description=None))
    assert json.loads(wire.sent.content)["name"] == "1001"


async def test_what_the_store_writes_stays_inside_its_text(wire: Wire):
    wire.answers(fixed())
    await wire.provider().create(attempt(description='"}, "type": "NO_PRICE", {"\n\ud800é'))
    body = json.loads(wire.sent.content)
    assert (body["type"], body["name"]) == ("FIXED_PRICE", '"}, "type": "NO_PRICE", {"\n?é')


async def test_without_the_widget_there_is_only_the_redirect(wire: Wire):
    wire.answers(fixed())
    made = await wire.provider(widget=False).create(attempt())
    assert made.public == {"checkout_id": CHECKOUT_ID, "widget_url": None}
    assert made.hosted_url is not None


@pytest.mark.parametrize(
    "url",
    [None, 7, "", "http://paycrypto.inqud.com/x", "javascript:alert(1)", "//x.example/x", "https://a@b/x"],
)
async def test_a_hosted_page_is_https(wire: Wire, url: object):
    wire.answers(checkout(acquiringUrl=url))
    assert (await wire.provider().create(attempt(amount=None))).hosted_url is None


@pytest.mark.parametrize("body", [[], "ok", None, 5, {}, {"id": None}, {"id": 7}, {"id": "../projects"}])
async def test_an_answer_without_a_checkout_leaves_the_outcome_unknown(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises(OutcomeUnknown) as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "nonsense"
