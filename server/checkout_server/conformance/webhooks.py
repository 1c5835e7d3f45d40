"""Webhooks are nudges: kept once, in any order, late or never, and what they claim is not believed."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from checkout_server.conformance.bench import Bench
from checkout_server.conformance.case import case, holds, same
from checkout_server.conformance.people import Letter
from checkout_server.sandbox.delivery import WebhookMode


async def _told_once(bench: Bench, session: dict[str, Any]) -> None:
    """However they came, the session is in its good end and the merchant was told once."""
    await bench.until(session, bench.success)
    for _ in range(3):
        await bench.forward(minutes=10)
    same("the session's status later", (await bench.get(session))["status"], bench.success)
    same("what the merchant was told", bench.store.types.count(f"session.{bench.success}"), 1)


@case(webhooks=True)
async def what_it_claims_is_not_believed(bench: Bench) -> None:
    """The webhook of one payment's success, rewritten to name another and signed again: we look, and it is open."""
    paid, session = await bench.create(), await bench.create(order_id="order-2")
    letter = await bench.letter(paid)
    forged = letter.raw
    for name in ("provider_ref", "id"):
        forged = forged.replace(paid[name].encode(), session[name].encode())
    holds("the webhook names its payment", forged != letter.raw)
    answer = await bench.deliver(bench.signed(forged))
    same("the answer", answer.status_code, 200)
    await bench.stays(session, "open")


@case(webhooks=True)
async def a_duplicate(bench: Bench) -> None:
    """Kept once, and answered as if it were the first."""
    session = await bench.create()
    letter = await bench.letter(session)
    first, second = await bench.deliver(letter), await bench.deliver(letter)
    same("the first answer", first.json(), {"received": True, "duplicate": False})
    same("the second answer", second.json(), {"received": True, "duplicate": True})
    await _told_once(bench, session)


@case(webhooks=True)
async def duplicates_at_once(bench: Bench) -> None:
    """Five connections bring the same one."""
    session = await bench.create()
    letter = await bench.letter(session)
    answers = await asyncio.gather(*(bench.deliver(letter) for _ in range(5)))
    same("the answers", {answer.status_code for answer in answers}, {200})
    same("how many were new", sum(not answer.json()["duplicate"] for answer in answers), 1)
    await _told_once(bench, session)


async def _spoiled(bench: Bench, mode: WebhookMode) -> None:
    session = await bench.create()
    await bench.do(session, bench.succeeding, mode)
    await _told_once(bench, session)


@case(webhooks=True)
async def sent_twice(bench: Bench) -> None:
    """The provider sends each of them twice."""
    await _spoiled(bench, "duplicate")


@case(webhooks=True)
async def out_of_order(bench: Bench) -> None:
    """The newest comes first, and the one before it afterwards."""
    await _spoiled(bench, "reorder")


@case()
async def never(bench: Bench) -> None:
    """Not one arrives: looking finds out."""
    await _spoiled(bench, "drop")


@case(webhooks=True)
async def all_badly_signed(bench: Bench) -> None:
    """Every one is refused: looking finds out."""
    await _spoiled(bench, "bad_signature")


@case(webhooks=True)
async def an_hour_late(bench: Bench) -> None:
    """The session has long been decided when it comes, signed when it was sent."""
    session = await bench.create()
    letter = await bench.letter(session)
    await bench.until(session, bench.success)
    await bench.forward(minutes=20)
    await bench.deliver(bench.signed(letter.raw))
    await _told_once(bench, session)


@case(webhooks=True)
async def an_earlier_one_comes_later(bench: Bench) -> None:
    """What the provider told before the success arrives after it, and takes nothing back."""
    session = await bench.create()
    before = list(bench.post.letters)
    await bench.do(session, bench.succeeding)
    await bench.until(session, bench.success)
    for letter in before:
        await bench.deliver(bench.signed(letter.raw))
    await _told_once(bench, session)


@case(webhooks=True)
async def the_server_was_away(bench: Bench) -> None:
    """The first try meets a 503: the provider comes back, and time need not go by for us to know."""
    session = await bench.create()
    bench.post.closed = 1
    await bench.do(session, bench.succeeding)
    same("the session's status", (await bench.get(session))["status"], bench.success)


@case(webhooks=True)
async def about_nobody(bench: Bench) -> None:
    """A payment that we do not know: kept for a person, and it moves nothing."""
    session = await bench.create()
    letter = await bench.letter(session)
    forged = letter.raw
    for name in ("provider_ref", "id"):
        forged = forged.replace(session[name].encode(), session[name][:-4].encode() + b"0000")
    answer = await bench.deliver(bench.signed(forged))
    same("the answer", answer.status_code, 200)
    same("the session's status", (await bench.get(session))["status"], "open")


@case(webhooks=True)
async def with_fields_nobody_knows(bench: Bench) -> None:
    """The provider adds something to its webhooks: they are understood as before."""
    session = await bench.create()
    letter = await bench.letter(session)
    body = {**json.loads(letter.raw), "brand_new": {"list": [1, None, {"deep": "größer"}]}, "": 10**30}
    answer = await bench.deliver(bench.signed(json.dumps(body, ensure_ascii=False).encode()))
    same("the answer", answer.status_code, 200)
    same("the session's status", (await bench.get(session))["status"], bench.success)


@case(webhooks=True)
async def of_a_kind_nobody_knows(bench: Bench) -> None:
    """An event to come: answered, looked at or put aside, and never a success by itself."""
    session, paid = await bench.create(), await bench.create(order_id="order-2")
    letter = await bench.letter(paid)
    named = json.loads(letter.raw)
    for key in ("type", "event", "status"):
        if isinstance(named.get(key), str):
            named[key] = "something.invented"
    text = json.dumps(named).replace(paid["provider_ref"], session["provider_ref"])
    answer = await bench.deliver(bench.signed(text.replace(paid["id"], session["id"]).encode()))
    holds(f"the answer is 200 or 400, not {answer.status_code}", answer.status_code in (200, 400))
    await bench.stays(session, "open")


@case()
async def none_is_accepted_unsigned(bench: Bench) -> None:
    """What nobody signed is refused, whoever sends it. A provider that is said to send none sends none."""
    session = await bench.create()
    for raw in [*(letter.raw for letter in bench.post.letters), b'{"id": "1"}', b""]:
        answer = await bench.deliver(Letter({"content-type": "application/json"}, raw))
        same("the answer", answer.status_code, 400)
    same("the session's status", (await bench.get(session))["status"], "open")
    if not bench.profile.webhooks:
        await bench.do(session, bench.succeeding)
        same("webhooks", bench.post.letters, [])
