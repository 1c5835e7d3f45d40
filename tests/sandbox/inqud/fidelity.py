"""What makes the sandbox a true stand-in: each check is one promise of the provider's document."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import httpx

from tests.sandbox.examples import assert_like
from tests.sandbox.inqud.examples import FULL, NO_PRICE, REQUEST_KEYS, SUGGESTED
from tests.sandbox.inqud.rig import (
    CHECKOUTS,
    FIXED,
    ORDER,
    PROJECT,
    TOKEN,
    Rig,
    digest_of,
    signed_headers,
)

Check = Callable[[Rig], Awaitable[None]]
NANOSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z")


def assert_error(answer: httpx.Response, status: int, naming: str = "") -> None:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"code", "message"}
    assert naming in body["message"]


async def a_created_checkout_is_the_documents(rig: Rig) -> None:
    for example in (NO_PRICE, SUGGESTED):
        checkout = await rig.create({**ORDER, "type": example["type"]})
        assert_like(checkout, example)
        own = {"id", "projectName", "acquiringUrl", "createdAt", "expiresAt", "merchantDomain"}
        assert {key: checkout[key] for key in example.keys() - own} == {
            key: value for key, value in example.items() if key not in own
        }
        assert checkout["id"].startswith("CCO-")
        assert checkout["acquiringUrl"].endswith(f"/checkout/{checkout['id']}")
        assert checkout["expiresAt"] == ORDER["expiresAt"]


async def a_retrieved_checkout_is_the_created_one_in_full(rig: Rig) -> None:
    checkout = await rig.create()
    assert checkout.keys() >= FULL
    assert await rig.fetch(checkout["id"]) == checkout


async def moments_have_nine_digits(rig: Rig) -> None:
    checkout = await rig.create()
    await rig.do(checkout["id"], "detect")
    after = await rig.fetch(checkout["id"])
    for moment in (after["createdAt"], after["lastUpdatedAt"], after["request"]["paymentWindowEndsAt"]):
        assert NANOSECONDS.fullmatch(moment), moment


async def a_price_is_an_exact_number(rig: Rig) -> None:
    for number in ("100", "19.99", "0.000000000000000001", "12345678901234567890.12"):
        body = str(FIXED).replace("'", '"').replace(" 100", f" {number}").encode()
        checkout = await rig.create(body)
        assert checkout["fixedAmount"] == {"amount": Decimal(number), "currency": "USD"}
        raw = (await rig.get(checkout["id"])).text
        assert f'"fixedAmount":{{"amount":{number},"currency":"USD"}}' in raw


async def only_a_fixed_price_has_an_amount(rig: Rig) -> None:
    price = {"amount": 100, "currency": "USD"}
    for kind in ("NO_PRICE", "SUGGESTED_FIXED_PRICE"):
        assert_error(await rig.post({**ORDER, "type": kind, "fixedAmount": price}), 400, "fixedAmount")
        assert "fixedAmount" not in await rig.create({**ORDER, "type": kind})
    assert_error(await rig.post({**ORDER, "type": "FIXED_PRICE"}), 400, "fixedAmount")
    text = {"amount": "100", "currency": "USD"}
    assert_error(await rig.post({**FIXED, "fixedAmount": text}), 400, "fixedAmount.amount is a number")


async def only_the_token_is_let_in(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    for headers in (
        {},
        {"X-Token-API-Id": "demo-token"},
        {**TOKEN, "X-Token-API-Secret": "wrong"},
        {**TOKEN, "X-Token-API-Id": "another"},
    ):
        assert_error(await rig.post(FIXED, headers), 401)
        assert_error(await rig.get(ref, headers), 401)


async def a_signature_stands_for_the_secret(rig: Rig) -> None:
    raw = str(FIXED).replace("'", '"').encode()
    assert (await rig.post(raw, signed_headers(raw))).status_code == 200
    ref = (await rig.create())["id"]
    assert (await rig.get(ref, signed_headers(b"", "another salt"))).status_code == 200
    assert_error(await rig.post(raw + b" ", signed_headers(raw)), 401)
    assert_error(await rig.post(raw, signed_headers(raw, secret="wrong")), 401)
    assert_error(await rig.post(raw, {**signed_headers(raw), "X-Salt": "another"}), 401)
    unsalted = {key: value for key, value in signed_headers(raw, "").items() if key != "X-Salt"}
    assert_error(await rig.post(raw, unsalted), 401)


async def a_checkout_belongs_to_its_widget(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    other = CHECKOUTS.replace(PROJECT, "CAP-another")
    assert_error(await rig.http.get(f"{other}/{ref}", headers=TOKEN), 404)
    assert_error(await rig.http.post(other, json=FIXED, headers=TOKEN), 404)
    assert_error(await rig.get("CCO-unknown"), 404)


async def money_seen_is_not_yet_success(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    await rig.do(ref, "detect")
    seen = await rig.fetch(ref)
    assert seen["status"] == "NEW"
    assert seen["request"].keys() >= REQUEST_KEYS
    assert seen["request"]["txHash"]
    await rig.do(ref, "pay")
    after = await rig.fetch(ref)
    assert after["status"] == "SUCCESS"
    assert after["request"]["txHash"] == seen["request"]["txHash"]


async def each_payment_is_a_transfer_of_its_own(rig: Rig) -> None:
    hashes = set()
    for _ in range(3):
        ref = (await rig.create())["id"]
        await rig.do(ref, "pay")
        hashes.add((await rig.fetch(ref))["request"]["txHash"])
    assert len(hashes) == 3


async def one_checkout_takes_one_payment(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    assert (await rig.do(ref, "pay")).status_code == 200
    assert (await rig.do(ref, "pay")).status_code == 409
    assert (await rig.do(ref, "detect")).status_code == 409
    assert (await rig.fetch(ref))["status"] == "SUCCESS"


async def too_little_is_a_conflict(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    await rig.do(ref, "underpay", amount="40")
    after = await rig.fetch(ref)
    assert (after["status"], after["request"]["paidAmount"]["amount"]) == ("CONFLICT", 40)
    assert after["reason"]
    assert (await rig.do(ref, "pay")).status_code == 200  # nothing more happens
    assert (await rig.fetch(ref))["status"] == "CONFLICT"


async def too_much_is_said(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    await rig.do(ref, "overpay", amount="130.50")
    after = await rig.fetch(ref)
    assert (after["status"], after["request"]["overpaid"]) == ("SUCCESS", True)
    assert after["request"]["paidAmount"]["amount"] == Decimal("130.50")
    assert after["fixedAmount"]["amount"] == 100


async def an_open_price_is_what_was_paid(rig: Rig) -> None:
    ref = (await rig.create({**ORDER, "type": "NO_PRICE"}))["id"]
    await rig.do(ref, "pay", amount="12.345678")
    paid = (await rig.fetch(ref))["request"]["paidAmount"]
    assert paid == {"amount": Decimal("12.345678"), "currency": "USDT"}


async def late_money_is_a_conflict(rig: Rig) -> None:
    ref = (await rig.create(expiresAt="2026-01-02T03:05:00Z"))["id"]
    rig.time.forward(55)
    assert (await rig.fetch(ref))["status"] == "NEW"
    await rig.do(ref, "pay")
    assert (await rig.fetch(ref))["status"] == "CONFLICT"


async def support_may_take_back_what_was_final(rig: Rig) -> None:
    ref = (await rig.create())["id"]
    assert (await rig.do(ref, "reverse")).status_code == 409
    await rig.do(ref, "pay")
    await rig.do(ref, "reverse")
    assert (await rig.fetch(ref))["status"] == "CONFLICT"


async def a_webhook_is_the_checkout_itself(rig: Rig) -> None:
    ref = (await rig.create(name="Tee – ü"))["id"]
    await rig.do(ref, "detect")
    await rig.do(ref, "pay")
    told: list[dict[str, Any]] = await rig.told()
    assert [body["status"] for body in told] == ["NEW", "SUCCESS"]
    assert told[-1] == await rig.fetch(ref)
    assert told[0]["name"] == "Tee – ü"


async def webhooks_are_signed(rig: Rig) -> None:
    ref = (await rig.create(name="Tee – ü"))["id"]
    await rig.do(ref, "pay")
    await rig.settle()
    (request,) = rig.inbox
    assert request.headers["X-Payload-Digest"] == digest_of(request.content)
    assert "ü".encode() in request.content


async def a_webhook_is_repeated_ten_times(rig: Rig) -> None:
    # 201 and a redirect are not 200 either.
    rig.answers = [500, 201, 302, httpx.ConnectError("down"), 404, 503, 500, 500, 500, 500, 500, 200]
    ref = (await rig.create())["id"]
    await rig.do(ref, "pay")
    await rig.settle()
    assert len(rig.inbox) == 11
    slept = rig.time.slept
    assert len(slept) == 10
    assert all(later == 2 * earlier for earlier, later in pairwise(slept))
    assert len({(request.content, request.headers["X-Payload-Digest"]) for request in rig.inbox}) == 1


async def repeats_end_with_a_200(rig: Rig) -> None:
    rig.answers = [500, 200, 500]
    ref = (await rig.create())["id"]
    await rig.do(ref, "pay")
    await rig.settle()
    assert len(rig.inbox) == 2


CHECKS: tuple[Check, ...] = (
    a_created_checkout_is_the_documents,
    a_retrieved_checkout_is_the_created_one_in_full,
    moments_have_nine_digits,
    a_price_is_an_exact_number,
    only_a_fixed_price_has_an_amount,
    only_the_token_is_let_in,
    a_signature_stands_for_the_secret,
    a_checkout_belongs_to_its_widget,
    money_seen_is_not_yet_success,
    each_payment_is_a_transfer_of_its_own,
    one_checkout_takes_one_payment,
    too_little_is_a_conflict,
    too_much_is_said,
    an_open_price_is_what_was_paid,
    late_money_is_a_conflict,
    support_may_take_back_what_was_final,
    a_webhook_is_the_checkout_itself,
    webhooks_are_signed,
    a_webhook_is_repeated_ten_times,
    repeats_end_with_a_200,
)
