from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.money import EXPONENTS, Money, MoneyError
from checkout_server.providers.base import Created, InvalidOption, OutcomeUnknown
from checkout_server.providers.crypto_com.mapping import is_countable
from tests.providers.crypto_com.support import (
    KEY,
    NOW,
    PAYMENT_ID,
    PUBLISHABLE,
    SESSION_ID,
    Wire,
    attempt,
    payment,
)

SDK = f"https://js.crypto.com/sdk?publishable-key={PUBLISHABLE}"


async def test_a_payment_is_created_as_the_document_says(wire: Wire):
    wire.answers(payment(expired_at=1772368200))
    made = await wire.provider().create(attempt())

    assert wire.sent.method == "POST"
    assert str(wire.sent.url) == "https://pay.crypto.com/api/payments"
    assert wire.sent.headers["authorization"] == "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
    assert wire.sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert b"metadata%5Border_id%5D=1001" in wire.sent.content
    assert wire.form == {
        "amount": "2500",
        "currency": "USD",
        "order_id": SESSION_ID,
        "metadata[order_id]": "1001",
        "description": "Tee & mug",
        "return_url": "https://pay.example/checkout/tok/return?outcome=success",
        "cancel_url": "https://pay.example/checkout/tok/return?outcome=cancel",
        "expired_at": str(int(NOW.timestamp()) + 1800),
    }
    assert made == Created(
        ref=PAYMENT_ID,
        public={"payment_id": PAYMENT_ID, "publishable_key": PUBLISHABLE, "sdk_url": SDK},
        hosted_url=payment()["payment_url"],
        expires_at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    )
    assert KEY not in json.dumps(dict(made.public))


@pytest.mark.parametrize(
    ("text", "currency", "units"),
    [
        ("19.99", "USD", "1999"),
        ("25", "USD", "2500"),
        ("0.01", "EUR", "1"),
        ("1234567.89", "GBP", "123456789"),
        ("1000", "JPY", "1000"),
        ("1000", "KRW", "1000"),
        ("1000", "CLP", "1000"),
        ("1000", "IDR", "100000"),
        ("1000.50", "COP", "100050"),
        ("100", "CRO", "100000000000000000000"),
        ("0.000000000000000001", "CRO", "1"),
    ],
)
async def test_amounts_are_sent_in_smallest_units(wire: Wire, text: str, currency: str, units: str):
    wire.answers(payment(amount=int(units), currency=currency))
    await wire.provider().create(attempt(amount=Money.parse(text, currency)))
    assert (wire.form["amount"], wire.form["currency"]) == (units, currency)


@given(
    units=st.integers(1, 10**30),
    currency=st.sampled_from(sorted(code for code in EXPONENTS if is_countable(code))),
)
async def test_an_amount_survives_the_way_there_and_back(units: int, currency: str):
    amount = Money(units, currency)
    wire = Wire()
    wire.answers(payment())
    await wire.provider().create(attempt(amount=amount))
    for shape in (int, str):  # a number, and the digits as text
        back = Wire()
        back.answers(payment(amount=shape(wire.form["amount"]), currency=wire.form["currency"]))
        seen = await back.provider().fetch(PAYMENT_ID)
        assert seen.amount == amount
        assert Money.parse(amount.text, currency) == amount


@pytest.mark.parametrize("currency", ["VND", "KWD", "USDC", "BTC"])
async def test_a_currency_that_may_be_counted_otherwise_is_refused_unsent(wire: Wire, currency: str):
    with pytest.raises(MoneyError) as caught:
        await wire.provider().create(attempt(amount=Money(100, currency)))
    assert caught.value.code == "currency_unknown"
    assert wire.requests == []


def test_there_must_be_something_to_pay(wire: Wire):
    with pytest.raises(MoneyError) as zero:
        wire.provider().check(attempt(amount=Money(0, "USD")))
    assert zero.value.code == "amount_not_positive"
    with pytest.raises(InvalidOption) as none:
        wire.provider().check(attempt(amount=None))
    assert none.value.param == "amount"


async def test_options_travel_as_they_are(wire: Wire):
    wire.answers(payment())
    options = {"onchain_allowed": False, "sub_merchant_id": "sm_1", "customer_id": "c 2"}
    await wire.provider().create(attempt(options=options, description=None))
    assert {name: wire.form[name] for name in options} == {
        "onchain_allowed": "false",
        "sub_merchant_id": "sm_1",
        "customer_id": "c 2",
    }
    assert "description" not in wire.form


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"creat": "browser"}, "options.creat"),
        ({"create": "shopper"}, "options.create"),
        ({"create": None}, "options.create"),
        ({"onchain_allowed": "yes"}, "options.onchain_allowed"),
        ({"onchain_allowed": 1}, "options.onchain_allowed"),
        ({"sub_merchant_id": 7}, "options.sub_merchant_id"),
        ({"customer_id": ""}, "options.customer_id"),
        ({"amount": "1"}, "options.amount"),
    ],
)
def test_options_it_cannot_take_are_named(wire: Wire, options: dict[str, object], param: str):
    with pytest.raises(InvalidOption) as caught:
        wire.provider().check(attempt(options=options))
    assert caught.value.param == param


async def test_the_browser_may_create(wire: Wire):
    made = await wire.provider().create(
        attempt(options={"create": "browser", "onchain_allowed": True}, amount=Money(10**20, "CRO"))
    )
    assert wire.requests == []
    assert made == Created(
        ref=None,
        public={
            "create": {
                "amount": "100000000000000000000",
                "currency": "CRO",
                "description": "Tee & mug",
                "order_id": SESSION_ID,
                "metadata": {"order_id": "1001"},
                "onchain_allowed": True,
            },
            "publishable_key": PUBLISHABLE,
            "sdk_url": SDK,
        },
    )


def test_the_browser_needs_a_publishable_key(wire: Wire):
    with pytest.raises(InvalidOption) as caught:
        wire.provider(publishable_key=None).check(attempt(options={"create": "browser"}))
    assert caught.value.param == "options.create"


async def test_without_a_publishable_key_there_is_only_the_redirect(wire: Wire):
    wire.answers(payment())
    made = await wire.provider(publishable_key=None).create(attempt())
    assert made.public == {"payment_id": PAYMENT_ID, "publishable_key": None, "sdk_url": None}
    assert made.hosted_url is not None


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "http://js.crypto.com/x",
        "javascript:alert(1)",
        "//js.crypto.com/x",
        "https://",
        "https://a@b/x",
        "https://[bad/x",
        "http://127.0.0.1:8001/pay",
    ],
)
async def test_a_hosted_page_is_https(wire: Wire, url: object):
    wire.answers(payment(payment_url=url))
    assert (await wire.provider().create(attempt())).hosted_url is None


@pytest.mark.parametrize(
    ("url", "kept"), [("http://localhost:8001/pay", True), ("http://evil.example/pay", False)]
)
async def test_a_sandbox_may_have_a_plain_page_on_this_machine(wire: Wire, url: str, kept: bool):
    wire.answers(payment(payment_url=url))
    provider = wire.provider(base_url="http://127.0.0.1:8001/crypto_com/")
    assert (await provider.create(attempt())).hosted_url == (url if kept else None)
    assert str(wire.sent.url) == "http://127.0.0.1:8001/crypto_com/payments"


@pytest.mark.parametrize("body", [[], "ok", None, 5, {}, {"id": None}, {"id": 7}, {"id": "../refunds"}])
async def test_an_answer_without_a_payment_leaves_the_outcome_unknown(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises(OutcomeUnknown) as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "nonsense"
