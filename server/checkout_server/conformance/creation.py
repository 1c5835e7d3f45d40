"""Creating: written down before it is sent, sent once, and looked for when the answer is lost."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from checkout_server.conformance.bench import LEASE, Bench
from checkout_server.conformance.case import Case, answered, case, holds, same
from checkout_server.conformance.line import Carry, Hold, Trouble, breaks, cuts, page
from checkout_server.providers.base import Capability
from checkout_server.store import ledger


@case()
async def one_payment(bench: Bench) -> None:
    """A session that is asked for has one payment, under our mode, that nothing speaks against."""
    session = await bench.create()
    same("the session's status", session["status"], "open")
    same("the session's mode", session["mode"], bench.provider.mode)
    holds("the session has the payment's id", session["provider_ref"])
    same("requests to create", bench.creates, 1)
    same("payments at the provider", bench.payments, 1)
    await bench.forward(seconds=20)
    same("the session's status after a look", (await bench.get(session))["status"], "open")
    holds("the payment was read", bench.seen)
    same("the payment's id when it is read", bench.seen[-1].ref, session["provider_ref"])
    holds("the payment carries our reference, or none", bench.seen[-1].reference in (None, session["id"]))


@case()
async def written_down_before_it_is_sent(bench: Bench) -> None:
    """When the request leaves, the session and its attempt are in the database."""
    written: list[dict[str, Any]] = []

    async def look(request: httpx.Request, carry: Carry) -> httpx.Response:
        written.extend(await bench.attempts())
        return await carry(request)

    bench.line.meet(bench.profile.creates, look, times=1)
    session = await bench.create()
    same("attempts when the request left", [row["session_id"] for row in written], [session["id"]])
    same("their state", [row["state"] for row in written], [ledger.SENT])


@case()
async def each_its_own(bench: Bench) -> None:
    """Sessions that are asked for at once, for the same order, get payments of their own."""
    answers = await asyncio.gather(*(bench.ask() for _ in range(4)))
    same("the answers", [answer.status_code for answer in answers], [201] * 4)
    refs = {answer.json()["provider_ref"] for answer in answers}
    same("different payments", len(refs), 4)
    same("payments at the provider", bench.payments, 4)


@case(has=Capability.LIST)
async def listed(bench: Bench) -> None:
    """The provider's list has every payment, newest first, as each would be read by itself."""
    sessions = [await bench.create(order_id=f"order-{number}") for number in range(3)]
    rows = [seen async for seen in bench.provider.list()]
    same("the list", [seen.ref for seen in rows], [each["provider_ref"] for each in reversed(sessions)])
    prices = [bench.price(each) for each in reversed(sessions)]
    same("its amounts", [seen.amount for seen in rows], prices)


@case()
async def a_bad_option_is_not_sent(bench: Bench) -> None:
    """What the provider does not take is refused before anything leaves."""
    options = {**bench.profile.order.get("options", {}), "no_such_option": 1}
    answer = await bench.ask(options=options)
    same("the answer", answered(answer), (422, "option_invalid"))
    holds("the answer names the field", answer.json()["error"]["param"].startswith("options"))
    same("requests to the provider", bench.line.heard, [])


async def _paid_once(bench: Bench, session: dict[str, Any]) -> None:
    """However it came to be, the payment that the session has can be paid."""
    await bench.do(session, bench.succeeding)
    await bench.until(session, bench.success)


async def _one_in_the_end(bench: Bench, session: dict[str, Any]) -> None:
    """The answer was lost. Found where the provider can be asked, else made anew: nobody was shown the first."""
    found = await bench.bound(session)
    if Capability.FIND in bench.provider.capabilities:
        same("requests to create, of which the first was carried out", bench.creates, 1)
        same("payments at the provider", bench.payments, 1)
    else:
        holds("at most two payments at the provider", bench.payments <= 2)
        newest = bench.sandbox.payments()[0].ref
        same("the session has the payment that was made last", found["provider_ref"], newest)
    await _paid_once(bench, found)


async def _dies(bench: Bench, *, carried_out: bool) -> dict[str, Any]:
    """A process that is gone while the provider has the request: the session as another process finds it."""
    hold = Hold(carried_out=carried_out)
    bench.line.meet(bench.profile.creates, hold, times=1)
    asking = asyncio.create_task(bench.ask())
    await hold.held.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await bench.sandbox.deliveries.settle()
    listed = (await bench.api.get("/v1/sessions")).json()["data"]
    same("sessions that are left behind", len(listed), 1)
    await bench.forward(seconds=LEASE)
    left: dict[str, Any] = listed[0]
    return left


@case()
async def a_crash_after_it_arrived(bench: Bench) -> None:
    """The process dies between the sending and the answer, and the payment exists."""
    await _one_in_the_end(bench, await _dies(bench, carried_out=True))


@case()
async def a_crash_before_it_arrived(bench: Bench) -> None:
    """The same, and it does not."""
    found = await bench.bound(await _dies(bench, carried_out=False))
    same("payments at the provider", bench.payments, 1)
    await _paid_once(bench, found)


async def _lost(bench: Bench, trouble: Trouble) -> None:
    bench.line.meet(bench.profile.creates, trouble, times=1)
    session = await bench.create()
    same("the session's payment while nobody knows", session["provider_ref"], None)
    await _one_in_the_end(bench, session)


@case()
async def the_answer_is_a_500(bench: Bench) -> None:
    """Carried out, and a 500 comes back."""
    await _lost(bench, bench.failure(500, carried_out=True))


@case()
async def the_answer_is_a_page(bench: Bench) -> None:
    """Carried out, and a proxy's HTML comes back with a 200."""
    await _lost(bench, page(carried_out=True))


@case()
async def the_answer_is_cut(bench: Bench) -> None:
    """Carried out, and half of the JSON comes back."""
    await _lost(bench, cuts)


@case()
async def the_answer_stalls(bench: Bench) -> None:
    """Carried out, and the connection says nothing more."""
    await _lost(bench, breaks(httpx.ReadTimeout, carried_out=True))


@case()
async def the_answer_breaks_off(bench: Bench) -> None:
    """Carried out, and the connection is closed before the answer."""
    await _lost(bench, breaks(httpx.RemoteProtocolError, carried_out=True))


@case()
async def no_connection(bench: Bench) -> None:
    """Nothing arrived: sent again, and there is one payment."""
    bench.line.meet(bench.profile.creates, breaks(httpx.ConnectError), times=1)
    session = await bench.create()
    same("the session's payment", session["provider_ref"], None)
    found = await bench.bound(session)
    same("requests to create", bench.creates, 2)
    same("payments at the provider", bench.payments, 1)
    await _paid_once(bench, found)


@case()
async def slow_down(bench: Bench) -> None:
    """A 429 is heard: not before the time it names, and then once."""
    bench.line.meet(bench.profile.creates, bench.failure(429, retry_after="45"), times=1)
    session = await bench.create()
    await bench.forward(seconds=44)
    same("requests to create within the time", bench.creates, 1)
    await bench.forward(seconds=2)
    holds("it is sent again after it", (await bench.get(session))["provider_ref"])
    same("payments at the provider", bench.payments, 1)


def _refused(status: int) -> Case:
    @case(name=f"refused_with_{status}")
    async def refused(bench: Bench) -> None:
        """The provider says no: the merchant is told, and nothing is left open or sent again."""
        bench.line.meet(bench.profile.creates, bench.failure(status))
        answer = await bench.ask()
        same("the answer", answered(answer), (502, "provider_error"))
        asked = bench.creates
        await bench.forward(hours=1)
        same("requests to create afterwards", bench.creates, asked)
        listed = (await bench.api.get("/v1/sessions")).json()["data"]
        same("the session", [(s["status"], s["provider_ref"]) for s in listed], [("failed", None)])
        same("payments at the provider", bench.payments, 0)

    return refused


REFUSED = tuple(_refused(status) for status in (400, 401, 403, 404, 409, 422))


@case()
async def no_secret_leaves(bench: Bench) -> None:
    """Neither the page nor the API nor an error says one of the adapter's secrets."""
    session = await bench.create()
    shown = [
        (await bench.http.get(session["url"])).text,
        (await bench.http.get(f"{session['url']}/status")).text,
        str(await bench.get(session)),
    ]
    bench.line.meet(bench.profile.creates, bench.failure(401))
    shown.append((await bench.ask()).text)
    secrets = bench.secrets()
    holds("the adapter's settings mark their secrets", secrets)
    for secret in secrets:
        holds("no secret is shown", not any(secret in text for text in shown))
