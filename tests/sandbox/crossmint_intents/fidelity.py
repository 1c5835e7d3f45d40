"""What makes the sandbox a true stand-in: each check is one promise of the provider's document or facts.

They run against the sandbox as it is, and against each mutation of it, which at least one of them must notice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx

from tests.sandbox.crossmint_intents.examples import INTENT, WISH, shape
from tests.sandbox.crossmint_intents.rig import KEY, PRODUCTION, Rig

Check = Callable[[Rig], Awaitable[None]]


def assert_error(answer: httpx.Response, status: int, word: str = "") -> None:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["error"] is True
    assert word in body["message"]
    assert set(body) == {"error", "message"}


async def a_created_intent_is_the_documents(rig: Rig) -> None:
    answer = await rig.ask("POST", json={name: value for name, value in WISH.items() if name != "expiresAt"})
    assert answer.status_code == 201
    intent = answer.json()
    assert shape(intent) == shape(INTENT)
    own = {"orderIntentId", "verificationConfig"}
    assert {name: intent[name] for name in intent.keys() - own} == {
        name: value for name, value in INTENT.items() if name not in own
    }
    assert intent["orderIntentId"].startswith("oi_")
    config = intent["verificationConfig"]
    assert config["environment"] in ("production", "test")
    assert (config["agentId"][:6], config["instructionId"][:6]) == ("agt_bt", "ins_bt")
    assert config["publicApiKey"].startswith("key_public")


async def a_retrieved_intent_is_the_created_one(rig: Rig) -> None:
    intent = await rig.create()
    assert await rig.fetch(intent["orderIntentId"]) == intent


async def every_intent_is_another(rig: Rig) -> None:
    one, other = await rig.create(), await rig.create()
    assert one["orderIntentId"] != other["orderIntentId"]
    assert one["verificationConfig"]["instructionId"] != other["verificationConfig"]["instructionId"]


async def only_a_server_key_is_let_in(rig: Rig) -> None:
    intent = await rig.create()
    for key, status in ((None, 401), ("", 401), ("sk_staging_other", 401), ("ck_staging_demo", 403)):
        assert_error(await rig.ask("POST", key=key, json=WISH), status)
        for method in ("GET", "DELETE"):
            assert_error(await rig.ask(method, f"/{intent['orderIntentId']}", key), status)


async def a_key_selects_the_environment(rig: Rig) -> None:
    staging, production = await rig.create(), await rig.create(PRODUCTION)
    environments = [each["verificationConfig"]["environment"] for each in (staging, production)]
    assert environments == ["test", "production"]
    assert_error(await rig.ask("GET", f"/{production['orderIntentId']}", KEY), 404)
    listed = (await rig.ask("GET", key=PRODUCTION)).json()
    assert [each["orderIntentId"] for each in listed] == [production["orderIntentId"]]


async def what_is_required_is_required(rig: Rig) -> None:
    for name in ("agentId", "payment", "mandates"):
        rest = {key: value for key, value in WISH.items() if key != name}
        assert_error(await rig.ask("POST", json=rest), 400, name)
    assert_error(await rig.ask("POST", json={**WISH, "payment": {}}), 400, "payment.paymentMethodId")
    limit = {"type": "maxAmount", "value": "100.00", "details": {"currency": "usd", "period": "daily"}}
    assert_error(await rig.ask("POST", json={**WISH, "mandates": [limit]}), 400, "mandates.0.details.period")


async def an_amount_is_text(rig: Rig) -> None:
    limit = {"type": "maxAmount", "value": 100.0, "details": {"currency": "usd"}}
    assert_error(await rig.ask("POST", json={**WISH, "mandates": [limit]}), 400, "mandates.0.value")


async def an_end_is_a_day_that_comes(rig: Rig) -> None:
    for text in ("2028-02-29T05:31:56Z", "2027-11-07T05:31Z", "2027-11-07T05:31:56.123Z"):
        intent = await rig.create(expiresAt=text)
        assert intent["expiresAt"] == text
    for text in ("2027-02-29T05:31:56Z", "2027-04-31T05:31:56Z", "2027-11-07T05:31:56+00:00", "2027-11-07"):
        assert_error(await rig.ask("POST", json={**WISH, "expiresAt": text}), 400, "expiresAt")


async def a_verified_intent_is_active(rig: Rig) -> None:
    intent = await rig.create()
    assert (await rig.verify(intent["verificationConfig"])).status_code == 200
    after = await rig.fetch(intent["orderIntentId"])
    assert after["phase"] == "active"
    assert "verificationConfig" not in after
    assert after["mandates"] == intent["mandates"]


async def a_failed_verification_changes_nothing(rig: Rig) -> None:
    intent = await rig.create()
    await rig.do(intent["orderIntentId"], "fail")
    assert_error(await rig.verify(intent["verificationConfig"]), 402)
    assert await rig.fetch(intent["orderIntentId"]) == intent
    assert (await rig.verify(intent["verificationConfig"])).status_code == 200


async def an_intent_without_a_way_to_pay_cannot_be_verified(rig: Rig) -> None:
    intent = await rig.create()
    ref = intent["orderIntentId"]
    await rig.do(ref, "need_payment_method")
    waiting = await rig.fetch(ref)
    assert waiting["phase"] == "requires-payment-method"
    assert "verificationConfig" not in waiting
    assert_error(await rig.verify(intent["verificationConfig"]), 409)
    await rig.do(ref, "add_payment_method")
    assert await rig.fetch(ref) == intent


async def an_intent_expires(rig: Rig) -> None:
    intent = await rig.create(expiresAt="2026-01-02T03:05:00Z")
    endless = await rig.create(expiresAt=None)
    await rig.verify(endless["verificationConfig"])
    rig.time.forward(54)
    assert (await rig.fetch(intent["orderIntentId"]))["phase"] == "requires-verification"
    rig.time.forward(1)
    after = await rig.fetch(intent["orderIntentId"])
    assert after["phase"] == "expired"
    assert "verificationConfig" not in after
    assert_error(await rig.verify(intent["verificationConfig"]), 409)
    assert (await rig.fetch(endless["orderIntentId"]))["phase"] == "active"


async def an_active_intent_expires_too(rig: Rig) -> None:
    intent = await rig.create(expiresAt="2026-01-02T03:05:00Z")
    await rig.verify(intent["verificationConfig"])
    rig.time.forward(60)
    assert (await rig.fetch(intent["orderIntentId"]))["phase"] == "expired"


async def a_deleted_intent_is_gone(rig: Rig) -> None:
    intent = await rig.create()
    answer = await rig.ask("DELETE", f"/{intent['orderIntentId']}")
    assert answer.status_code in (200, 204)
    for method in ("GET", "DELETE"):
        assert_error(await rig.ask(method, f"/{intent['orderIntentId']}"), 404)
    assert (await rig.ask("GET")).json() == []
    assert_error(await rig.verify(intent["verificationConfig"]), 404)


async def no_webhook_is_sent(rig: Rig) -> None:
    intent = await rig.create()
    for do in ("fail", "approve", "expire", "cancel"):
        assert (await rig.do(intent["orderIntentId"], do)).json()["webhooks"] == []
    await rig.sandbox.deliveries.settle()
    assert rig.inbox == []


CHECKS: tuple[Check, ...] = (
    a_created_intent_is_the_documents,
    a_retrieved_intent_is_the_created_one,
    every_intent_is_another,
    only_a_server_key_is_let_in,
    a_key_selects_the_environment,
    what_is_required_is_required,
    an_amount_is_text,
    an_end_is_a_day_that_comes,
    a_verified_intent_is_active,
    a_failed_verification_changes_nothing,
    an_intent_without_a_way_to_pay_cannot_be_verified,
    an_intent_expires,
    an_active_intent_expires_too,
    a_deleted_intent_is_gone,
    no_webhook_is_sent,
)
