"""How it ends: cancelled, expired, failed, too little, too late."""

from __future__ import annotations

from typing import Any

import httpx

from checkout_server.conformance.bench import Bench
from checkout_server.conformance.case import answered, case, holds, same
from checkout_server.conformance.line import breaks
from checkout_server.providers.base import Capability
from checkout_server.sandbox import CannotDo


async def _cancel(bench: Bench, session: dict[str, Any]) -> tuple[int, str | None]:
    """The merchant cancels; the answer's status, and the session's or the error's code."""
    async with bench.moving():
        answer = await bench.api.post(f"/v1/sessions/{session['id']}/cancel")
    await bench.run()
    return answered(answer)


@case()
async def the_good_end(bench: Bench) -> None:
    """Paid or approved, told once, and with what was asked for."""
    session = await bench.create()
    await bench.do(session, bench.succeeding)
    found = await bench.until(session, bench.success)
    if session["amount"] is not None and bench.provider.kind == "payment":
        same("what was received", found["amount_received"], session["amount"])
    same("what the merchant was told", bench.store.types, [f"session.{bench.success}"])


@case(kinds=("payment",), can=("detect",))
async def seen_is_not_paid(bench: Bench) -> None:
    """Money that is on its way is `processing`, and paid only when the provider says so."""
    session = await bench.create()
    await bench.do(session, "detect")
    found = await bench.until(session, "processing")
    holds("what is only seen is not paid", not found["paid"])
    await bench.do(session, "pay")
    await bench.until(session, "succeeded")


@case(has=Capability.CANCEL)
async def cancelled(bench: Bench) -> None:
    """Cancelled is what the provider then says."""
    session = await bench.create()
    same("the answer", await _cancel(bench, session), (200, "cancelled"))
    same("requests to cancel", bench.line.asked(bench.profile.cancels or "^$"), 1)
    same("what the merchant was told", bench.store.types, ["session.cancelled"])


@case(kinds=("payment",), has=Capability.CANCEL)
async def cancelled_when_it_was_paid(bench: Bench) -> None:
    """Money that came first wins."""
    session = await bench.create()
    bench.act(session["provider_ref"], "pay", "drop")
    bench.clock.forward(seconds=1)
    status, told = await _cancel(bench, session)
    holds(f"the answer is no success ({status} {told})", told != "cancelled")
    await bench.until(session, "succeeded")


@case(has=Capability.CANCEL)
async def cancelled_and_no_answer(bench: Bench) -> None:
    """Carried out, and the answer is lost: looking finds out, and a machine does not send it again."""
    session = await bench.create()
    bench.line.meet(bench.profile.cancels or "^$", bench.failure(500, carried_out=True), times=1)
    await _cancel(bench, session)
    await bench.forward(minutes=5)
    same("requests to cancel", bench.line.asked(bench.profile.cancels or "^$"), 1)
    if bench.provider.kind == "payment":
        await bench.until(session, "cancelled")
        return
    # An approval that was cancelled may be gone without a trace: whoever asks again hears that it is over.
    status, told = await _cancel(bench, session)
    same("the second answer", (status, told in ("cancelled", "revoked")), (200, True))


@case(lacks=Capability.CANCEL)
async def cancelling_is_not_supported(bench: Bench) -> None:
    """What the adapter does not declare answers 409, and nothing is sent."""
    session = await bench.create()
    asked = [words for words in bench.line.heard if not words.startswith("GET")]
    same("the answer", await _cancel(bench, session), (409, "not_supported"))
    same("what was sent", [words for words in bench.line.heard if not words.startswith("GET")], asked)
    await bench.do(session, bench.succeeding)
    await bench.until(session, bench.success)


@case(kinds=("approval",), has=Capability.REVOKE)
async def revoked(bench: Bench) -> None:
    """An approval that the merchant takes back."""
    session = await bench.create()
    await bench.do(session, "approve")
    await bench.until(session, "approved")
    same("the answer", await _cancel(bench, session), (200, "revoked"))
    same("what the merchant was told", bench.store.types[-1], "session.revoked")


@case(can=("cancel",))
async def cancelled_over_there(bench: Bench) -> None:
    """Somebody cancels at the provider: we see it."""
    session = await bench.create()
    await bench.do(session, "cancel")
    for _ in range(4):
        await bench.forward(minutes=10)
    found = await bench.get(session)
    ends = ("cancelled", "revoked", "failed", "expired")  # expired, where nothing is left to be read
    holds(f"it is over, not {found['status']}", found["status"] in ends)


@case(can=("fail",))
async def failed(bench: Bench) -> None:
    """The provider says that it went wrong: never paid; over, or open for another try with a reason."""
    session = await bench.create()
    await bench.do(session, "fail")
    await bench.forward(minutes=1)
    found = await bench.get(session)
    holds(f"what failed is {found['status']}", found["status"] in ("failed", "open", "review", "processing"))
    told = found["status"] != "open" or found["last_failure"] is not None
    holds("a shopper may read why", told or bench.provider.kind == "approval")
    holds("what failed is not paid", not found["paid"] and found["status"] != "approved")


@case(can=("expire",))
async def expired_over_there(bench: Bench) -> None:
    """The provider's time is up before ours."""
    session = await bench.create()
    await bench.do(session, "expire")
    found = await bench.until(session, "expired", minutes=40)
    holds("what expired is not paid", not found["paid"])


@case()
async def expired(bench: Bench) -> None:
    """Our own time is up, and the provider has just said that nothing came: not before, and with a minute's grace."""
    session = await bench.create(expires_in=600)
    await bench.forward(minutes=8)
    same("the session's status before its end", (await bench.get(session))["status"], "open")
    await bench.until(session, "expired", minutes=30)


@case(kinds=("payment",))
async def paid_too_late(bench: Bench) -> None:
    """Money after the end is money: a person is told, or the provider never took it."""
    session = await bench.create(expires_in=600)
    await bench.until(session, "expired", minutes=40)
    try:
        await bench.do(session, "pay")
    except CannotDo:
        await bench.stays(session, "expired")
        return
    for _ in range(2):
        await bench.forward(minutes=31)
    found = await bench.get(session)
    same("the session's status", found["status"], "review")
    # Some providers say themselves that they cannot decide about it.
    holds(f"the reason is {found['review_reason']}", found["review_reason"] in ("late", "conflict"))


@case(kinds=("payment",), has=Capability.CANCEL)
async def paid_after_it_was_cancelled(bench: Bench) -> None:
    """The same after a cancel."""
    session = await bench.create()
    await _cancel(bench, session)
    try:
        await bench.do(session, "pay")
    except CannotDo:
        same("the session's status", (await bench.get(session))["status"], "cancelled")
        return
    await bench.forward(minutes=31)
    found = await bench.get(session)
    same("the session", (found["status"], found["review_reason"]), ("review", "after_cancel"))


@case(kinds=("payment",), can=("conflict",))
async def not_for_a_machine(bench: Bench) -> None:
    """The provider itself cannot decide: a person does, and nobody is asked to pay again."""
    session = await bench.create()
    await bench.do(session, "conflict")
    await bench.in_review(session, "conflict")


@case(kinds=("payment",), can=("underpay",))
async def too_little(bench: Bench) -> None:
    """Less than was asked for is not paid, and not forgotten."""
    session = await bench.create()
    await bench.do(session, "underpay")
    await bench.forward(minutes=1)
    await bench.forward(minutes=40)
    found = await bench.get(session)
    holds("too little is not paid", not found["paid"])
    holds(f"too little is {found['status']}", found["status"] in ("processing", "review"))


@case(kinds=("payment",), can=("overpay",))
async def too_much(bench: Bench) -> None:
    """More than was asked for is paid, or a question for a person; it is never lost."""
    session = await bench.create()
    await bench.do(session, "overpay")
    await bench.forward(minutes=1)
    found = await bench.get(session)
    holds(f"too much is {found['status']}", found["status"] in ("succeeded", "review"))


@case()
async def no_connection_while_it_ends(bench: Bench) -> None:
    """It ends while nobody can see it, and that is what is seen afterwards."""
    session = await bench.create()
    bench.line.meet(".", breaks(httpx.ConnectTimeout))
    bench.act(session["provider_ref"], bench.succeeding, "drop")
    await bench.stays(session, "open", minutes=1)
    bench.line.mend()
    await bench.until(session, bench.success)
