"""The adapter: what is sent to Bean Counter, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from checkout_beans import mapping, webhook
from checkout_beans.settings import BeansSettings
from checkout_server.money import Money
from checkout_server.providers.base import (
    Capability,
    Clock,
    CreateAttempt,
    Created,
    InvalidOption,
    Mode,
    NotFound,
    Nudge,
    Observation,
    OutcomeUnknown,
    Policy,
    Provider,
    ProviderError,
    Unreachable,
)
from checkout_server.providers.http import ApiClient

# What Bean Counter takes, and how much of it: its manual has this list.
CURRENCIES = ("EUR", "GBP", "JPY", "USD")
MOST = 99_999_999  # in minor units


class BeanCounter(Provider[BeansSettings]):
    """Bean Counter. Our session's id travels as `reference`, by which a lost invoice is found again."""

    name = "beans"
    title = "Bean Counter"
    capabilities = frozenset({Capability.CANCEL, Capability.FIND, Capability.HOSTED})
    settings_model = BeansSettings

    def __init__(
        self,
        settings: BeansSettings,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, clock=clock, transport=transport)
        self._key = settings.secret_key.get_secret_value()
        self._api = ApiClient(
            title=self.title,
            base_url=settings.base_url,
            headers={"Authorization": f"Bearer {self._key}"},
            transport=transport,
            read_error=self._read_error,
        )

    @property
    def mode(self) -> Mode:
        return self.settings.mode

    @property
    def account(self) -> str:
        return self.settings.account_id

    @property
    def policy(self) -> Policy:
        return self.settings.policy

    def check(self, attempt: CreateAttempt) -> None:
        _price(attempt)

    async def create(self, attempt: CreateAttempt) -> Created:
        price = _price(attempt)
        fields = {
            "amount": price.units,
            "currency": price.currency,
            "reference": attempt.session_id,
            "memo": attempt.description or attempt.order_id,
            "return_url": attempt.return_url,
            "expires_at": int(attempt.expires_at.timestamp()),
        }
        body = await self._api.post("/v1/invoices", json_body=fields)
        with _nonsense_is(OutcomeUnknown):
            return mapping.created(body, self.settings)

    async def fetch(self, ref: str) -> Observation:
        body = await self._api.get(_path(ref))
        with _nonsense_is(Unreachable):
            return mapping.observation(body)

    async def find(self, attempt: CreateAttempt) -> Created | None:
        body = await self._api.get("/v1/invoices", params={"reference": attempt.session_id})
        with _nonsense_is(Unreachable):
            invoice = mapping.found(body)
            return None if invoice is None else mapping.created(invoice, self.settings)

    async def cancel(self, ref: str) -> Observation:
        body = await self._api.post(f"{_path(ref)}/void", json_body={})
        with _nonsense_is(OutcomeUnknown):
            return mapping.observation(body)

    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        return webhook.verify(headers, raw, secrets=self.settings.webhook_secrets, now=now)

    async def aclose(self) -> None:
        await self._api.aclose()

    def _read_error(self, body: Any) -> tuple[str, str | None, str]:
        """`{"error": {"code", "field"?}}`. A provider may repeat what it was sent: the key is never passed on."""
        error = body.get("error") if isinstance(body, dict) else None
        error = error if isinstance(error, dict) else {}
        code = (mapping.word(error.get("code")) or "refused").replace(self._key, "key")
        return code, mapping.word(error.get("field")), f"Bean Counter refused the request ({code})."


def _price(attempt: CreateAttempt) -> Money:
    """What the invoice is about. Raises `InvalidOption` for what can be refused before anything is sent."""
    for name in attempt.options:
        raise InvalidOption(f"options.{name}", "Bean Counter has no such option.")
    price = attempt.amount
    if price is None:
        raise InvalidOption("amount", "Bean Counter needs an amount.")
    if price.currency not in CURRENCIES:
        raise InvalidOption("currency", f"Bean Counter takes {', '.join(CURRENCIES)}.")
    if not 0 < price.units <= MOST:
        raise InvalidOption("amount", f"Bean Counter takes from 1 to {MOST} of the smallest unit.")
    return price


def _path(ref: str) -> str:
    if mapping.word(ref) is None:
        raise NotFound("This cannot be the id of an invoice.", code="not_found")
    return f"/v1/invoices/{ref}"


@contextmanager
def _nonsense_is(failure: type[ProviderError]) -> Iterator[None]:
    """An answer that makes no sense is a failed read, or a write of unknown outcome."""
    try:
        yield
    except mapping.Nonsense as error:
        raise failure(f"Bean Counter answered with nonsense ({error}).", code="nonsense") from None
