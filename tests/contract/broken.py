"""Adapters that are wrong in one thing each, and the case of the suite that has to notice."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from checkout_server.money import Money
from checkout_server.providers.base import (
    CreateAttempt,
    Created,
    NotFound,
    Nudge,
    Observation,
    OutcomeUnknown,
    Provider,
    ProviderError,
    RefundAttempt,
    RefundObservation,
    Refused,
    State,
    Unreachable,
    WebhookRejected,
)
from checkout_server.providers.crossmint_intents import CrossmintIntents
from checkout_server.providers.crypto_com import CryptoCom
from checkout_server.providers.crypto_com.webhook import HEADER
from checkout_server.providers.cryptopay import CryptoPay
from checkout_server.providers.inqud import Inqud


class UnknownIsSucceeded(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        seen = await super().fetch(ref)
        return replace(seen, state=State.SUCCEEDED) if seen.state is State.OPEN else seen


class UnknownIsFailed(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        body = await self._api.get(f"payments/{ref}")
        seen = await super().fetch(ref)
        known = body.get("status") in ("pending", "succeeded", "cancelled")
        return seen if known else replace(seen, state=State.FAILED)


class VerifiesNothing(CryptoCom):
    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        try:
            return super().verify(headers, raw, now)
        except WebhookRejected:
            return _unsigned(raw)


class VerifiesWhatIsSigned(CryptoCom):
    """Without a header there is nothing to verify, it thinks."""

    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        return super().verify(headers, raw, now) if HEADER in headers else _unsigned(raw)


class VerifiesTextAnew(CryptoCom):
    """Hashes the JSON as it would write it, not the bytes that came."""

    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        try:
            raw = json.dumps(json.loads(raw), ensure_ascii=False, separators=(",", ":")).encode()
        except ValueError:
            raise WebhookRejected("unreadable") from None
        return super().verify(headers, raw, now)


class VerifiesForEver(CryptoCom):
    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        stamp = re.match(r"t=([0-9]{1,12})", headers.get(HEADER, ""))
        return super().verify(
            headers, raw, datetime.fromtimestamp(int(stamp[1]), now.tzinfo) if stamp else now
        )


class VerifiesOneSecret(CryptoCom):
    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        first = self.settings.webhook_secrets[0].decode()
        own = self.settings.model_copy(update={"webhook_secret": type(self.settings.webhook_secret)(first)})
        return CryptoCom(own, clock=self.clock, transport=self.transport).verify(headers, raw, now)


class VerifiesOneSignature(CryptoCom):
    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        first = ",".join(headers.get(HEADER, "").split(",")[:2])
        return super().verify({**headers, HEADER: first}, raw, now)


class VerifyLeaks(CryptoCom):
    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        raw.decode()
        return super().verify(headers, raw, now)


class EveryWebhookIsNew(CryptoCom):
    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        return replace(super().verify(headers, raw, now), dedupe_key=uuid.uuid4().hex)


class BelievesItsAmount(CryptoCom):
    """Remembers what it asked for, and says that."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.asked: dict[str | None, Money | None] = {}

    async def create(self, attempt: CreateAttempt) -> Created:
        created = await super().create(attempt)
        self.asked[created.ref] = attempt.amount
        return created

    async def fetch(self, ref: str) -> Observation:
        return replace(await super().fetch(ref), amount=self.asked[ref])


class CountsInFloats(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        seen = await super().fetch(ref)
        if seen.amount is None:
            return seen
        amount = Money(int(float(seen.amount.units)), seen.amount.currency)
        return replace(seen, amount=amount, received=seen.received and amount)


class AssumesItsCurrency(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        seen = await super().fetch(ref)
        return replace(
            seen, currency="USD", amount=seen.amount and Money(seen.amount.units, "USD"), received=None
        )


class AssumesItsMode(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        return replace(await super().fetch(ref), mode=self.mode)


class AssumesItsId(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        return replace(await super().fetch(ref), ref=ref)


class IgnoresTheReference(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        return replace(await super().fetch(ref), reference=None)


class GoneIsExpired(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        try:
            return await super().fetch(ref)
        except NotFound:
            return Observation(ref=ref, state=State.EXPIRED)


class ReadsLeak(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        try:
            return await super().fetch(ref)
        except Unreachable as error:
            raise ValueError("an answer nobody can read") from error


class ReadsAreUnknown(CryptoCom):
    async def fetch(self, ref: str) -> Observation:
        try:
            return await super().fetch(ref)
        except Unreachable as error:
            raise OutcomeUnknown(str(error)) from error


class CreatesTwice(CryptoCom):
    async def create(self, attempt: CreateAttempt) -> Created:
        try:
            return await super().create(attempt)
        except OutcomeUnknown:
            return await super().create(attempt)


class LostIsSafe(CryptoCom):
    """Takes a lost answer for a request that never arrived."""

    async def create(self, attempt: CreateAttempt) -> Created:
        try:
            return await super().create(attempt)
        except OutcomeUnknown as error:
            raise Unreachable(str(error)) from error


class RefusedIsLater(CryptoCom):
    async def create(self, attempt: CreateAttempt) -> Created:
        try:
            return await super().create(attempt)
        except Refused as error:
            raise Unreachable(str(error)) from error


class CannotWait(CryptoCom):
    async def create(self, attempt: CreateAttempt) -> Created:
        try:
            return await super().create(attempt)
        except Unreachable as error:
            raise Unreachable(str(error)) from error


class FindsNothing(CryptoCom):
    async def find(self, attempt: CreateAttempt) -> Created | None:
        return None


class SendsAnything(CryptoCom):
    def check(self, attempt: CreateAttempt) -> None:
        super().check(replace(attempt, options={}))

    async def create(self, attempt: CreateAttempt) -> Created:
        return await super().create(replace(attempt, options={}))


class CancelsByItself(CryptoCom):
    async def cancel(self, ref: str) -> Observation:
        return replace(await self.fetch(ref), state=State.CANCELLED)


class RefundsTwice(CryptoCom):
    async def refund(self, attempt: RefundAttempt) -> RefundObservation:
        try:
            return await super().refund(attempt)
        except OutcomeUnknown:
            return await super().refund(attempt)


class RefundsAll(CryptoCom):
    async def refund(self, attempt: RefundAttempt) -> RefundObservation:
        seen = await self.fetch(attempt.payment_ref)
        return await super().refund(replace(attempt, amount=seen.amount or attempt.amount))


class SaysItsKey(CryptoCom):
    async def create(self, attempt: CreateAttempt) -> Created:
        try:
            return await super().create(attempt)
        except ProviderError as error:
            key = self.settings.secret_key.get_secret_value()
            raise Refused(f"{error} (with {key})") from error


class ForgetsItsTerms(CryptoPay):
    async def fetch(self, ref: str) -> Observation:
        return replace(await super().fetch(ref), terms={})


class SettlesWithAnyTransfer(CryptoPay):
    """Says of each order a transfer of its own, whatever the provider names."""

    async def fetch(self, ref: str) -> Observation:
        seen = await super().fetch(ref)
        return replace(seen, transaction=seen.transaction and f"{seen.transaction}-{ref}")


class ReadsFloats(Inqud):
    async def fetch(self, ref: str) -> Observation:
        seen = await super().fetch(ref)
        if seen.amount is None:
            return seen
        return replace(seen, amount=Money(int(float(seen.amount.text) * 100), seen.amount.currency))


class ApprovesByItself(CrossmintIntents):
    async def fetch(self, ref: str) -> Observation:
        return replace(await super().fetch(ref), state=State.APPROVED)


def _unsigned(raw: bytes) -> Nudge:
    """What the body says, whoever wrote it."""
    found = re.search(rb'"object":\{"id":"([^"]+)"', raw)
    return Nudge(ref=found[1].decode() if found else "unknown", dedupe_key=uuid.uuid4().hex, type="x")


NOTICED: dict[type[Provider[Any]], str] = {
    UnknownIsSucceeded: "tampering.an_unknown_status",
    UnknownIsFailed: "tampering.an_unknown_status",
    VerifiesNothing: "signatures.a_real_one_with_a_bad_signature",
    VerifiesWhatIsSigned: "signatures.a_missing_one",
    VerifiesTextAnew: "signatures.a_body_written_anew",
    VerifiesForEver: "signatures.an_old_one",
    VerifiesOneSecret: "signatures.a_secret_that_is_rotated",
    VerifiesOneSignature: "signatures.the_second_of_two",
    VerifyLeaks: "signatures.not_utf_8",
    EveryWebhookIsNew: "webhooks.a_duplicate",
    BelievesItsAmount: "amounts.one_unit_less",
    CountsInFloats: "amounts.exact_with_2_decimals",
    AssumesItsCurrency: "tampering.another_currency",
    AssumesItsMode: "tampering.another_mode",
    AssumesItsId: "tampering.another_id",
    IgnoresTheReference: "tampering.another_reference",
    GoneIsExpired: "trouble.a_read_meets_404",
    ReadsLeak: "trouble.a_read_meets_html",
    ReadsAreUnknown: "trouble.a_read_meets_500",
    CreatesTwice: "creation.the_answer_is_a_500",
    LostIsSafe: "creation.the_answer_stalls",
    RefusedIsLater: "creation.refused_with_401",
    CannotWait: "creation.slow_down",
    FindsNothing: "creation.a_crash_after_it_arrived",
    SendsAnything: "creation.a_bad_option_is_not_sent",
    CancelsByItself: "ends.cancelled",
    RefundsTwice: "refunds.no_answer_but_a_500",
    RefundsAll: "refunds.in_parts",
    SaysItsKey: "creation.no_secret_leaves",
    ForgetsItsTerms: "tampering.another_terms",
    SettlesWithAnyTransfer: "tampering.a_transfer_that_settled_another",
    ReadsFloats: "amounts.exact_with_0_decimals",
    ApprovesByItself: "tampering.an_unknown_status",
}
