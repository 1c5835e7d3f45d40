from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from checkout_server.money import Money
from checkout_server.providers.base import Capability, InvalidOption, OutcomeUnknown, Refused, Unreachable
from checkout_server.providers.crossmint.options import locale
from tests.providers.crossmint.support import (
    CLIENT_KEY,
    CLIENT_SECRET,
    ITEM,
    ORDER_ID,
    SERVER_KEY,
    Wire,
    attempt,
    created,
    order,
)


async def test_what_is_sent(wire: Wire):
    wire.answers(created())
    await wire.provider().create(attempt())
    assert (wire.sent.method, str(wire.sent.url)) == (
        "POST",
        "https://staging.crossmint.com/api/2022-06-09/orders",
    )
    assert wire.sent.headers["x-api-key"] == SERVER_KEY
    assert "authorization" not in wire.sent.headers
    assert wire.body == {
        "recipient": {"email": "shopper@example.com"},
        "locale": "en-US",
        "payment": {"method": "card", "currency": "usd", "receiptEmail": "shopper@example.com"},
        "lineItems": ITEM,
    }


async def test_what_comes_of_it(wire: Wire):
    wire.answers(created())
    made = await wire.provider().create(attempt())
    assert made.ref == ORDER_ID
    assert made.terms == {"totalPrice": "25.00 USD"}
    assert made.expires_at is None  # a quote that expires is made again: the session does not end with it
    frame = urlsplit(made.public["frame_url"])
    assert [name for name, _ in parse_qsl(frame.query)] == [
        "orderId",
        "clientSecret",
        "payment",
        "apiKey",
        "sdkMetadata",
    ]
    assert dict(parse_qsl(frame.query))["clientSecret"] == CLIENT_SECRET
    assert made.hosted_url is not None
    assert f"/hosted-checkout/{ORDER_ID}?" in made.hosted_url


async def test_the_orders_secret_is_in_its_addresses_and_nowhere_else(wire: Wire):
    wire.answers(created())
    made = await wire.provider().create(attempt())
    assert made.public.keys() == {"order_id", "frame_url"}
    assert CLIENT_SECRET not in made.public["order_id"]
    assert "pi_secret" not in str(made)
    assert SERVER_KEY not in str(made)
    assert CLIENT_KEY in made.public["frame_url"]


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        ({"recipient": {"walletAddress": "0xabc"}}, {"recipient": {"walletAddress": "0xabc"}}),
        (
            {"recipient": {"email": "b@example.com", "physicalAddress": {"city": "Ulm", "line2": None}}},
            {"recipient": {"email": "b@example.com", "physicalAddress": {"city": "Ulm", "line2": None}}},
        ),
        (
            {"payment": {"method": "base-sepolia", "currency": "usd", "payerAddress": "0x1"}},
            {
                "payment": {
                    "method": "base-sepolia",
                    "currency": "usd",
                    "payerAddress": "0x1",
                    "receiptEmail": "shopper@example.com",
                }
            },
        ),
        ({"lineItems": [ITEM, {"productLocator": "p"}]}, {"lineItems": [ITEM, {"productLocator": "p"}]}),
    ],
)
async def test_options_are_in_the_providers_words(wire: Wire, options: Any, changes: Any):
    wire.answers(created())
    await wire.provider().create(attempt(options={"lineItems": ITEM, **options}))
    assert {name: wire.body[name] for name in changes} == changes


async def test_without_an_address_the_shopper_is_asked(wire: Wire):
    quote = {"status": "requires-recipient", "totalPrice": None}
    wire.answers(created(payment={"status": "requires-quote"}, quote=quote, phase="quote"))
    made = await wire.provider().create(attempt(email=None))
    assert made.ref == ORDER_ID
    assert "recipient" not in wire.body
    assert "receiptEmail" not in wire.body["payment"]


async def test_configured_items_are_filled_in(wire: Wire):
    wire.answers(created())
    items = {"collectionLocator": "c:{order_id}", "callData": {"all": ["{amount} {currency}", 1]}}
    await wire.provider(line_items=items).create(attempt(options={}))
    assert wire.body["lineItems"] == {"collectionLocator": "c:1001", "callData": {"all": ["25.00 usd", 1]}}


async def test_an_open_price_is_the_orders_own(wire: Wire):
    wire.answers(created(quote={"totalPrice": {"amount": "31.07", "currency": "eur"}}))
    provider = wire.provider(currency="eur")
    assert Capability.OPEN_PRICE in provider.capabilities
    made = await provider.create(attempt(amount=None))
    assert made.terms == {}
    assert wire.body["payment"]["currency"] == "eur"


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({}, "options.lineItems"),
        ({"lineItems": []}, "options.lineItems"),
        ({"lineItems": 5}, "options.lineItems"),
        ({"lineItems": [{"collectionLocator": "a", "tokenLocator": "b"}]}, "options.lineItems.0"),
        ({"lineItems": {"tokenLocator": "b", "callData": {}}}, "options.lineItems.0"),
        ({"lineItems": {"collectionLocator": "b", "callData": {"n": [0.1]}}}, "options.lineItems.0.callData"),
        (
            {"lineItems": {"collectionLocator": "b", "callData": {"\ud800": 1}}},
            "options.lineItems.0.callData",
        ),
        ({"lineItems": {"collectionLocator": "\ud800"}}, "options.lineItems.0.collectionLocator"),
        ({"lineItems": ITEM, "recipient": {}}, "options.recipient"),
        ({"lineItems": ITEM, "recipient": {"email": "a@b", "walletAddress": "0x"}}, "options.recipient"),
        ({"lineItems": ITEM, "recipient": {"email": "nobody"}}, "options.recipient.email"),
        ({"lineItems": ITEM, "payment": {"currency": "eur"}}, "options.payment.currency"),
        ({"lineItems": ITEM, "payment": {"method": 5}}, "options.payment.method"),
        ({"lineItems": ITEM, "jwt": "x"}, "options.jwt"),
        ({"line_items": ITEM}, "options.line_items"),
    ],
)
def test_options_that_cannot_be_are_refused_before_anything_is_sent(wire: Wire, options: Any, param: str):
    with pytest.raises(InvalidOption) as caught:
        wire.provider().check(attempt(options=options))
    assert caught.value.param == param
    assert wire.requests == []


def test_configured_items_may_need_an_amount(wire: Wire):
    items = {"collectionLocator": "c", "callData": {"price": "{amount}"}}
    with pytest.raises(InvalidOption) as caught:
        wire.provider(line_items=items).check(attempt(options={}, amount=None))
    assert caught.value.param == "amount"


@pytest.mark.parametrize(
    "said", [("24.99", "usd"), ("25.01", "usd"), ("25.00", "eur"), ("25.001", "usd"), ("25.00", "xyz")]
)
async def test_an_order_at_another_price_is_shown_to_nobody(wire: Wire, said: tuple[str, str]):
    wire.answers(created(quote={"totalPrice": {"amount": said[0], "currency": said[1]}}))
    with pytest.raises(Refused, match=r"and the session 25\.00 USD") as caught:
        await wire.provider().create(attempt())
    assert (caught.value.code, caught.value.param) == ("price_mismatch", "amount")


@pytest.mark.parametrize("text", ["25", "25.0", "25.00", "25.000", 25])
async def test_the_same_price_is_written_in_many_ways(wire: Wire, text: Any):
    wire.answers(created(quote={"totalPrice": {"amount": text, "currency": "USD"}}))
    assert (await wire.provider().create(attempt())).ref == ORDER_ID


@pytest.mark.parametrize(
    "changes",
    [
        {"quote": {"status": "all-line-items-unavailable"}},
        {"lineItems": [{**ITEM, "quote": {"unavailabilityReason": "sold out"}}]},
        {
            "lineItems": [
                ITEM,
                {**ITEM, "quote": {"unavailabilityReason": {"code": "x", "message": "sold out"}}},
            ]
        },
    ],
)
async def test_what_cannot_be_had_is_shown_to_nobody(wire: Wire, changes: Any):
    wire.answers(created(**changes))
    with pytest.raises(Refused, match="cannot deliver") as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "unavailable"


@pytest.mark.parametrize(
    "body", [[], "ok", None, 5, {}, {"order": {}}, {"order": order()}, {**created(), "clientSecret": 7}]
)
async def test_an_answer_without_an_order_leaves_the_outcome_unknown(wire: Wire, body: Any):
    wire.answers(body)
    with pytest.raises(OutcomeUnknown) as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "nonsense"


async def test_a_lost_answer_leaves_the_outcome_unknown(wire: Wire):
    wire.fails(httpx.ReadTimeout("slow"))
    with pytest.raises(OutcomeUnknown):
        await wire.provider().create(attempt())


async def test_no_connection_is_not_carried_out(wire: Wire):
    wire.fails(httpx.ConnectError("down"))
    with pytest.raises(Unreachable):
        await wire.provider().create(attempt())


@pytest.mark.parametrize(
    ("wanted", "spoken", "sent"),
    [
        ("en", ("en-US",), "en-US"),
        ("de", ("en-US",), "en-US"),
        ("de", ("en-US", "de-DE"), "de-DE"),
        ("de-AT", ("en-US", "de-DE", "de-AT"), "de-AT"),
        ("de_AT", ("en-US", "de-DE"), "de-DE"),
        ("ar", ("fr-FR", "en-US"), "fr-FR"),
        ("", ("en-US",), "en-US"),
        ("de", (), "en-US"),
    ],
)
def test_a_language_is_sent_only_when_it_is_spoken(wanted: str, spoken: tuple[str, ...], sent: str):
    assert locale(wanted, spoken) == sent


async def test_an_order_that_waits_for_the_address_we_have_is_given_it(wire: Wire):
    wire.answers(created(payment={"status": "requires-email"}), order())
    provider = wire.provider()
    made = await provider.create(attempt())
    assert made.ref == ORDER_ID
    change = wire.requests[1]
    assert (change.method, change.url.path) == ("PATCH", f"/api/2022-06-09/orders/{ORDER_ID}")
    assert b'"receiptEmail":"shopper@example.com"' in change.content
    assert b"lineItems" not in change.content


@pytest.mark.parametrize(
    ("body", "status"), [({"error": True, "message": "no"}, 400), ([], 200), (b"<h1>", 503)]
)
async def test_an_order_that_will_not_take_the_address_asks_the_shopper(wire: Wire, body: Any, status: int):
    wire.answers(created(payment={"status": "requires-email"}))
    wire.answers(body, status=status)
    assert (await wire.provider().create(attempt())).ref == ORDER_ID
    assert len(wire.requests) == 2


async def test_an_amount_beyond_floats_is_exact(wire: Wire):
    text = "42.000000000000000001"
    wire.answers(created(quote={"totalPrice": {"amount": text, "currency": "cro"}}))
    made = await wire.provider(line_items={"collectionLocator": "c", "callData": {"p": "{amount}"}}).create(
        attempt(amount=Money.parse(text, "CRO"), options={})
    )
    assert made.terms == {"totalPrice": f"{text} CRO"}
    assert wire.body["lineItems"]["callData"] == {"p": text}
