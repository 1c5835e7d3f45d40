"""The adapter: what is sent to Inqud, and what its answers mean for the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

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
    ProviderError,
    Unreachable,
)
from checkout_server.providers.http import ApiClient
from checkout_server.providers.inqud import mapping, numbers, webhook
from checkout_server.providers.inqud.errors import error_reader
from checkout_server.providers.inqud.options import type_of
from checkout_server.providers.inqud.settings import InqudSettings
from checkout_server.providers.inqud.signing import auth_of


class Inqud(Provider[InqudSettings]):
    """Inqud. Our session id travels as `clientOrderId`.

    A checkout can be created and read, and nothing else: no way to find, list, cancel or refund one is documented.
    After a create whose answer was lost a new one is made: nobody was shown the first.
    """

    name = "inqud"
    title = "Inqud"
    capabilities = frozenset({Capability.HOSTED, Capability.OPEN_PRICE})
    settings_model = InqudSettings

    def __init__(
        self,
        settings: InqudSettings,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, clock=clock, transport=transport)
        self._api = ApiClient(
            title=self.title,
            base_url=settings.base_url,
            auth=auth_of(settings),
            transport=transport,
            read_error=error_reader(settings.token_secret.get_secret_value()),
        )

    @property
    def mode(self) -> Mode:
        return self.settings.mode

    @property
    def account(self) -> str:
        """The widget's id, which is in the shopper's browser anyway."""
        return self.settings.project_id

    @property
    def poll(self) -> PollBudget:
        return PollBudget(self.settings.reads_per_minute)

    @property
    def policy(self) -> Policy:
        return self.settings.policy

    def check(self, attempt: CreateAttempt) -> None:
        """An amount where the type has one, none where it has none, and no option that does not exist."""
        type_of(attempt)

    async def create(self, attempt: CreateAttempt) -> Created:
        kind = type_of(attempt)
        fields = {
            "clientOrderId": attempt.session_id,
            "expiresAt": attempt.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "name": attempt.description or attempt.order_id,
            "returnUrl": attempt.return_url,
            "type": kind,
        }
        body = await self._api.post(
            self.settings.create_path, raw_json=numbers.body_of(fields, attempt.amount)
        )
        # What we asked for, not what the answer says: if it says otherwise, so will the next read, and be noticed.
        terms = {"project": self.settings.project_id, "type": kind}
        with _nonsense_is(OutcomeUnknown):
            return mapping.created(body, self.settings, terms)

    async def fetch(self, ref: str) -> Observation:
        if not mapping.is_id(ref):
            raise NotFound("This cannot be the id of an Inqud checkout.", code="not_found")
        body = await self._api.get(self.settings.path_of(ref))
        with _nonsense_is(Unreachable):
            return mapping.observation(body)

    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        """`now` is not needed: the scheme signs no time."""
        return webhook.verify(headers, raw, secrets=self.settings.webhook_secrets)

    async def aclose(self) -> None:
        await self._api.aclose()


@contextmanager
def _nonsense_is(failure: type[ProviderError]) -> Iterator[None]:
    """An answer that makes no sense is a failed read, or a write of unknown outcome."""
    try:
        yield
    except mapping.Nonsense as error:
        raise failure(f"Inqud answered with nonsense ({error}).", code="nonsense") from None
