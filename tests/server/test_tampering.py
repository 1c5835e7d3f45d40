"""A payment that is not as we created it waits for a person, whatever it says about money."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World

# Raw fields as the provider would answer them, and what the review is called.
TAMPERED: list[tuple[dict[str, Any], str]] = [
    ({"amount": 1}, "amount_mismatch"),
    ({"amount": 2499}, "amount_mismatch"),
    ({"amount": 2501}, "amount_mismatch"),
    ({"amount": "1"}, "amount_mismatch"),
    ({"amount": 0}, "amount_mismatch"),
    ({"currency": "EUR"}, "currency_mismatch"),
    ({"currency": "CRO"}, "currency_mismatch"),
    ({"currency": "XXX"}, "currency_mismatch"),
    ({"live_mode": True}, "mode_mismatch"),
    ({"id": "another-payment"}, "ref_mismatch"),
    ({"order_id": "cs_another"}, "reference_mismatch"),
    ({"order_id": ""}, "reference_mismatch"),
    ({"order_id": None}, "reference_mismatch"),
    ({"order_id": 1001}, "reference_mismatch"),
]
# Removed: paid is never concluded from silence.
SILENT: list[tuple[dict[str, Any], str]] = [
    ({"amount": None}, "amount_mismatch"),
    ({"currency": None}, "amount_mismatch"),
]
NONSENSE: list[dict[str, Any]] = [
    {"id": None},
    {"amount": 25.0},
    {"amount": -2500},
    {"currency": 840},
    {"id": "../x"},
]


@pytest.mark.parametrize("first", ["tamper", "pay"])
@pytest.mark.parametrize(("fields", "reason"), [*TAMPERED, *SILENT])
async def test_what_does_not_match_is_reviewed(
    lite: World, fields: dict[str, Any], reason: str, first: str
) -> None:
    session = await lite.create()
    ref = session["provider_ref"]
    if first == "tamper":
        await lite.tamper(ref, **fields)
        await lite.lever(ref, "pay")
    else:
        await lite.lever(ref, "pay", "drop")
        await lite.tamper(ref, **fields)
    await lite.forward(seconds=20)
    after = await lite.get(session)
    assert (after["status"], after["review_reason"], after["paid"]) == ("review", reason, False)
    assert lite.store.types == ["session.review"]
    assert lite.store.got[0]["data"]["review_reason"] == reason
    shown = await lite.status(session)
    assert (shown["status"], shown["payable"]) == ("review", False)


@pytest.mark.parametrize(("fields", "reason"), TAMPERED)
async def test_even_before_it_is_paid(lite: World, fields: dict[str, Any], reason: str) -> None:
    session = await lite.create()
    await lite.tamper(session["provider_ref"], **fields)
    await lite.forward(seconds=20)
    after = await lite.get(session)
    assert (after["status"], after["review_reason"]) == ("review", reason)


@pytest.mark.parametrize(("fields", "reason"), [*TAMPERED, *SILENT])
async def test_even_after_it_was_paid(lite: World, fields: dict[str, Any], reason: str) -> None:
    session = await lite.create()
    await lite.do(session, "pay")
    await lite.tamper(session["provider_ref"], **fields)
    lite.clock.forward(seconds=1)
    async with lite.moving(0.01):
        await lite.http.post(f"{session['url']}/refresh")
        await lite.forward(minutes=31)
    after = await lite.get(session)
    assert (after["status"], after["review_reason"]) == ("review", reason)
    assert after["amount_received"] == "25.00"


@pytest.mark.parametrize("fields", NONSENSE)
async def test_nonsense_is_no_answer(lite: World, fields: dict[str, Any]) -> None:
    session = await lite.create()
    await lite.tamper(session["provider_ref"], **fields)
    await lite.do(session, "pay")
    assert (await lite.get(session))["status"] == "open"
    await lite.control.delete(f"/_control/crypto_com/payments/{session['provider_ref']}/tamper")
    await lite.forward(minutes=6)
    assert (await lite.get(session))["status"] == "succeeded"


@pytest.mark.parametrize("status", ["SUCCEEDED", "paid", "captured", "fulfilled", "", None])
async def test_a_status_nobody_knows_is_not_paid(lite: World, status: Any) -> None:
    session = await lite.create()
    await lite.tamper(session["provider_ref"], status=status, captured=True)
    await lite.do(session, "pay")
    after = await lite.get(session)
    assert (after["paid"], after["status"]) == (False, "open")


async def test_a_review_ends_by_a_person_and_holds(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay", "drop")
    await world.tamper(session["provider_ref"], amount=1)
    await world.forward(seconds=20)
    url = f"/v1/sessions/{session['id']}/resolve"
    resolved = await world.api.post(url, json={"status": "succeeded", "note": "Looked at the dashboard."})
    assert (resolved.json()["status"], resolved.json()["resolution"]["note"]) == (
        "succeeded",
        "Looked at the dashboard.",
    )
    for _ in range(3):
        await world.forward(minutes=31)
    after = await world.get(session)
    assert (after["status"], after["paid"], after["review_reason"]) == ("succeeded", True, "amount_mismatch")
    assert world.store.types == ["session.review", "session.succeeded"]
    again = await world.api.post(url, json={"status": "failed"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "not_in_review")


@pytest.mark.parametrize("status", ["open", "review", "expired", "approved", "paid", "processing"])
async def test_what_no_person_may_decide(lite: World, status: str) -> None:
    session = await lite.create()
    await lite.tamper(session["provider_ref"], amount=1)
    await lite.forward(seconds=20)
    answer = await lite.api.post(f"/v1/sessions/{session['id']}/resolve", json={"status": status})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "resolution_invalid")
    assert (await lite.get(session))["status"] == "review"


async def test_new_money_opens_the_question_again(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay", "drop")
    await world.tamper(session["provider_ref"], amount=1)
    await world.forward(seconds=20)
    await world.api.post(f"/v1/sessions/{session['id']}/resolve", json={"status": "failed"})
    await world.control.delete(f"/_control/crypto_com/payments/{session['provider_ref']}/tamper")
    await world.forward(minutes=31)
    after = await world.get(session)
    assert (after["status"], after["amount_received"]) == ("review", "25.00")
