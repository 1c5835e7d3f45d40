from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.money import Money, MoneyError
from checkout_server.providers.base import (
    Created,
    InvalidOption,
    OutcomeUnknown,
    Refused,
    SerialTaken,
    Unreachable,
)
from tests.providers.cryptopay.support import (
    ADDRESS,
    CONTRACT,
    INFO,
    KEY,
    ORDER_ID,
    SERIAL,
    SESSION_ID,
    URL,
    Wire,
    attempt,
    enveloped,
    order,
    refusal,
)

LINK = f"ethereum:{CONTRACT}@8453/transfer?address={ADDRESS}&uint256=100000000"


async def test_an_order_is_created_as_the_document_says(wire: Wire):
    wire.answers(enveloped(order()), status=201)
    made = await wire.provider().create(attempt())

    assert wire.sent.method == "POST"
    assert str(wire.sent.url) == f"{URL}/api/payment-orders/"
    assert wire.sent.headers["authorization"] == f"Bearer {KEY}"
    assert wire.sent.headers["content-type"] == "application/json"
    assert wire.body == {
        "amount": "100",
        "currency": "USDC",
        "blockchain": "base",
        "order_info": INFO,
        "nonce": SERIAL,
        "redirect_url": "https://pay.example/checkout/tok/return?outcome=return",
        "expires_at": "2026-03-01T12:30:00Z",
    }
    assert made == Created(
        ref=ORDER_ID,
        public={
            "address": ADDRESS,
            "amount": "100",
            "currency": "USDC",
            "network": "Base",
            "qr": LINK,
            "wallet_url": LINK,
        },
        hosted_url=f"https://pay.cryptopay.com/order/{ORDER_ID}",
        expires_at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        terms={"blockchain": "base", "nonce": str(SERIAL), "receiving_address": ADDRESS},
    )
    assert KEY not in json.dumps(dict(made.public))


async def test_a_webhook_address_goes_along_where_it_is_set(wire: Wire):
    wire.gives(order())
    await wire.provider(webhook_url="https://pay.example/webhooks/cryptopay").create(attempt())
    assert wire.body["webhook_url"] == "https://pay.example/webhooks/cryptopay"


@pytest.mark.parametrize(
    ("text", "currency", "blockchain", "link"),
    [
        ("0.000001", "USDC", "base", f"ethereum:{CONTRACT}@8453/transfer?address={ADDRESS}&uint256=1"),
        ("0.0125", "ETH", "base", f"ethereum:{ADDRESS}@8453?value=12500000000000000"),
        ("0.000000000000000001", "ETH", "base", f"ethereum:{ADDRESS}@8453?value=1"),
        # The same token may count more finely elsewhere, and more coarsely.
        (
            "25.5",
            "USDT",
            "bnb-chain",
            f"ethereum:{CONTRACT}@56/transfer?address={ADDRESS}&uint256=255{'0' * 17}",
        ),
        ("25.55", "DAI", "bnb-chain", f"ethereum:{CONTRACT}@56/transfer?address={ADDRESS}&uint256=2555"),
        ("25", "USDT", "base", None),
        ("25", "USDT", "tron", None),
    ],
)
async def test_a_wallet_is_told_token_network_and_amount_where_they_are_known(
    wire: Wire, text: str, currency: str, blockchain: str, link: str | None
):
    amount = Money.parse(text, currency)
    wire.gives(order(amount=text, currency=currency, blockchain=blockchain))
    made = await wire.provider().create(attempt(amount=amount, options={"blockchain": blockchain}))
    assert (wire.body["amount"], wire.body["currency"], wire.body["blockchain"]) == (
        text,
        currency,
        blockchain,
    )
    assert made.public["wallet_url"] == link
    assert made.public["qr"] == (link or ADDRESS)


@given(units=st.integers(1, 10**30), currency=st.sampled_from(["USDC", "ETH", "BTC", "SOL"]))
async def test_an_amount_survives_the_way_there_and_back(units: int, currency: str):
    amount = Money(units, currency)
    wire = Wire()
    wire.gives(order(amount=amount.text, currency=currency, blockchain="tron"))
    await wire.provider().create(attempt(amount=amount, options={"blockchain": "tron"}))
    assert Money.parse(wire.body["amount"], currency) == amount
    back = Wire()
    back.gives(
        order(amount=wire.body["amount"] + ("" if "." in wire.body["amount"] else ".0"), currency=currency)
    )
    assert (await back.provider().fetch(ORDER_ID)).amount == amount


def test_there_must_be_something_to_pay_in_a_token_of_the_network(wire: Wire):
    provider = wire.provider()
    with pytest.raises(MoneyError) as zero:
        provider.check(attempt(amount=Money(0, "USDC")))
    assert zero.value.code == "amount_not_positive"
    with pytest.raises(InvalidOption) as none:
        provider.check(attempt(amount=None))
    assert none.value.param == "amount"
    with pytest.raises(InvalidOption, match="USDC") as fiat:
        provider.check(attempt(amount=Money(2500, "USD")))
    assert fiat.value.param == "currency"
    with pytest.raises(MoneyError) as fine:
        provider.check(attempt(amount=Money.parse("25.555", "DAI"), options={"blockchain": "bnb-chain"}))
    assert fine.value.code == "amount_sub_unit"
    assert wire.requests == []


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"blockchian": "base"}, "options.blockchian"),
        ({"blockchain": "polygon"}, "options.blockchain"),
        ({"blockchain": ""}, "options.blockchain"),
        ({"blockchain": 1}, "options.blockchain"),
        ({"order_info": {"product": "x"}}, "options.order_info"),
        ({"order_info": ""}, "options.order_info"),
        ({"order_info": "{"}, "options.order_info"),
        ({"order_info": "[1]"}, "options.order_info"),
        ({"order_info": '"text"'}, "options.order_info"),
        ({"order_info": '{"n": NaN}'}, "options.order_info"),
        ({"order_info": '{"a": 1, "a": 2}'}, "options.order_info"),
        ({"order_info": '{"a": {"b": 1, "b": 2}}'}, "options.order_info"),
        ({"order_info": '{"a": "\\ud800"}'}, "options.order_info"),
        ({"order_info": "{\ud800}"}, "options.order_info"),
        ({"order_info": "[" * 100_000}, "options.order_info"),
        ({"order_info": "{" + '"a":' * 3000}, "options.order_info"),
        ({"order_info": '{"checkout_session": "cs_of_another"}'}, "options.order_info"),
        ({"order_info": '{"order_id": "7"}'}, "options.order_info"),
        ({"order_info": '{"a": "' + "x" * 5000 + '"}'}, "options.order_info"),
    ],
)
def test_options_it_cannot_take_are_named(wire: Wire, options: dict[str, object], param: str):
    with pytest.raises(InvalidOption) as caught:
        wire.provider().check(attempt(options=options))
    assert caught.value.param == param
    assert wire.requests == []


def test_without_a_network_of_the_settings_each_session_names_one(wire: Wire):
    with pytest.raises(InvalidOption, match="base, bnb-chain, tron") as caught:
        wire.provider(blockchain=None).check(attempt())
    assert caught.value.param == "options.blockchain"


@pytest.mark.parametrize(
    "theirs",
    [
        '{"product": "Premium Plan", "quantity": 1}',
        ' \n{ "price": 0.1000000000000000055511151231257827, "big": 123456789012345678901234567890 } ',
        '{"é": {"deep": [1e3, null, "\\u00e9 \\" }"]}}',
        "{}",
        "{ }",
    ],
)
async def test_the_merchants_order_info_travels_to_the_last_digit(wire: Wire, theirs: str):
    wire.gives(order())
    await wire.provider().create(attempt(options={"order_info": theirs}))
    info = wire.body["order_info"]
    exact = {"parse_float": str, "parse_int": str}
    ours = {"checkout_session": SESSION_ID, "order_id": "1001"}
    assert json.loads(info, **exact) == {**ours, **json.loads(theirs, **exact)}


async def test_a_number_that_was_used_asks_for_another(wire: Wire):
    wire.answers(refusal("DUPLICATE_NONCE", nonce=["Nonce already used."]), status=400)
    with pytest.raises(SerialTaken) as caught:
        await wire.provider().create(attempt())
    assert (caught.value.code, caught.value.param) == ("DUPLICATE_NONCE", "nonce")


async def test_a_refusal_may_come_with_any_status(wire: Wire):
    for status in (200, 201, 400, 409, 422):
        each = Wire()
        each.answers(refusal("DUPLICATE_NONCE"), status=status)
        with pytest.raises(SerialTaken):
            await each.provider().create(attempt())
        each = Wire()
        each.answers(refusal("INVALID_AMOUNT"), status=status)
        with pytest.raises(Refused) as caught:
            await each.provider().create(attempt())
        assert caught.value.code == "INVALID_AMOUNT"
        assert not isinstance(caught.value, SerialTaken)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "10.00"},
        {"currency": "USDT"},
        {"blockchain": "ethereum"},
        {"nonce": SERIAL + 1},
        {"receiving_address": "TSandboxSandboxSandbox"},
    ],
)
async def test_another_order_than_was_asked_for_is_shown_to_nobody(wire: Wire, changes: dict[str, object]):
    wire.gives(order(**changes))
    with pytest.raises(Refused) as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "answer_mismatch"


@pytest.mark.parametrize(
    "data",
    [
        [],
        None,
        "ok",
        {},
        order(order_id=None),
        order(order_id="../7"),
        order(order_id=7),
        order(receiving_address=None),
        order(receiving_address="0x 12"),
        order(receiving_address='0x"><script>'),
        order(amount="a lot"),
        order(transaction=[]),
    ],
)
async def test_an_answer_without_an_order_leaves_the_outcome_unknown(wire: Wire, data: object):
    wire.gives(data)
    with pytest.raises(OutcomeUnknown) as caught:
        await wire.provider().create(attempt())
    assert caught.value.code == "nonsense"


@pytest.mark.parametrize("body", [[], {}, order(), b"<h1>OK</h1>"])
async def test_so_does_one_without_its_envelope(wire: Wire, body: object):
    wire.answers(body)
    with pytest.raises(OutcomeUnknown):
        await wire.provider().create(attempt())


async def test_lost_answers(wire: Wire):
    for error, expected in [
        (httpx.ReadTimeout("x"), OutcomeUnknown),
        (httpx.RemoteProtocolError("x"), OutcomeUnknown),
        (httpx.ConnectError("x"), Unreachable),
    ]:
        each = Wire()
        each.fails(error)
        with pytest.raises(expected):
            await each.provider().create(attempt())
        assert len(each.requests) == 1


@pytest.mark.parametrize(
    "url", [None, 7, "", "http://pay.cryptopay.com/x", "javascript:alert(1)", "https://a@b/x"]
)
async def test_a_hosted_page_is_https(wire: Wire, url: object):
    wire.gives(order(payment_url=url))
    assert (await wire.provider().create(attempt())).hosted_url is None


async def test_a_sandbox_may_have_a_plain_page_on_this_machine(wire: Wire):
    wire.gives(order(payment_url="http://localhost:8001/cryptopay/order/x"))
    provider = wire.provider(base_url="http://127.0.0.1:8001/cryptopay/")
    assert (await provider.create(attempt())).hosted_url == "http://localhost:8001/cryptopay/order/x"
    assert str(wire.sent.url) == "http://127.0.0.1:8001/cryptopay/api/payment-orders/"
