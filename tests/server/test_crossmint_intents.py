"""An agent's permission through the whole server: asked for, verified in the browser, looked at, taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.world import SANDBOX, World

INTENTS = f"{SANDBOX}/crossmint_intents"
ACCOUNT = {"base_url": INTENTS, "secret_key": "sk_staging_demo", "verifier_url": f"{INTENTS}/verifier.js"}
OPTIONS: dict[str, Any] = {
    "agentId": "agent-1",
    "paymentMethodId": "pm_1",
    "mandates": [
        {"type": "maxAmount", "value": "1250.00", "details": {"currency": "usd", "period": "monthly"}},
        {"type": "description", "value": "Weekly <b>groceries</b>"},
    ],
    "expiresAt": "2027-01-31T10:00:00Z",
}


@pytest.fixture
async def world(lite_url: str) -> AsyncIterator[World]:
    async with World.open(lite_url, crossmint_intents=ACCOUNT) as opened:
        yield opened


async def asked(world: World, **fields: Any) -> dict[str, Any]:
    wanted = {"provider": "crossmint_intents", "amount": None, "currency": None, "options": OPTIONS}
    return await world.create(**{**wanted, **fields})


async def control(world: World, session: dict[str, Any], path: str = "", **body: Any) -> None:
    url = f"/_control/crossmint_intents/payments/{session['provider_ref']}{path}"
    answer = await world.control.post(url, json=body)
    assert answer.status_code == 200, answer.text


async def look(world: World, session: dict[str, Any]) -> dict[str, Any]:
    """The page reports something: the server looks."""
    answer = await world.http.post(f"{session['url']}/refresh", json={"ref": session["provider_ref"]})
    assert answer.status_code == 202
    await world.run()
    return await world.get(session)


async def verified(world: World, session: dict[str, Any]) -> httpx.Response:
    """What the verifier in the shopper's browser does."""
    held = (await world.control.get(f"/_control/crossmint_intents/payments/{session['provider_ref']}")).json()
    return await world.control.post("/crossmint_intents/verify", json=held["payment"]["verificationConfig"])


async def test_verified_in_the_browser_and_approved_by_the_phase_alone(world: World) -> None:
    session = await asked(world)
    assert (session["kind"], session["status"], session["amount"]) == ("approval", "open", None)
    # The browser's word alone.
    assert (await look(world, session))["status"] == "open"
    assert (await world.status(session))["checking"] is True

    assert (await verified(world, session)).status_code == 200
    after = await look(world, session)
    assert (after["status"], after["final"], after["paid"]) == ("approved", True, False)
    assert world.store.types == ["session.approved"]


async def test_the_page_tells_the_mandates_in_the_shoppers_language(world: World) -> None:
    session = await asked(world, locale="de", cancel_url=None)
    page = await world.http.get(session["url"])
    assert "Bis zu <strong>1.250,00\u00a0$</strong> pro Monat ausgeben." in page.text
    assert "Weekly &lt;b&gt;groceries&lt;/b&gt;" in page.text
    assert "Bis 31. Januar 2027, 10:00\u00a0UTC." in page.text
    assert "Genehmigen" in page.text
    assert "Noch 5 Minuten zum Genehmigen." in page.text
    assert "sk_" not in page.text
    policy = page.headers["content-security-policy"]
    assert f"connect-src 'self' {SANDBOX}" in policy
    assert f'src="{INTENTS}/verifier.js" type="module"' in page.text


async def test_revoked_after_it_was_approved(world: World) -> None:
    session = await asked(world)
    await verified(world, session)
    await look(world, session)
    answer = await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (200, "revoked")
    assert world.asked("DELETE") == 1
    await world.run()
    assert world.store.types == ["session.approved", "session.revoked"]
    await world.forward(minutes=30)
    assert (await world.get(session))["status"] == "revoked"


async def test_cancelled_before(world: World) -> None:
    session = await asked(world)
    answer = await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")


async def test_a_revocation_whose_answer_was_lost(world: World) -> None:
    session = await asked(world)
    await verified(world, session)
    await look(world, session)

    def lost(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            raise httpx.ReadTimeout("lost")
        return httpx.Response(503)

    held = world.provider.to
    assert held is not None
    await held.handle_async_request(
        httpx.Request(
            "DELETE",
            f"{INTENTS}/api/unstable/order-intents/{session['provider_ref']}",
            headers={"x-api-key": "sk_staging_demo"},
        )
    )
    world.provider.instead = lost
    async with world.moving():
        assert (await world.api.post(f"/v1/sessions/{session['id']}/cancel")).status_code == 502
    world.provider.instead = None
    answer = await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (200, "revoked")


@pytest.mark.parametrize(
    "fields",
    [
        {"mandates": [{"type": "maxAmount", "value": "9999.00", "details": {"currency": "usd"}}]},
        {"agentId": "another"},
        {"payment": {"paymentMethodId": "pm_other"}},
        {"orderIntentId": "oi_other"},
        {"expiresAt": "2037-01-31T10:00:00Z"},
    ],
)
async def test_an_active_intent_on_other_terms_is_for_a_person(world: World, fields: dict[str, Any]) -> None:
    session = await asked(world)
    await verified(world, session)
    await control(world, session, "/tamper", **fields)
    after = await look(world, session)
    reason = "ref_mismatch" if "orderIntentId" in fields else "terms_mismatch"
    assert (after["status"], after["review_reason"]) == ("review", reason)
    page = await world.http.get(session["url"])
    assert "We are checking this approval" in page.text


@pytest.mark.parametrize("phase", ["something-new", "Active", "completed"])
async def test_an_unknown_phase_is_still_open(world: World, phase: str) -> None:
    session = await asked(world)
    await control(world, session, "/tamper", phase=phase)
    assert (await look(world, session))["status"] == "open"


async def test_what_it_waits_for_is_told(world: World) -> None:
    session = await asked(world)
    await control(world, session, do="need_payment_method")
    await look(world, session)
    assert (await world.status(session))["text"]["needs"] == "Add a way to pay before you can approve this."


async def test_expired_at_the_provider(world: World) -> None:
    session = await asked(world)
    await control(world, session, do="expire")
    assert (await look(world, session))["status"] == "expired"


async def test_a_date_that_does_not_exist_is_refused_and_named(world: World) -> None:
    body = {
        "provider": "crossmint_intents",
        "order_id": "o",
        "return_url": "https://store.test/done",
        "options": {**OPTIONS, "expiresAt": "2027-02-29T10:00:00Z"},
    }
    answer = await world.api.post("/v1/sessions", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["param"] == "options.expiresAt"
    assert world.asked("POST") == 0


async def test_a_create_whose_answer_was_lost_is_made_anew(world: World) -> None:
    """No reference travels with an intent: nobody was shown the first one, so another is made."""
    fault = {"status": 503, "carried_out": True}
    await world.control.post("/_control/crossmint_intents/faults", json=fault)
    session = await asked(world)
    assert session["provider_ref"] is None
    await world.forward(seconds=30)
    await world.forward(seconds=30)
    after = await world.get(session)
    assert after["provider_ref"]
    held = (await world.control.get("/_control/crossmint_intents/payments")).json()["data"]
    assert len(held) == 2
    assert (await verified(world, after)).status_code == 200
    assert (await look(world, after))["status"] == "approved"


async def test_no_webhook_is_taken(world: World) -> None:
    answer = await world.http.post("/webhooks/crossmint_intents", content=b'{"type": "x"}')
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "answer", [{"data": {"refuse": "1"}}, {"json": {"refuse": "1"}}], ids=["form", "script"]
)
async def test_who_refuses_has_it_withdrawn(world: World, answer: dict[str, Any]) -> None:
    session = await asked(world)
    token = session["url"].rsplit("/", 1)[1]
    await world.http.post(f"/checkout/{token}/leave")
    await world.run()
    assert (await world.get(session))["status"] == "open"  # walking away is no answer
    await world.http.post(f"/checkout/{token}/leave", **answer)
    await world.run()
    after = await world.get(session)
    assert after["status"] == "cancelled"
    assert "session.refused" in {event["type"] for event in after["events"]}


async def test_approved_after_it_had_lapsed_is_for_a_person(world: World) -> None:
    session = await asked(world, expires_in=600)
    await world.forward(minutes=12)
    assert (await world.get(session))["status"] == "expired"
    assert (await verified(world, session)).status_code == 200
    after = await look(world, session)
    assert (after["status"], after["review_reason"]) == ("review", "late")
    url = f"/v1/sessions/{session['id']}/resolve"
    paid = await world.api.post(url, json={"status": "succeeded", "note": "no"})
    assert (paid.status_code, paid.json()["error"]["param"]) == (422, "status")
    revoked = await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    assert revoked.status_code == 200, revoked.text


async def test_a_provider_that_fails_again_and_again_is_asked_ever_more_rarely(world: World) -> None:
    """It has no way to be asked what became of a create, so each failure means another one."""
    world.provider.instead = lambda request: httpx.Response(500) if request.method == "POST" else None
    await asked(world, expires_in=3600)
    for _ in range(60):
        await world.forward(seconds=10)
    assert 4 < world.asked("POST") < 12
