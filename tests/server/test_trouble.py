"""A provider's bad days: what is tried again, what never is, and what everybody is told meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from checkout_server import refunds as use_case
from checkout_server.store import ledger
from checkout_server.store import sessions as rows
from checkout_server.store.tables import attempts, refunds
from tests.api.shape import is_problem
from tests.world import ORDER, World

Answer = Any


def status(code: int, body: str = "<h1>Bad day</h1>", **headers: str) -> Answer:
    return lambda _: httpx.Response(
        code, text=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def fails(error: type[httpx.HTTPError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("bad day", request=request)

    return answer


# What a create may meet, and whether the provider may have carried it out.
REFUSALS = [400, 401, 402, 403, 404, 409, 422]
SAFE = [fails(httpx.ConnectError), fails(httpx.ConnectTimeout), status(429)]
UNSURE = [
    fails(httpx.ReadTimeout), fails(httpx.ReadError), fails(httpx.RemoteProtocolError), status(500), status(502),
    status(503), status(504), status(408), status(302, location="/elsewhere"), status(200), status(200, "[]"),
    status(200, '{"id": '), status(200, "{}"), status(200, '{"id": 7}'),
]  # fmt: skip


async def post(world: World, answer: Answer) -> httpx.Response:
    world.provider.instead = answer
    return await world.api.post("/v1/sessions", json=ORDER)


@pytest.mark.parametrize("code", REFUSALS)
async def test_a_refused_create_leaves_nothing_open(lite: World, code: int) -> None:
    answer = await post(lite, status(code))
    error = is_problem(answer, 502, "provider_error")
    assert "Crypto.com Pay" in error["message"]
    await lite.forward(hours=1)
    listed = (await lite.api.get("/v1/sessions")).json()["data"]
    assert [(session["status"], session["provider_ref"]) for session in listed] == [("failed", None)]
    assert lite.asked("POST") == 1


@pytest.mark.parametrize("answer", SAFE)
async def test_a_create_that_never_arrived_is_sent_again(lite: World, answer: Answer) -> None:
    created = (await post(lite, answer)).json()
    assert (created["status"], created["provider_ref"]) == ("open", None)
    shown = await lite.status(created)
    assert (shown["status"], shown["unavailable"], shown["payable"]) == ("open", True, False)
    lite.provider.instead = None
    await lite.forward(seconds=3)
    assert (await lite.get(created))["provider_ref"]
    assert (lite.asked("POST", "/payments"), len(await lite.payments())) == (2, 1)
    shown = await lite.status(created)
    assert (shown["unavailable"], shown["payable"]) == (False, True)


async def test_slow_down_is_heard(lite: World) -> None:
    created = (await post(lite, status(429, retry_after="45"))).json()
    lite.provider.instead = None
    await lite.forward(seconds=44)
    assert lite.asked("POST", "/payments") == 1
    await lite.forward(seconds=2)
    assert (await lite.get(created))["provider_ref"]


@pytest.mark.parametrize("answer", UNSURE)
async def test_a_create_of_unknown_outcome_is_looked_for_first(lite: World, answer: Answer) -> None:
    """It may be on its way: only when it surely is not there is another one made, and looking comes first."""
    created = (await post(lite, answer)).json()
    assert (created["status"], created["provider_ref"]) == ("open", None)
    lite.provider.instead = None
    await lite.forward(seconds=10)
    assert lite.asked("POST", "/payments") == 1
    assert (await lite.status(created))["payable"] is False
    for _ in range(4):
        await lite.forward(seconds=10)
    assert (await lite.get(created))["provider_ref"]
    assert (lite.asked("POST", "/payments"), len(await lite.payments())) == (2, 1)


@pytest.mark.parametrize("fault", [{"status": 500, "carried_out": True}, {"malformed": True}])
async def test_a_create_that_was_carried_out_is_found_and_not_repeated(world: World, fault: Any) -> None:
    await world.fault(**fault)
    created = await world.create()
    assert created["provider_ref"] is None
    for _ in range(4):
        await world.forward(seconds=10)
    found = await world.get(created)
    assert found["provider_ref"] == (await world.payments())[0]["id"]
    assert (world.asked("POST", "/payments"), len(await world.payments())) == (1, 1)
    await world.do(found, "pay")
    assert (await world.get(created))["status"] == "succeeded"


async def test_while_it_may_exist_nothing_is_called_off(lite: World) -> None:
    created = (await post(lite, status(500))).json()
    is_problem(await lite.api.post(f"/v1/sessions/{created['id']}/cancel"), 409, "still_creating")
    await lite.forward(hours=1)
    assert (await lite.get(created))["status"] == "open"


async def test_what_was_never_sent_can_be_called_off(world: World) -> None:
    created = (await post(world, fails(httpx.ConnectError))).json()
    answer = await world.api.post(f"/v1/sessions/{created['id']}/cancel")
    assert answer.json()["status"] == "cancelled"
    world.provider.instead = None
    await world.forward(minutes=5)
    assert await world.payments() == []
    assert world.store.types == ["session.cancelled"]


async def test_a_provider_that_never_comes_back_lets_the_session_expire(lite: World) -> None:
    created = (await post(lite, fails(httpx.ConnectError))).json()
    for _ in range(40):
        await lite.forward(minutes=1)
    assert (await lite.get(created))["status"] == "expired"
    lite.provider.instead = None
    await lite.forward(minutes=10)
    assert await lite.payments() == []


FETCH = [status(code) for code in (401, 402, 409, 429, 500, 503)] + [
    status(200), status(200, '{"id"'), status(200, "{}"), fails(httpx.ReadTimeout), fails(httpx.ConnectError),
]  # fmt: skip


@pytest.mark.parametrize("answer", FETCH)
async def test_a_look_that_failed_decides_nothing_and_is_repeated(lite: World, answer: Answer) -> None:
    session = await lite.create()
    await lite.http.post(f"{session['url']}/refresh", json={"ref": session["provider_ref"]})
    lite.provider.instead = answer
    await lite.lever(session["provider_ref"], "pay")
    await lite.run()
    assert (await lite.get(session))["status"] == "open"
    assert (await lite.status(session))["checking"] is True
    await lite.forward(minutes=2)
    assert (await lite.status(session))["checking"] is True, "nothing has contradicted the shopper"
    lite.provider.instead = None
    await lite.forward(minutes=6)
    assert (await lite.get(session))["status"] == "succeeded"
    assert lite.asked("POST") == 1


async def test_a_payment_that_is_gone_is_not_called_paid_and_expires(lite: World) -> None:
    session = await lite.create()
    lite.provider.instead = status(
        404, '{"error": {"type": "invalid_request_error", "code": "resource_missing"}}'
    )
    await lite.forward(minutes=20)
    assert (await lite.get(session))["status"] == "open"
    for _ in range(6):
        await lite.forward(minutes=4)
    assert (await lite.get(session))["status"] == "expired"


async def test_a_down_provider_past_expiry_is_no_expiry(lite: World) -> None:
    session = await lite.create()
    await lite.lever(session["provider_ref"], "pay", "drop")
    lite.provider.instead = status(503)
    for _ in range(12):
        await lite.forward(minutes=5)
    assert (await lite.get(session))["status"] == "open"
    lite.provider.instead = None
    await lite.forward(minutes=6)
    assert (await lite.get(session))["status"] == "succeeded"


@pytest.mark.parametrize("answer", [status(500), status(200), fails(httpx.ReadTimeout), status(429)])
async def test_a_cancel_without_answer_is_found_out_and_not_repeated(lite: World, answer: Answer) -> None:
    session = await lite.create()
    lite.provider.instead = answer
    async with lite.moving():
        told = await lite.api.post(f"/v1/sessions/{session['id']}/cancel")
    is_problem(told, 502, "provider_unavailable")
    assert lite.asked("POST", "/cancel") == 1
    lite.provider.instead = None
    await lite.forward(minutes=6)
    assert (await lite.get(session))["status"] == "open"
    assert lite.asked("POST", "/cancel") == 1


async def test_a_cancel_that_was_carried_out_is_seen(world: World) -> None:
    session = await world.create()
    await world.fault(status=500, carried_out=True)
    async with world.moving():
        told = await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    assert told.status_code == 502
    await world.forward(minutes=1)
    assert (await world.get(session))["status"] == "cancelled"
    assert world.store.types == ["session.cancelled"]


REFUNDS_UNSURE = [status(500), status(503), status(200), status(200, "{}"), fails(httpx.ReadTimeout)]


@pytest.mark.parametrize("answer", REFUNDS_UNSURE)
async def test_a_refund_of_unknown_outcome_is_never_sent_again(lite: World, answer: Answer) -> None:
    session = await lite.create()
    await lite.do(session, "pay")
    lite.provider.instead = answer
    told = await lite.refunded(session, "r1", amount="10.00")
    assert (told.status_code, told.json()["status"]) == (201, "unknown")
    lite.provider.instead = None
    for _ in range(30):
        await lite.forward(minutes=20)
    assert lite.asked("POST", "/refunds") == 1
    assert (await lite.get(session))["refunds"][0]["status"] == "unknown"
    is_problem(await lite.refunded(session, "r2", amount="15.01"), 422, "refund_too_large")
    assert (await lite.refunded(session, "r3", amount="15.00")).status_code == 201


async def test_a_lost_refund_is_recognised_by_the_webhook_that_names_it(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay")
    await world.fault(status=500, carried_out=True)
    told = await world.refunded(session, "r1", amount="10.00")
    assert told.json()["status"] == "unknown"
    for _ in range(5):
        await world.forward(seconds=10)
    after = await world.get(session)
    assert [(r["id"], r["status"]) for r in after["refunds"]] == [(told.json()["id"], "succeeded")]
    assert (after["status"], after["amount_refunded"]) == ("partially_refunded", "10.00")
    assert world.asked("POST", "/refunds") == 1
    assert world.store.types[-1] == "session.partially_refunded"


@pytest.mark.parametrize("answer", SAFE)
async def test_a_refund_that_never_arrived_is_sent_again_once(world: World, answer: Answer) -> None:
    session = await world.create()
    await world.do(session, "pay")
    world.provider.instead = answer
    assert (await world.refunded(session, "r1", amount="10.00")).json()["status"] == "pending"
    world.provider.instead = None
    for _ in range(12):
        await world.forward(seconds=10)
    assert world.asked("POST", "/refunds") == 2
    assert (await world.get(session))["amount_refunded"] == "10.00"


@pytest.mark.parametrize("code", [401, 402, 404, 409])
async def test_a_refused_refund_frees_its_amount(lite: World, code: int) -> None:
    session = await lite.create()
    await lite.do(session, "pay")
    lite.provider.instead = status(code)
    is_problem(await lite.refunded(session, "r1"), 502, "provider_error")
    lite.provider.instead = None
    assert (await lite.get(session))["refunds"][0]["status"] == "failed"
    assert (await lite.refunded(session, "r2")).json()["amount"] == "25.00"


async def test_a_process_that_died_while_refunding_leaves_a_question(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay")
    await world.refunded(session, "r1", amount="10.00")
    async with world.ctx.database.write() as tx:
        lease = world.clock() + timedelta(seconds=30)
        await tx.execute(
            refunds.update().values(state="sent", ref=None, ended_at=None, lease_until=lease, next_at=lease)
        )
    before = world.asked("POST", "/refunds")
    world.provider.instead = status(503)  # or its webhook would name it, and it would be recognised
    await world.forward(seconds=31)
    assert (await world.get(session))["refunds"][0]["status"] == "unknown"
    assert world.asked("POST", "/refunds") == before


async def test_a_late_answer_is_not_undone_by_who_thought_it_lost(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay")
    await world.refunded(session, "r1", amount="10.00")
    stale = (await world.rows(refunds))[0]
    for _ in range(6):
        await world.forward(seconds=5)
    assert (await world.get(session))["refunds"][0]["status"] == "succeeded"
    async with world.ctx.database.read() as conn:
        record = await rows.by_id(conn, session["id"])
    assert record is not None
    await use_case.run(world.ctx, {**stale, "state": ledger.SENT, "ref": None}, record)
    assert (await world.get(session))["refunds"][0]["status"] == "succeeded"


async def test_the_story_names_what_went_wrong_and_no_secret(lite: World) -> None:
    created = (await post(lite, status(500))).json()
    story = (await lite.get(created))["events"]
    assert [event["type"] for event in story] == ["session.created", "create.unknown"]
    assert "sk_test" not in str(story)
    row = (await lite.rows(attempts))[0]
    assert (row["state"], row["error"]) == ("unknown", "provider_error")


async def test_a_person_ends_a_refund_that_nobody_can_tell_of(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay")
    world.provider.instead = lambda request: httpx.Response(500) if request.method == "POST" else None
    refund = (await world.refunded(session, "r1", amount="10.00")).json()
    world.provider.instead = None
    assert refund["status"] == "unknown"
    url = f"/v1/sessions/{session['id']}/refunds/{refund['id']}/resolve"

    undecided = await world.api.post(url, json={"status": "unknown"})
    assert (undecided.status_code, undecided.json()["error"]["param"]) == (422, "status")
    elsewhere = await world.api.post(url.replace(session["id"], "cs_other"), json={"status": "failed"})
    assert (elsewhere.status_code, elsewhere.json()["error"]["code"]) == (404, "refund_unknown")

    told = await world.api.post(url, json={"status": "failed"})
    assert (told.status_code, told.json()["status"]) == (200, "failed")
    again = await world.api.post(url, json={"status": "succeeded"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "not_resolvable")
    # What it kept back can be refunded now.
    whole = await world.refunded(session, "r2")
    assert (whole.status_code, whole.json()["amount"]) == (201, "25.00")
    story = (await world.get(session))["events"]
    assert {"type": "refund.failed", "by": "person"} in [
        {"type": event["type"], "by": event["data"].get("by")} for event in story
    ]


async def test_a_refund_that_stays_pending_becomes_a_question(world: World) -> None:
    """Looked at within the account's budget, ever more rarely, and not for ever."""
    session = await world.create()
    await world.do(session, "pay")
    asked = (await world.refunded(session, "r1")).json()
    body = {
        "id": asked["provider_ref"],
        "payment_id": session["provider_ref"],
        "status": "pending",
        "amount": 2500,
        "currency": "USD",
    }
    world.provider.instead = lambda request: (
        httpx.Response(200, json=body) if "/refunds/" in request.url.path else None
    )
    world.provider.seen.clear()
    for _ in range(24):
        await world.forward(hours=1)
    assert 5 < world.asked("GET", body["id"]) < 60
    await world.forward(days=30)
    assert (await world.get(session))["refunds"][0]["status"] == "unknown"
