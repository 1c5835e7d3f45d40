"""The adapter: what is sent to Crossmint's order intents, and what its answers mean for the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

import httpx

from checkout_server.providers.base import (
    Capability,
    Clock,
    CreateAttempt,
    Created,
    Mode,
    NotFound,
    Nudge,
    Observation,
    OutcomeUnknown,
    Policy,
    PollBudget,
    Provider,
    Refused,
    State,
    Unreachable,
    WebhookRejected,
)
from checkout_server.providers.crossmint_intents import mapping
from checkout_server.providers.crossmint_intents.errors import error_reader
from checkout_server.providers.crossmint_intents.options import Options, options_of
from checkout_server.providers.crossmint_intents.settings import CrossmintIntentsSettings
from checkout_server.providers.http import ApiClient

_INTENTS = "order-intents"


class CrossmintIntents(Provider[CrossmintIntentsSettings]):
    """Order intents, first generation. The card numbers that an agent makes of an active intent are the agent's alone:
    nothing here asks for them.

    An intent carries no reference of ours, so one whose creation was never answered cannot be found again.
    """

    name = "crossmint_intents"
    title = "Crossmint"
    kind = "approval"
    webhooks = False
    capabilities = frozenset({Capability.CANCEL, Capability.REVOKE})
    settings_model = CrossmintIntentsSettings

    def __init__(
        self,
        settings: CrossmintIntentsSettings,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, clock=clock, transport=transport)
        key = settings.secret_key.get_secret_value()
        self._api = ApiClient(
            title=self.title,
            base_url=f"{settings.base_url}/api/unstable",
            headers={"X-API-KEY": key},
            transport=transport,
            read_error=error_reader(key),
        )

    @property
    def mode(self) -> Mode:
        return self.settings.mode

    @property
    def account(self) -> str:
        return self.settings.account

    @property
    def poll(self) -> PollBudget:
        return PollBudget(self.settings.reads_per_minute)

    @property
    def policy(self) -> Policy:
        return self.settings.policy

    def check(self, attempt: CreateAttempt) -> None:
        """No amount, mandates that can be told in words, and an end that is a day to come."""
        options_of(attempt, self.clock())

    async def create(self, attempt: CreateAttempt) -> Created:
        """Creates the intent. One whose terms are not what was asked for is refused before anybody is shown it."""
        options = options_of(attempt, self.clock())
        body = await self._api.post(_INTENTS, json_body=options.sent())
        try:
            ref = mapping.ref_of(body)
        except mapping.Nonsense as error:
            raise OutcomeUnknown(f"Crossmint answered with nonsense ({error}).", code="nonsense") from None
        try:
            return self._created(ref, body, attempt, options)
        except mapping.Nonsense as error:
            # It exists and is of no use, and so will the next one be: creating again and again helps nobody.
            text = f"What Crossmint made is not an order intent of this version ({error})."
            raise Refused(text, code="nonsense") from None

    async def fetch(self, ref: str) -> Observation:
        body = await self._api.get(_path(ref))
        try:
            return mapping.observation(body)
        except mapping.Nonsense as error:
            raise Unreachable(f"Crossmint answered with nonsense ({error}).", code="nonsense") from None

    async def cancel(self, ref: str) -> Observation:
        """Deletes the intent: before it was active that cancels it, afterwards it revokes it.

        One that is not there any more was taken back: by an earlier call whose answer was lost, or by somebody else.
        """
        try:
            before = await self.fetch(ref)
            if before.state is State.EXPIRED:
                return before
            await self._api.delete(_path(ref))
        except NotFound:
            return Observation(ref=ref, state=State.REVOKED, final=True)
        end = State.REVOKED if before.state is State.APPROVED else State.CANCELLED
        return replace(before, state=end, needs=None, final=True)

    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        """No webhook of intents is documented, so none is believed."""
        _no_webhooks()

    async def aclose(self) -> None:
        await self._api.aclose()

    def _created(self, ref: str, body: Any, attempt: CreateAttempt, options: Options) -> Created:
        terms = mapping.asked_terms(options)
        wrong = mapping.differing(terms, mapping.answered_terms(body))
        if wrong is not None:
            raise Refused(f"Crossmint holds another {wrong} than was asked for.", code="terms_mismatch")
        until = options.until
        public = {
            "id": ref,
            "agent": options.agentId,
            "mandates": [mandate.shown() for mandate in options.mandates],
            "until": None if until is None else until.isoformat(),
            "verification": mapping.verification(body),
            "verifier_url": self.settings.verifier_url,
            "verifier_integrity": self.settings.verifier_integrity,
        }
        # A permission that ends before the checkout does ends the checkout, too.
        ends = None if until is None or until >= attempt.expires_at else until
        return Created(ref=ref, public=public, expires_at=ends, terms=terms)


def _path(ref: str) -> str:
    if not mapping.is_id(ref):
        raise NotFound("This cannot be the id of an order intent.", code="not_found")
    return f"{_INTENTS}/{ref}"


def _no_webhooks() -> NoReturn:
    raise WebhookRejected("not_supported")
