"""CryptoPay, wrong on purpose: what a careless stand-in would get wrong, one thing each.

`MUTATIONS[name]` is a sandbox class for `create_sandbox(settings, sandboxes=[...])`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from checkout_server.sandbox.cryptopay import CryptoPaySandbox
from checkout_server.sandbox.cryptopay.auth import Authenticator
from checkout_server.sandbox.cryptopay.bodies import Bodies
from checkout_server.sandbox.cryptopay.chain import Chain
from checkout_server.sandbox.cryptopay.desk import Desk
from checkout_server.sandbox.cryptopay.events import Events, EventType
from checkout_server.sandbox.cryptopay.ledger import Ledger
from checkout_server.sandbox.cryptopay.records import Order, Transfer, Wanted
from checkout_server.sandbox.delivery import Event

MUTATIONS: dict[str, type[CryptoPaySandbox]] = {}


def mutation(name: str, **parts: Any) -> None:
    MUTATIONS[name] = type(f"Mutated_{name}", (CryptoPaySandbox,), parts)


class MisnamedField(Bodies):
    def order(self, order: Order) -> dict[str, Any]:
        body = super().order(order)
        body["address"] = body.pop("receiving_address")
        return body


class AmountAsNumber(Bodies):
    def order(self, order: Order) -> dict[str, Any]:
        return {**super().order(order), "amount": int(order.wanted.value)}


class AmountTrimmed(Bodies):
    def order(self, order: Order) -> dict[str, Any]:
        return {**super().order(order), "amount": str(order.wanted.value.normalize())}


class InfoAsObject(Bodies):
    def order(self, order: Order) -> dict[str, Any]:
        return {**super().order(order), "order_info": {"text": order.wanted.order_info}}


class NonceAsText(Bodies):
    def order(self, order: Order) -> dict[str, Any]:
        return {**super().order(order), "nonce": str(order.wanted.nonce)}


class ListedInFull(Bodies):
    def row(self, order: Order) -> dict[str, Any]:
        return self.order(order)


class OtherAddressInEvent(Bodies):
    def event_data(self, order: Order) -> dict[str, Any]:
        data = super().event_data(order)
        return {**data, "to_address": data["from_address"]}


class SignsInBase64(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        digest = hmac.digest(self._secret.encode(), raw, hashlib.sha256)
        return {"X-Webhook-Signature": base64.b64encode(digest).decode()}


class SignsRightAlways(Events):
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        return super().sign(raw, False)


class OneWebhookId(Events):
    def event(self, kind: EventType, data: Mapping[str, Any]) -> Event:
        event = super().event(kind, data)
        head, _, _ = event.raw.rpartition(b'"webhook_id":')
        return Event(event.type, head + b'"webhook_id":"wh_1"}')


class DetectedTwice(Events):
    def event(self, kind: EventType, data: Mapping[str, Any]) -> Event:
        return super().event("payment.confirmed" if kind == "payment.pending" else kind, data)


class PaidWhenSeen(Ledger):
    def detect(self, order: Order, *, depth: int = 1) -> None:
        super().detect(order, depth=depth)
        order.status = "confirmed"
        order.confirmed_at = self.now()


class NonceAgain(Ledger):
    def create(self, wanted: Wanted) -> Order:
        self._nonces.discard(wanted.nonce)
        return super().create(wanted)


class AddressEach(Ledger):
    def create(self, wanted: Wanted) -> Order:
        order = super().create(wanted)
        order.address = order.address[:-4] + f"{order.number:04}"
        return order


class WalletForAll(Ledger):
    def create(self, wanted: Wanted) -> Order:
        self._wallets = {wanted.blockchain: "0x" + "1" * 40, **self._wallets}
        return super().create(wanted)


class NeverExpires(Ledger):
    def _lapse(self, order: Order) -> None:
        pass


class ExpiresSeen(Ledger):
    def _lapse(self, order: Order) -> None:
        expires = order.wanted.expires_at
        if expires is not None and self.now() >= expires:
            order.status = "expired"


class PaidFails(Ledger):
    def fail(self, order: Order) -> None:
        order.status = "failed"


class OldestFirst(Ledger):
    def orders(self) -> list[Order]:
        return super().orders()[::-1]


class SkipsBlocks(Chain):
    def mine(self, blockchain: str) -> None:
        super().mine(blockchain)
        super().mine(blockchain)


class OneChain(Chain):
    def mine(self, blockchain: str) -> None:
        for each in ("base", "ethereum", "polygon"):
            super().mine(each)


class OneHash(Chain):
    def include(self, order: Order, *, depth: int = 1) -> Transfer:
        transfer = super().include(order, depth=depth)
        transfer.hash = "0x" + "7" * 64
        return transfer


class TellsNoConfirmation(Desk):
    def _settle(self, order: Order) -> list[Event]:
        super()._settle(order)
        return []


class TellsCreation(Desk):
    def create(self, wanted: Wanted) -> Order:
        order = super().create(wanted)
        self._tell(order, [self._event("payment.pending", order)])
        return order


class AnyKey(Authenticator):
    def check(self, authorization: str) -> None:
        pass


class EternalToken(Authenticator):
    def check(self, authorization: str) -> None:
        token = authorization.partition(" ")[2]
        if token not in self._access:
            super().check(authorization)


class AnyPassword(Authenticator):
    def login(self, username: object, password: object) -> dict[str, str]:
        return self._issue()


mutation("misnamed_field", bodies_type=MisnamedField)
mutation("amount_as_number", bodies_type=AmountAsNumber)
mutation("amount_trimmed", bodies_type=AmountTrimmed)
mutation("order_info_as_object", bodies_type=InfoAsObject)
mutation("nonce_as_text", bodies_type=NonceAsText)
mutation("list_rows_in_full", bodies_type=ListedInFull)
mutation("other_address_in_event", bodies_type=OtherAddressInEvent)
mutation("signature_in_base64", events_type=SignsInBase64)
mutation("signature_never_wrong", events_type=SignsRightAlways)
mutation("one_webhook_id", events_type=OneWebhookId)
mutation("detection_told_as_payment", events_type=DetectedTwice)
mutation("paid_when_only_seen", ledger_type=PaidWhenSeen)
mutation("nonce_used_again", ledger_type=NonceAgain)
mutation("an_address_for_each_order", ledger_type=AddressEach)
mutation("wallets_from_nowhere", ledger_type=WalletForAll)
mutation("never_expires", ledger_type=NeverExpires)
mutation("money_seen_expires", ledger_type=ExpiresSeen)
mutation("paid_can_fail", ledger_type=PaidFails)
mutation("oldest_first", ledger_type=OldestFirst)
mutation("two_blocks_at_once", chain_type=SkipsBlocks)
mutation("one_chain_for_all", chain_type=OneChain)
mutation("one_hash_for_all", chain_type=OneHash)
mutation("confirmation_not_told", desk_type=TellsNoConfirmation)
mutation("creation_told", desk_type=TellsCreation)
mutation("any_key_accepted", authenticator_type=AnyKey)
mutation("token_never_ends", authenticator_type=EternalToken)
mutation("any_password_accepted", authenticator_type=AnyPassword)
