"""The adapter: what is sent to Crossmint, and what its answers mean for the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from checkout_server.providers.base import (
    Capability,
    Clock,
    CreateAttempt,
    Created,
    Look,
    Mode,
    NotFound,
    Nudge,
    Observation,
    OutcomeUnknown,
    Policy,
    PollBudget,
    Provider,
    ProviderError,
    Refused,
    Unreachable,
)
from checkout_server.providers.crossmint import mapping, options, webhook
from checkout_server.providers.crossmint.address import embedded_url, hosted_url, with_appearance
from checkout_server.providers.crossmint.appearance import appearance
from checkout_server.providers.crossmint.errors import error_reader
from checkout_server.providers.crossmint.ids import is_id
from checkout_server.providers.crossmint.settings import CrossmintSettings
from checkout_server.providers.http import ApiClient

API_PATH = "/api/2022-06-09"


class Crossmint(Provider[CrossmintSettings]):
    """Crossmint orders. There is no field for our reference and no list: the order's id is kept with the session.

    Creates are not idempotent and an order whose answer was lost cannot be found again; it was shown to nobody.
    Refunds are made in the provider's console, and seen here when they are.
    """

    name = "crossmint"
    title = "Crossmint"
    capabilities = frozenset({Capability.HOSTED, Capability.OPEN_PRICE})
    settings_model = CrossmintSettings

    def __init__(
        self,
        settings: CrossmintSettings,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, clock=clock, transport=transport)
        key = settings.secret_key.get_secret_value()
        self._api = ApiClient(
            title=self.title,
            base_url=settings.host + API_PATH,
            headers={"X-API-KEY": key},
            transport=transport,
            read_error=error_reader(key),
        )

    @property
    def mode(self) -> Mode:
        return self.settings.mode

    @property
    def account(self) -> str:
        """The client key: public, stable, and of one project, which is what the provider counts reads by."""
        return self.settings.client_key

    @property
    def poll(self) -> PollBudget:
        return PollBudget(self.settings.reads_per_minute)

    @property
    def policy(self) -> Policy:
        return self.settings.policy

    def check(self, attempt: CreateAttempt) -> None:
        options.order(attempt, self.settings)

    async def create(self, attempt: CreateAttempt) -> Created:
        """Creates the order. One that cannot be had, or not for the session's amount, is refused: nobody is shown it."""
        body = await self._api.post("orders", json_body=options.order(attempt, self.settings))
        with _nonsense_is(OutcomeUnknown):
            order, secret = mapping.bare(body), _client_secret(body)
            _must_be_offered(await self._with_email(order, attempt), attempt)
        return self._created(str(order["orderId"]), secret, attempt)

    async def fetch(self, ref: str) -> Observation:
        body = await self._api.get(_path(ref))
        with _nonsense_is(Unreachable):
            return mapping.observation(body)

    async def update(self, ref: str, payment: Mapping[str, Any]) -> Observation:
        """Changes an order's `payment`, all of which is sent; line items cannot be changed. Safe to send again."""
        body = await self._api.patch(_path(ref), json_body={"payment": dict(payment)})
        with _nonsense_is(OutcomeUnknown):
            return mapping.observation(body)

    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        return webhook.verify(headers, raw, keys=self.settings.webhook_keys, now=now)

    def page_values(self, public: Mapping[str, Any], look: Look) -> Mapping[str, Any]:
        """The frame's address in the merchant's colours, for light and for dark pages."""
        url = public.get("frame_url")
        if not isinstance(url, str):
            return public
        return {
            **public,
            "frame_url": with_appearance(url, appearance(look, dark=False)),
            "frame_url_dark": with_appearance(url, appearance(look, dark=True)),
        }

    async def aclose(self) -> None:
        await self._api.aclose()

    async def _with_email(self, order: Mapping[str, Any], attempt: CreateAttempt) -> Mapping[str, Any]:
        """An order that waits for an e-mail address which the session has is given it, once."""
        if not attempt.email or not mapping.waits_for_email(order):
            return order
        payment = options.payment(attempt, self.settings)
        try:
            body = await self._api.patch(_path(str(order["orderId"])), json_body={"payment": payment})
            return mapping.bare(body)
        except (ProviderError, mapping.Nonsense):
            return order  # it stands as it was created, and its frame asks the shopper

    def _created(self, ref: str, secret: str, attempt: CreateAttempt) -> Created:
        own = self.settings
        sdk = {"name": own.sdk_name, "version": own.sdk_version}
        props = {"orderId": ref, "clientSecret": secret, "payment": own.frame_payment}
        return Created(
            ref=ref,
            # The order's secret is in the two addresses that need it and nowhere else.
            public={"order_id": ref, "frame_url": embedded_url(own.host, props, own.client_key, sdk)},
            hosted_url=hosted_url(own.host, ref, secret, own.client_key, sdk),
            terms={} if attempt.amount is None else {"totalPrice": str(attempt.amount)},
        )


def _must_be_offered(order: Mapping[str, Any], attempt: CreateAttempt) -> None:
    reason = mapping.unavailable(order)
    if reason is not None:
        raise Refused(f"Crossmint cannot deliver this order: {reason}.", code="unavailable")
    price, currency, unread = mapping.total(order)
    if attempt.amount is None or currency is None or price == attempt.amount:
        return
    raise Refused(
        f"Crossmint asks {price or unread} for this order and the session {attempt.amount}.",
        code="price_mismatch",
        param="amount",
    )


def _client_secret(body: Any) -> str:
    secret = body.get("clientSecret")
    if not isinstance(secret, str) or not secret or len(secret) > 8192 or not secret.isprintable():
        raise mapping.Nonsense("clientSecret")
    return secret


def _path(ref: str) -> str:
    if not is_id(ref):
        raise NotFound("This cannot be the id of a Crossmint order.", code="not_found")
    return f"orders/{ref}"


@contextmanager
def _nonsense_is(failure: type[ProviderError]) -> Iterator[None]:
    """An answer that makes no sense is a failed read, or a write of unknown outcome."""
    try:
        yield
    except mapping.Nonsense as error:
        raise failure(f"Crossmint answered with nonsense ({error}).", code="nonsense") from None
