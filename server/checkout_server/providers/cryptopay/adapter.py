"""The adapter: what is sent to CryptoPay, and what its answers mean for the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from checkout_server.money import FIAT, Money, MoneyError
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
    PollBudget,
    Provider,
    Refused,
    SerialTaken,
    Unreachable,
)
from checkout_server.providers.cryptopay import listing, mapping, options, webhook
from checkout_server.providers.cryptopay.errors import error_reader
from checkout_server.providers.cryptopay.listing import ORDERS
from checkout_server.providers.cryptopay.settings import CryptoPaySettings
from checkout_server.providers.cryptopay.sign_in import Key, SignIn
from checkout_server.providers.http import ApiClient


class CryptoPay(Provider[CryptoPaySettings]):
    """CryptoPay payment orders. Our session id travels in `order_info`, the attempt's serial as `nonce`.

    There is neither cancel nor refund: the money goes to the merchant's own wallet.
    """

    name = "cryptopay"
    title = "CryptoPay"
    capabilities = frozenset({Capability.LIST, Capability.FIND, Capability.HOSTED})
    settings_model = CryptoPaySettings

    def __init__(
        self,
        settings: CryptoPaySettings,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(settings, clock=clock, transport=transport)
        key, password = (
            secret.get_secret_value() if secret else "" for secret in (settings.api_key, settings.password)
        )
        self._read_error = error_reader((key, password))
        self._door = self._client(None)
        auth = Key(key) if key else SignIn(self._door, settings.username or "", password)
        self._api = self._client(auth)

    def _client(self, auth: httpx.Auth | None) -> ApiClient:
        return ApiClient(
            title=self.title,
            base_url=self.settings.base_url,
            auth=auth,
            transport=self.transport,
            read_error=self._read_error,
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

    def check(self, attempt: CreateAttempt) -> None:
        """A positive amount of a token, on a network of the settings, that can be sent there to the last digit."""
        amount = _payable(attempt)
        network = self.settings.networks[self._blockchain(attempt)]
        if amount.currency in network.tokens and network.units(amount) is None:
            digits = network.tokens[amount.currency].decimals
            raise MoneyError("amount_sub_unit", f"{amount.currency} has {digits} digits there.")
        options.order_info(attempt)

    async def create(self, attempt: CreateAttempt) -> Created:
        self.check(attempt)
        blockchain = self._blockchain(attempt)
        amount = _payable(attempt)
        body: dict[str, Any] = {
            "amount": amount.text,
            "currency": amount.currency,
            "blockchain": blockchain,
            "order_info": options.order_info(attempt),
            "nonce": attempt.serial,
            "redirect_url": attempt.return_url,
            "expires_at": attempt.expires_at.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z",
        }
        if self.settings.webhook_url is not None:
            body["webhook_url"] = self.settings.webhook_url
        try:
            order = self._data(await self._api.post(ORDERS, json_body=body))
            return mapping.created(order, attempt, blockchain, self.settings)
        except mapping.Nonsense as error:
            raise OutcomeUnknown(_nonsense(error), code="nonsense") from None
        except mapping.OtherOrder as error:
            raise Refused(
                f"CryptoPay created another order than was asked for ({error} differs).",
                code="answer_mismatch",
            ) from None
        except Refused as error:
            if error.code == "DUPLICATE_NONCE":
                raise SerialTaken(str(error), code=error.code, param=error.param) from error
            raise

    async def fetch(self, ref: str) -> Observation:
        try:
            return mapping.observation(await self._order(ref), self.settings)
        except mapping.Nonsense as error:
            raise Unreachable(_nonsense(error), code="nonsense") from None

    async def find(self, attempt: CreateAttempt) -> Created | None:
        """By nonce and session, in the list of orders.

        A request that timed out may still be under way: ask only some time after it was given up.
        """
        try:
            blockchain = self._blockchain(attempt)
        except InvalidOption as error:  # the settings have changed since
            raise Unreachable(f"Nobody can look for this order now: {error}", code="not_configured") from None
        order = await listing.find(self._api, self._order, attempt, blockchain, self.settings)
        if order is None:
            return None
        try:
            return mapping.created(order, attempt, blockchain, self.settings)
        except (mapping.Nonsense, mapping.OtherOrder) as error:
            raise Unreachable(_nonsense(error), code="nonsense") from None

    def list(self) -> AsyncIterator[Observation]:
        return listing.observations(self._api, self.settings)

    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        return webhook.verify(headers, raw, secrets=self.settings.webhook_secrets)

    async def aclose(self) -> None:
        await self._api.aclose()
        await self._door.aclose()

    async def _order(self, ref: str) -> Any:
        if not mapping.is_id(ref):
            raise NotFound("This cannot be the id of a CryptoPay order.", code="not_found")
        body = await self._api.get(f"{ORDERS}{ref}/")
        try:
            return self._data(body)
        except mapping.Nonsense as error:
            raise Unreachable(_nonsense(error), code="nonsense") from None

    def _data(self, body: Any) -> Any:
        """What is in the envelope. A refusal in it is one, whatever the status of the answer was."""
        if not isinstance(body, dict) or "success" not in body:
            raise mapping.Nonsense("no envelope")
        if body["success"] is not True:
            code, param, message = self._read_error(body)
            raise Refused(message, code=code, param=param)
        return body.get("data")

    def _blockchain(self, attempt: CreateAttempt) -> str:
        """The network's slug. Raises `InvalidOption` for one that the settings do not have."""
        known = ", ".join(sorted(self.settings.networks))
        chosen = options.read(attempt).blockchain or self.settings.blockchain
        if chosen is None:
            raise InvalidOption("options.blockchain", f"Say which network to pay on: {known}.")
        if chosen not in self.settings.networks:
            raise InvalidOption("options.blockchain", f"This network is not configured. There are: {known}.")
        return chosen


def _payable(attempt: CreateAttempt) -> Money:
    amount = attempt.amount
    if amount is None:
        raise InvalidOption("amount", "CryptoPay needs an amount.")
    if amount.units == 0:
        raise MoneyError("amount_not_positive", "An amount is more than zero.")
    if amount.currency in FIAT:
        raise InvalidOption("currency", f"CryptoPay takes tokens such as USDC, and not {amount.currency}.")
    return amount


def _nonsense(error: Exception) -> str:
    return f"CryptoPay answered with nonsense ({error})."
