"""The flow against stand-ins that are wrong in one thing each: a server that does not notice would pass against anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from checkout_server.sandbox.crypto_com import CryptoComSandbox
from checkout_server.sandbox.crypto_com.bodies import Bodies
from checkout_server.sandbox.crypto_com.ledger import Ledger
from checkout_server.sandbox.crypto_com.records import Payment
from tests.sandbox.mutations import MUTATIONS
from tests.world import World

Check = Callable[[World], Awaitable[None]]


async def paying(world: World) -> None:
    """Seen is not paid, paid is, and all of it by webhook: time stands still."""
    session = await world.create()
    payment = (await world.payments())[0]
    assert payment["amount"] == 2500
    await world.do(session, "detect")
    assert (await world.get(session))["status"] == "processing"
    await world.do(session, "pay")
    after = await world.get(session)
    assert (after["status"], after["amount_received"]) == ("succeeded", "25.00")


async def refunding(world: World) -> None:
    """Pending until transferred; the part, not the whole."""
    session = await world.create()
    await world.do(session, "pay")
    told = await world.refunded(session, "r1", amount="10.00")
    assert told.json()["status"] == "pending"
    for _ in range(6):
        await world.forward(seconds=5)
    after = await world.get(session)
    assert (after["status"], after["amount_refunded"]) == ("partially_refunded", "10.00")


async def cancelling(world: World) -> None:
    """What is paid cannot be cancelled, whoever is quicker."""
    session = await world.create()
    await world.lever(session["provider_ref"], "pay", "drop")
    world.clock.forward(seconds=1)
    async with world.moving():
        answer = await world.api.post(f"/v1/sessions/{session['id']}/cancel")
    await world.forward(minutes=1)
    assert (answer.status_code, (await world.get(session))["status"]) == (409, "succeeded")


async def expiring(world: World) -> None:
    """Expired when the provider says so, and not before."""
    session = await world.create(expires_in=600)
    await world.forward(minutes=10, seconds=1)
    assert (await world.get(session))["status"] == "expired"


async def too_little(world: World) -> None:
    session = await world.create()
    await world.do(session, "underpay")
    await world.forward(minutes=31)
    assert (await world.get(session))["status"] in ("processing", "review")


async def too_late(world: World) -> None:
    session = await world.create(expires_in=600)
    await world.forward(minutes=12)
    await world.do(session, "pay")
    await world.forward(minutes=31)
    after = await world.get(session)
    assert (after["paid"], after["status"]) == (False, "review")
    assert (await world.payments())[0]["status"] == "pending"


async def losing_answers(world: World) -> None:
    """A create whose answer was lost is found among others."""
    await world.create(order_id="another")
    await world.fault(status=500, carried_out=True)
    session = await world.create()
    for _ in range(4):
        await world.forward(seconds=10)
    assert world.asked("POST", "/payments") == 2
    assert (await world.get(session))["provider_ref"] == (await world.payments())[0]["id"]
    assert len(await world.payments()) == 2


CHECKS: tuple[Check, ...] = (paying, refunding, cancelling, expiring, too_little, too_late, losing_answers)


class AlwaysSucceeded(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "status": "succeeded"}


class HalfTheAmount(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "amount": payment.order.amount // 2}


class OneIdForAll(Bodies):
    def payment(self, payment: Payment) -> dict[str, Any]:
        return {**super().payment(payment), "id": "the-only-one"}


class ForgetsTheOrder(Ledger):
    def payments(self, *, live: bool | None = None) -> list[Payment]:
        return []


OWN = {
    "always_succeeded": {"bodies_type": AlwaysSucceeded},
    "half_the_amount": {"bodies_type": HalfTheAmount},
    "one_id_for_all": {"bodies_type": OneIdForAll},
    "list_is_empty": {"ledger_type": ForgetsTheOrder},
}
# Wrong in what this server reads or does, and who notices. The others are wrong in what it never looks at,
# and are the business of the sandbox's own fidelity suite.
NOTICED: dict[str, Check] = {
    "currency_lower_cased": paying,
    "order_id_dropped": paying,
    "live_mode_flipped": paying,
    "signature_without_timestamp": paying,
    "signature_in_milliseconds": paying,
    "paid_when_only_seen": paying,
    "capture_not_told": paying,
    "refund_without_waiting": refunding,
    "paid_can_be_cancelled": cancelling,
    "never_expires": expiring,
    "expired_as_a_status": expiring,
    "expired_can_be_paid": too_late,
    "underpaid_succeeds": too_little,
    "always_succeeded": paying,
    "half_the_amount": paying,
    "one_id_for_all": losing_answers,
    "list_is_empty": losing_answers,
}


@pytest.mark.parametrize("check", CHECKS)
async def test_the_checks_hold_against_the_faithful_one(lite: World, check: Check) -> None:
    await check(lite)


@pytest.mark.parametrize("name", sorted(NOTICED))
async def test_a_mutation_is_noticed(lite_url: str, name: str) -> None:
    broken = MUTATIONS.get(name) or type(name, (CryptoComSandbox,), OWN[name])
    async with World.open(lite_url, sandboxes=[broken]) as world:
        with pytest.raises(AssertionError):
            await NOTICED[name](world)
