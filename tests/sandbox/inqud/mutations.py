"""Inqud, wrong on purpose: what a careless stand-in would get wrong, one thing each.

`MUTATIONS[name]` is a sandbox class for `create_sandbox(settings, sandboxes=[...])`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from starlette.datastructures import Headers

from checkout_server.sandbox.delivery import Event
from checkout_server.sandbox.inqud import InqudSandbox, wire
from checkout_server.sandbox.inqud.auth import Authenticator
from checkout_server.sandbox.inqud.bodies import Bodies
from checkout_server.sandbox.inqud.desk import Desk
from checkout_server.sandbox.inqud.events import Events
from checkout_server.sandbox.inqud.ledger import Ledger
from checkout_server.sandbox.inqud.records import Checkout, Coin, Payment, Price

MUTATIONS: dict[str, type[InqudSandbox]] = {}


def mutation(name: str, **parts: Any) -> None:
    MUTATIONS[name] = type(f"Mutated_{name}", (InqudSandbox,), parts)


class Changed(Bodies):
    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def checkout(self, checkout: Checkout) -> dict[str, Any]:
        return self.change(super().checkout(checkout))


class AmountAsText(Changed):
    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        price = body.get("fixedAmount")
        return {**body, "fixedAmount": {**price, "amount": str(price["amount"])}} if price else body


class AmountThroughFloat(Changed):
    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        price = body.get("fixedAmount")
        return {**body, "fixedAmount": {**price, "amount": float(price["amount"])}} if price else body


class NoClientOrderId(Changed):
    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "clientOrderId": None}


class OtherProject(Changed):
    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "projectId": "CAP-another"}


class Milliseconds(Changed):
    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "createdAt": body["createdAt"][:23] + "Z"}


class Completed(Changed):
    """What one public integration took for the word."""

    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "status": "COMPLETED"} if body["status"] == "SUCCESS" else body


class Shortened(Changed):
    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in body.items() if key != "request"}


class NoTransfer(Changed):
    def change(self, body: dict[str, Any]) -> dict[str, Any]:
        request = body["request"]
        return {**body, "request": {**request, "txHash": "0x1"}} if request else body


class Enveloped(Events):
    def events(self, body: Mapping[str, Any]) -> list[Event]:
        return [Event(str(body["status"]), wire.raw_of({"data": body, "status": body["status"]}))]


class SignsWithSha256(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        digest = hmac.new(str(self._secret).encode(), raw, hashlib.sha256).hexdigest()
        return {"X-Payload-Digest": digest}


class SignsUpperCase(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        return {"X-Payload-Digest": super().sign(raw, wrong)["X-Payload-Digest"].upper()}


class TellsSuccessOnly(Events):
    def events(self, body: Mapping[str, Any]) -> list[Event]:
        return super().events(body) if body["status"] == "SUCCESS" else []


class PaidWhenSeen(Ledger):
    def detect(self, checkout: Checkout, paid: Price, *, overpaid: bool = False) -> None:
        super().detect(checkout, paid, overpaid=overpaid)
        if checkout.status == "NEW":
            self.confirm(checkout)


class PaidTwice(Ledger):
    def detect(self, checkout: Checkout, paid: Price, *, overpaid: bool = False) -> None:
        checkout.payment, checkout.status = None, "NEW"
        super().detect(checkout, paid, overpaid=overpaid)


class LateMoneyPays(Ledger):
    def detect(self, checkout: Checkout, paid: Price, *, overpaid: bool = False) -> None:
        checkout.payment = Payment(paid, f"0x{checkout.id}", overpaid)


class FinalIsFinal(Ledger):
    def reverse(self, checkout: Checkout) -> None:
        """Nothing."""


class UnderpaidIsEnough(Desk):
    def _underpay(self, checkout: Checkout, amount: str | None, coin: Coin) -> None:
        self._ledger.detect(checkout, Price(Decimal(amount or 1), coin.code))
        self._ledger.confirm(checkout)


class OverpaidIsDue(Desk):
    def _overpay(self, checkout: Checkout, amount: str | None, coin: Coin) -> None:
        self._pay(checkout, None, coin)


class AnyToken(Authenticator):
    def check(self, headers: Headers, raw: bytes) -> None:
        """Everybody."""


class SecretOnly(Authenticator):
    def signs(self, raw: bytes, salt: str, signature: str) -> bool:
        return False


class SaltFirst(Authenticator):
    def signs(self, raw: bytes, salt: str, signature: str) -> bool:
        expected = hmac.new(self._secret.encode(), salt.encode() + raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, signature)


mutation("amount_as_text", bodies_type=AmountAsText)
mutation("amount_through_float", bodies_type=AmountThroughFloat)
mutation("client_order_id_dropped", bodies_type=NoClientOrderId)
mutation("another_project", bodies_type=OtherProject)
mutation("milliseconds", bodies_type=Milliseconds)
mutation("completed_instead_of_success", bodies_type=Completed)
mutation("short_answers", bodies_type=Shortened)
mutation("one_transfer_for_all", bodies_type=NoTransfer)
mutation("webhook_in_an_envelope", events_type=Enveloped)
mutation("signature_by_sha256", events_type=SignsWithSha256)
mutation("signature_in_upper_case", events_type=SignsUpperCase)
mutation("only_success_is_told", events_type=TellsSuccessOnly)
mutation("paid_when_only_seen", ledger_type=PaidWhenSeen)
mutation("paid_twice", ledger_type=PaidTwice)
mutation("expired_can_be_paid", ledger_type=LateMoneyPays)
mutation("final_is_final", ledger_type=FinalIsFinal)
mutation("underpaid_succeeds", desk_type=UnderpaidIsEnough)
mutation("overpaid_is_not_said", desk_type=OverpaidIsDue)
mutation("any_token_accepted", authenticator_type=AnyToken)
mutation("signatures_refused", authenticator_type=SecretOnly)
mutation("salt_before_the_body", authenticator_type=SaltFirst)
mutation("no_retry", retry_delays=())
mutation("one_retry_too_few", retry_delays=InqudSandbox.retry_delays[:-1])
mutation("retries_evenly", retry_delays=(5.0,) * 10)
