"""Order intents, wrong on purpose: what a careless stand-in would get wrong, one thing each.

`MUTATIONS[name]` is a sandbox class for `create_sandbox(settings, sandboxes=[...])`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checkout_server.sandbox.base import Action
from checkout_server.sandbox.crossmint_intents import CrossmintIntentsSandbox
from checkout_server.sandbox.crossmint_intents.api import Keys
from checkout_server.sandbox.crossmint_intents.bodies import Bodies
from checkout_server.sandbox.crossmint_intents.ledger import Ledger
from checkout_server.sandbox.crossmint_intents.records import Intent, Phase, Wish
from checkout_server.sandbox.delivery import Event

MUTATIONS: dict[str, type[CrossmintIntentsSandbox]] = {}


def mutation(name: str, **parts: Any) -> None:
    MUTATIONS[name] = type(f"Mutated_{name}", (CrossmintIntentsSandbox,), parts)


class MisnamedId(Bodies):
    def intent(self, intent: Intent) -> dict[str, Any]:
        body = super().intent(intent)
        return {**body, "id": body["orderIntentId"]}


class SecondGeneration(Bodies):
    def intent(self, intent: Intent) -> dict[str, Any]:
        body = super().intent(intent)
        return {**body, "status": body["phase"]}


class AlwaysVerifiable(Bodies):
    def intent(self, intent: Intent) -> dict[str, Any]:
        return {**super().intent(intent), "verificationConfig": self.verification(intent)}


class AmountAsNumber(Bodies):
    def intent(self, intent: Intent) -> dict[str, Any]:
        body = super().intent(intent)
        mandates = [
            {**each, "value": float(each["value"])} if each["type"] == "maxAmount" else each
            for each in body["mandates"]
        ]
        return {**body, "mandates": mandates}


class OnlyLimits(Bodies):
    def intent(self, intent: Intent) -> dict[str, Any]:
        body = super().intent(intent)
        return {**body, "mandates": [each for each in body["mandates"] if each["type"] == "maxAmount"]}


class AgentOfTheVerifier(Bodies):
    def intent(self, intent: Intent) -> dict[str, Any]:
        return {**super().intent(intent), "agentId": intent.agent}


class EndRewritten(Bodies):
    def intent(self, intent: Intent) -> dict[str, Any]:
        body = super().intent(intent)
        if intent.wish.expires_at is not None:
            body["expiresAt"] = intent.wish.expires_at.isoformat()
        return body


class OneEnvironment(Bodies):
    def verification(self, intent: Intent) -> dict[str, str]:
        return {**super().verification(intent), "environment": "production"}


class SeesBothEnvironments(Ledger):
    def intent(self, ref: str, *, live: bool | None = None) -> Intent:
        return super().intent(ref)


class ActiveWhenItCanPay(Ledger):
    def move(self, intent: Intent, before: Phase, after: Phase) -> None:
        super().move(intent, before, "active" if before == "requires-payment-method" else after)


class SameInstruction(Ledger):
    def create(self, wish: Wish, *, live: bool) -> Intent:
        intent = super().create(wish, live=live)
        intent.instruction = "ins_bt" + "x" * 30
        return intent


class NeverExpires(Ledger):
    def create(self, wish: Wish, *, live: bool) -> Intent:
        return super().create(replace(wish, expires_at=None), live=live)


class KeepsWhatIsDeleted(Ledger):
    def delete(self, intent: Intent) -> None:
        self.intent(intent.id)


class ExpiresWhatIsDeleted(Ledger):
    def delete(self, intent: Intent) -> None:
        intent.stage = "expired"


class FailedStillVerifies(Ledger):
    def fail(self, intent: Intent) -> None:
        pass


class FailureIsFinal(Ledger):
    def verify(self, agent: str, instruction: str) -> Intent:
        for intent in self.intents():
            if intent.instruction == instruction and intent.fails:
                intent.stage = "expired"
        return super().verify(agent, instruction)


class VerifiesAnything(Ledger):
    def _must_be(self, intent: Intent, phase: Phase) -> None:
        pass


class AnyKey(Keys):
    def live(self, key: str) -> bool:
        return False


class ClientKeyIsServers(Keys):
    def live(self, key: str) -> bool:
        return False if key == self._client else super().live(key)


class TellsByWebhook(CrossmintIntentsSandbox):
    def act(self, ref: str, action: Action) -> list[str]:
        super().act(ref, action)
        self.deliveries.send([Event("order-intent.updated", b"{}")])
        return ["order-intent.updated"]


mutation("id_twice", bodies_type=MisnamedId)
mutation("status_of_the_next_version", bodies_type=SecondGeneration)
mutation("always_verifiable", bodies_type=AlwaysVerifiable)
mutation("amount_as_number", bodies_type=AmountAsNumber)
mutation("only_limits_repeated", bodies_type=OnlyLimits)
mutation("agent_of_the_verifier", bodies_type=AgentOfTheVerifier)
mutation("end_rewritten", bodies_type=EndRewritten)
mutation("one_environment", bodies_type=OneEnvironment)
mutation("environments_mixed", ledger_type=SeesBothEnvironments)
mutation("active_without_verification", ledger_type=ActiveWhenItCanPay)
mutation("same_instruction_for_all", ledger_type=SameInstruction)
mutation("never_expires", ledger_type=NeverExpires)
mutation("deleted_is_still_there", ledger_type=KeepsWhatIsDeleted)
mutation("deleted_is_expired", ledger_type=ExpiresWhatIsDeleted)
mutation("failed_verification_succeeds", ledger_type=FailedStillVerifies)
mutation("failed_verification_is_final", ledger_type=FailureIsFinal)
mutation("any_phase_verifies", ledger_type=VerifiesAnything)
mutation("any_key_accepted", keys_type=AnyKey)
mutation("client_key_accepted", keys_type=ClientKeyIsServers)
MUTATIONS["webhooks_sent"] = TellsByWebhook
