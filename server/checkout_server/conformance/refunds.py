"""Refunds: in full, in part, never twice, never more than was paid, and never sent again by machine."""

from __future__ import annotations

from typing import Any

import httpx

from checkout_server.conformance.bench import Bench
from checkout_server.conformance.case import Case, answered, case, holds, same
from checkout_server.conformance.line import Trouble, breaks, cuts, page
from checkout_server.money import Money
from checkout_server.providers.base import Capability


async def _paid(bench: Bench) -> dict[str, Any]:
    session = await bench.create()
    await bench.do(session, "pay")
    return await bench.until(session, "succeeded")


async def _refund(bench: Bench, session: dict[str, Any], key: str, **body: Any) -> httpx.Response:
    url = f"/v1/sessions/{session['id']}/refunds"
    answer = await bench.api.post(url, json=body, headers={"idempotency-key": key})
    await bench.run()
    return answer


def _asked(bench: Bench) -> int:
    """How many times the provider was asked to refund."""
    return bench.line.asked(bench.profile.refunds or "^$")


def _part(session: dict[str, Any]) -> Money:
    """Not half, so that what is left differs from what went."""
    received = Money.parse(session["amount_received"], session["currency"])
    return Money(received.units // 5 * 2, received.currency)


@case(kinds=("payment",), has=Capability.REFUND)
async def in_full(bench: Bench) -> None:
    """All that was received goes back."""
    session = await _paid(bench)
    answer = await _refund(bench, session, "r1")
    same("the answer", (answer.status_code, answer.json()["amount"]), (201, session["amount_received"]))
    after = await bench.until(session, "refunded")
    same("what went back", after["amount_refunded"], session["amount_received"])
    same("requests to refund", _asked(bench), 1)


@case(kinds=("payment",), has=Capability.PARTIAL_REFUND)
async def in_parts(bench: Bench) -> None:
    """A part, then all that is left, exact to the unit."""
    session = await _paid(bench)
    part = _part(session)
    await _refund(bench, session, "r1", amount=part.text)
    after = await bench.until(session, "partially_refunded")
    same("what went back", after["amount_refunded"], part.text)
    rest = await _refund(bench, session, "r2")
    left = Money.parse(session["amount_received"], session["currency"]) - part
    same("what was left", rest.json()["amount"], left.text)
    await bench.until(session, "refunded")
    same("requests to refund", _asked(bench), 2)


@case(kinds=("payment",), has=Capability.REFUND, lacks=Capability.PARTIAL_REFUND)
async def parts_are_not_supported(bench: Bench) -> None:
    """What the adapter does not declare answers 409, and nothing is sent."""
    session = await _paid(bench)
    answer = await _refund(bench, session, "r1", amount=_part(session).text)
    same("the answer", answered(answer), (409, "not_supported"))
    same("requests to refund", _asked(bench), 0)


@case(kinds=("payment",), lacks=Capability.REFUND)
async def refunding_is_not_supported(bench: Bench) -> None:
    """The same of refunds at all."""
    session = await _paid(bench)
    heard = [words for words in bench.line.heard if not words.startswith("GET")]
    answer = await _refund(bench, session, "r1")
    same("the answer", answered(answer), (409, "not_supported"))
    same("what was sent", [words for words in bench.line.heard if not words.startswith("GET")], heard)


@case(kinds=("payment",), has=Capability.REFUND)
async def twice(bench: Bench) -> None:
    """The merchant's request is repeated: one refund. Another one finds nothing left."""
    session = await _paid(bench)
    first, again = await _refund(bench, session, "r1"), await _refund(bench, session, "r1")
    same("the repeated answer", again.json()["id"], first.json()["id"])
    other = await _refund(bench, session, "r2")
    same("another one", answered(other), (409, "not_refundable"))
    same("requests to refund", _asked(bench), 1)


@case(kinds=("payment",), has=Capability.REFUND)
async def more_than_was_paid(bench: Bench) -> None:
    """One unit too much is refused here, and never sent."""
    session = await _paid(bench)
    received = Money.parse(session["amount_received"], session["currency"])
    much = Money(received.units + 1, received.currency)
    answer = await _refund(bench, session, "r1", amount=much.text)
    same("the answer", answered(answer), (422, "refund_too_large"))
    same("requests to refund", _asked(bench), 0)


@case(kinds=("payment",), has=Capability.REFUND)
async def before_it_was_paid(bench: Bench) -> None:
    """Nothing was received, so nothing can go back."""
    session = await bench.create()
    answer = await _refund(bench, session, "r1")
    same("the answer", answered(answer), (409, "not_refundable"))
    same("requests to refund", _asked(bench), 0)


def _lost(name: str, trouble: Trouble | None) -> Case:
    @case(name=f"no_answer_{name}", kinds=("payment",), has=Capability.REFUND)
    async def lost(bench: Bench) -> None:
        """Carried out, and the answer is lost: `unknown` until there is evidence, and never sent again."""
        session = await _paid(bench)
        meets = trouble or bench.failure(500, carried_out=True)
        bench.line.meet(bench.profile.refunds or "^$", meets, times=1)
        bench.post.closed = 1_000_000  # or a webhook would name it
        answer = await _refund(bench, session, "r1")
        same("the answer", answered(answer), (201, "unknown"))
        for _ in range(5):
            await bench.forward(minutes=20)
        same("requests to refund", _asked(bench), 1)
        after = await bench.get(session)
        holds("the money is not refunded a second time", after["status"] in ("refunded", "succeeded"))
        other = await _refund(bench, session, "r2")
        same("another one", answered(other), (409, "not_refundable"))

    return lost


LOST = (
    _lost("but_a_500", None),
    _lost("but_a_page", page(carried_out=True)),
    _lost("but_half_of_it", cuts),
    _lost("from_a_stalled_connection", breaks(httpx.ReadTimeout, carried_out=True)),
)


@case(kinds=("payment",), has=Capability.REFUND)
async def never_arrived(bench: Bench) -> None:
    """No connection: sent again, and there is one refund."""
    session = await _paid(bench)
    bench.line.meet(bench.profile.refunds or "^$", breaks(httpx.ConnectError), times=1)
    answer = await _refund(bench, session, "r1")
    same("the answer", answer.json()["status"], "pending")
    after = await bench.until(session, "refunded")
    same("what went back", after["amount_refunded"], session["amount_received"])
    same("requests to refund", _asked(bench), 2)


def _refused(status: int) -> Case:
    @case(name=f"refused_with_{status}", kinds=("payment",), has=Capability.REFUND)
    async def refused(bench: Bench) -> None:
        """The provider says no: it is told, and the amount is free again."""
        session = await _paid(bench)
        bench.line.meet(bench.profile.refunds or "^$", bench.failure(status))
        answer = await _refund(bench, session, "r1")
        same("the answer", answered(answer), (502, "provider_error"))
        bench.line.mend()
        again = await _refund(bench, session, "r2")
        same("another one", again.status_code, 201)
        await bench.until(session, "refunded")

    return refused


REFUSED = tuple(_refused(status) for status in (401, 404, 409))


@case(kinds=("payment",), can=("refund",))
async def refunded_over_there(bench: Bench) -> None:
    """Somebody refunds at the provider: we see it, and the merchant is told."""
    session = await _paid(bench)
    await bench.do(session, "refund")
    for _ in range(4):
        await bench.forward(minutes=31)
    found = await bench.get(session)
    holds(f"what went back is {found['status']}", found["status"] in ("refunded", "partially_refunded"))
    same("what the merchant was told", bench.store.types[-1], f"session.{found['status']}")
