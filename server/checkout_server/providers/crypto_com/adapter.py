"""The adapter: what is sent to Crypto.com Pay, and what its answers mean for the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from checkout_server.money import Money, MoneyError
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
    PollBudget,
    Provider,
    ProviderError,
    RefundAttempt,
    RefundObservation,
    Unreachable,
)
from checkout_server.providers.crypto_com import listing, mapping, webhook
from checkout_server.providers.crypto_com.errors import error_reader
from checkout_server.providers.crypto_com.settings import CryptoComSettings
from checkout_server.providers.http import ApiClient

REFUND_REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})

_Name = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Options(BaseModel):
    """What a session may say for this provider only.

    `create`: who creates the payment, the server (by default) or the button in the browser. The others go to the
    provider as they are; its document does not explain them (`providers/crypto-com-pay.md`).
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    create: Literal["server", "browser"] = "server"
    onchain_allowed: bool | None = None
    sub_merchant_id: _Name | None = None
    customer_id: _Name | None = None

    @property
    def extras(self) -> dict[str, str | bool]:
        return self.model_dump(exclude={"create"}, exclude_none=True)


class CryptoCom(Provider[CryptoComSettings]):
    """Crypto.com Pay. Our session id travels as `order_id`, the merchant's as `metadata[order_id]`.

    Creates and refunds are not idempotent there: one whose outcome is unknown is looked for, never sent again.
    """

    name = "crypto_com"
    title = "Crypto.com Pay"
    capabilities = frozenset(
        {
            Capability.CANCEL,
            Capability.REFUND,
            Capability.PARTIAL_REFUND,
            Capability.LIST,
            Capability.FIND,
            Capability.HOSTED,
            Capability.BROWSER_CREATE,
        }
    )
    settings_model = CryptoComSettings

    def __init__(
        self,
        settings: CryptoComSettings,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, clock=clock, transport=transport)
        key = settings.secret_key.get_secret_value()
        self._api = ApiClient(
            title=self.title,
            base_url=settings.base_url,
            auth=(key, ""),  # the colon after the key is required, a password is not
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
        """An amount in a currency whose smallest unit is agreed on, and only the options that exist."""
        _payable(attempt)
        if _options(attempt).create == "browser" and not self.settings.publishable_key:
            raise InvalidOption("options.create", "Creating in the browser needs a publishable key.")

    async def create(self, attempt: CreateAttempt) -> Created:
        """Creates the payment, or, for `options.create == "browser"`, says what the button shall create."""
        self.check(attempt)
        if _options(attempt).create == "browser":
            public = {"create": _browser_payment(attempt), **mapping.component(self.settings)}
            return Created(ref=None, public=public)
        body = await self._api.post("payments", form=_form(attempt))
        with _nonsense_is(OutcomeUnknown):
            return mapping.created(body, self.settings)

    async def fetch(self, ref: str) -> Observation:
        body = await self._api.get(_path("payments", ref))
        with _nonsense_is(Unreachable):
            return mapping.observation(body)

    async def find(self, attempt: CreateAttempt) -> Created | None:
        """By our session id, in the list of payments; see `listing.find` for which one of several.

        A request that timed out may still be under way: ask only some time after it was given up.
        """
        row = await listing.find(self._api, attempt)
        if row is None:
            return None
        with _nonsense_is(Unreachable):
            return mapping.created(row, self.settings)

    def list(self) -> AsyncIterator[Observation]:
        return listing.observations(self._api)

    async def cancel(self, ref: str) -> Observation:
        body = await self._api.post(_path("payments", ref, "cancel"))
        with _nonsense_is(OutcomeUnknown):
            return mapping.observation(body)

    async def refund(self, attempt: RefundAttempt) -> RefundObservation:
        if not mapping.is_id(attempt.payment_ref):
            raise _no_such_object()
        form = {
            "payment_id": attempt.payment_ref,
            "amount": str(attempt.amount.units),
            "description": mapping.refund_mark(attempt.id),
        }
        if attempt.reason in REFUND_REASONS:
            form["reason"] = attempt.reason
        body = await self._api.post("refunds", form=form)
        with _nonsense_is(OutcomeUnknown):
            return mapping.refund(body, payment_ref=attempt.payment_ref)

    async def fetch_refund(self, ref: str) -> RefundObservation:
        body = await self._api.get(_path("refunds", ref))
        with _nonsense_is(Unreachable):
            return mapping.refund(body)

    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        return webhook.verify(headers, raw, secrets=self.settings.webhook_secrets, now=now)

    async def aclose(self) -> None:
        await self._api.aclose()


def _options(attempt: CreateAttempt) -> Options:
    try:
        return Options.model_validate(dict(attempt.options))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = first["loc"][0] if first["loc"] else ""
        raise InvalidOption(f"options.{name}".rstrip("."), first["msg"]) from None


def _payable(attempt: CreateAttempt) -> Money:
    amount = attempt.amount
    if amount is None:
        raise InvalidOption("amount", "Crypto.com Pay needs an amount.")
    if amount.units == 0:
        raise MoneyError("amount_not_positive", "An amount is more than zero.")
    if not mapping.is_countable(amount.currency):
        raise MoneyError(
            "currency_unknown",
            f"How Crypto.com Pay counts {amount.currency} is not known, so no amount in it can be sent.",
        )
    return amount


def _form(attempt: CreateAttempt) -> dict[str, str]:
    amount = _payable(attempt)
    form = {
        "amount": str(amount.units),
        "currency": amount.currency,
        "order_id": attempt.session_id,
        "metadata[order_id]": attempt.order_id,
        "return_url": attempt.return_url,
        "cancel_url": attempt.cancel_url,
        "expired_at": str(int(attempt.expires_at.timestamp())),
    }
    if attempt.description:
        form["description"] = attempt.description
    for name, value in _options(attempt).extras.items():
        form[name] = value if isinstance(value, str) else str(value).lower()
    return form


def _browser_payment(attempt: CreateAttempt) -> dict[str, Any]:
    """The argument of the SDK's `actions.payment.create`; units as text, for JavaScript has no exact 10**20."""
    amount = _payable(attempt)
    return {
        "amount": str(amount.units),
        "currency": amount.currency,
        "description": attempt.description or "",
        "order_id": attempt.session_id,
        "metadata": {"order_id": attempt.order_id},
        **_options(attempt).extras,
    }


def _path(collection: str, ref: str, *action: str) -> str:
    if not mapping.is_id(ref):
        raise _no_such_object()
    return "/".join((collection, ref, *action))


def _no_such_object() -> NotFound:
    return NotFound("This cannot be the id of a Crypto.com Pay object.", code="resource_missing")


@contextmanager
def _nonsense_is(failure: type[ProviderError]) -> Iterator[None]:
    """An answer that makes no sense is a failed read, or a write of unknown outcome."""
    try:
        yield
    except mapping.Nonsense as error:
        raise failure(f"Crypto.com Pay answered with nonsense ({error}).", code="nonsense") from None
