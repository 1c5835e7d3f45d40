"""Crossmint, wrong on purpose: what a careless stand-in would get wrong, one thing each."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from checkout_server.money import Money
from checkout_server.sandbox.crossmint import CrossmintSandbox
from checkout_server.sandbox.crossmint.auth import Authenticator, Caller
from checkout_server.sandbox.crossmint.bodies import Bodies
from checkout_server.sandbox.crossmint.desk import Desk
from checkout_server.sandbox.crossmint.events import Events
from checkout_server.sandbox.crossmint.ledger import Ledger
from checkout_server.sandbox.crossmint.limits import Limits
from checkout_server.sandbox.crossmint.records import Order
from checkout_server.sandbox.delivery import Event

MUTATIONS: dict[str, type[CrossmintSandbox]] = {}


def mutation(name: str, **parts: Any) -> None:
    MUTATIONS[name] = type(f"Mutated_{name}", (CrossmintSandbox,), parts)


class AmountThroughFloat(Bodies):
    def documented(self, order: Order) -> dict[str, Any]:
        body = super().documented(order)
        if "totalPrice" in body["quote"]:
            amount = float(body["quote"]["totalPrice"]["amount"])
            body["quote"]["totalPrice"]["amount"] = f"{amount:.2f}"
        return body


class SecretInOrder(Bodies):
    def order(self, order: Order) -> dict[str, Any]:
        return {**super().order(order), "clientSecret": order.client_secret}


class PreparationInEvents(Bodies):
    def order(self, order: Order) -> dict[str, Any]:
        body = super().order(order)
        return {**body, "payment": {**body["payment"], "preparation": {"clientSecret": "pi_1"}}}


class DeclineIsFinal(Ledger):
    def decline(self, order: Order) -> None:
        self.fail(order)


class RefundAsStatus(Bodies):
    def documented(self, order: Order) -> dict[str, Any]:
        body = super().documented(order)
        if order.refunded is not None:
            body["payment"]["status"] = "refunded"
        return body


class DeliveredAtOnce(Ledger):
    def pay(self, order: Order) -> None:
        super().pay(order)
        self.deliver(order, well=True)


class FailedDeliveryUnsaid(Ledger):
    def deliver(self, order: Order, *, well: bool) -> None:
        super().deliver(order, well=True)


class QuoteNeverExpires(Ledger):
    def expire_quote(self, order: Order) -> None:
        """Forgotten."""


class MergesPayment(Ledger):
    def change(self, order: Order, payment: dict[str, Any], recipient: dict[str, Any] | None) -> None:
        super().change(order, {**order.payment, **payment}, recipient)


class RefundsAnything(Ledger):
    def refund(self, order: Order, amount: Money | None) -> None:
        order.refunded = amount or order.total


class AnyKey(Authenticator):
    def caller(self, headers: Mapping[str, str]) -> Caller:
        return Caller(server=True, secret="")


class ClientKeyReadsAll(Authenticator):
    def caller(self, headers: Mapping[str, str]) -> Caller:
        super().caller(headers)
        return Caller(server=True, secret="")


class BearerSecret(Authenticator):
    def caller(self, headers: Mapping[str, str]) -> Caller:
        found = super().caller(headers)
        return Caller(found.server, found.secret.removeprefix("Bearer "))


class ServerKeyInFrame(Authenticator):
    def is_client_key(self, key: str) -> bool:
        return True


class SignsBodyOnly(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        digest = hmac.digest(self._key, raw, hashlib.sha256)
        return {**super().sign(raw, wrong), "svix-signature": "v1," + base64.b64encode(digest).decode()}


class SignsInHex(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        headers = super().sign(raw, wrong)
        digest = base64.b64decode(headers["svix-signature"][3:])
        return {**headers, "svix-signature": f"v1,{digest.hex()}"}


class NewIdEachTime(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        self._ids.clear()
        return super().sign(raw, wrong)


class TellsNoDelivery(Desk):
    def _deliver(self, order: Order, amount: str | None) -> list[Event]:
        super()._deliver(order, amount)
        return []


class TellsDeclineAsSuccess(Desk):
    def _decline(self, order: Order, _: str | None) -> list[Event]:
        self._ledger.decline(order)
        return [self._event("orders.payment.succeeded", order)]


mutation("amount_through_float", bodies_type=AmountThroughFloat)
mutation("secret_in_every_answer", bodies_type=SecretInOrder)
mutation("preparation_in_events", bodies_type=PreparationInEvents)
mutation("decline_is_final", ledger_type=DeclineIsFinal)
mutation("refund_as_a_status", bodies_type=RefundAsStatus)
mutation("delivered_at_once", ledger_type=DeliveredAtOnce)
mutation("failed_delivery_unsaid", ledger_type=FailedDeliveryUnsaid)
mutation("quote_never_expires", ledger_type=QuoteNeverExpires)
mutation("update_merges_payment", ledger_type=MergesPayment)
mutation("refund_more_than_paid", ledger_type=RefundsAnything)
mutation("any_key_accepted", authenticator_type=AnyKey)
mutation("client_key_reads_all", authenticator_type=ClientKeyReadsAll)
mutation("secret_as_bearer", authenticator_type=BearerSecret)
mutation("server_key_in_the_frame", authenticator_type=ServerKeyInFrame)
mutation("signature_without_id", events_type=SignsBodyOnly)
mutation("signature_in_hex", events_type=SignsInHex)
mutation("new_id_each_time", events_type=NewIdEachTime)
mutation("delivery_not_told", desk_type=TellsNoDelivery)
mutation("decline_told_as_success", desk_type=TellsDeclineAsSuccess)


class OneForAll(Limits):
    writes = 360


mutation("reads_and_writes_alike", limits_type=OneForAll)
mutation("one_retry_too_few", retry_delays=CrossmintSandbox.retry_delays[:-1])
mutation("retries_with_an_old_signature", signs_again=False)
