"""The provider's JSON: the checkout of its document, with the further keys that full answers have."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from checkout_server.sandbox.inqud.records import COINS, SUGGESTED, Checkout, Price, in_coin


class Bodies:
    """Makes response objects. What a test tampered with replaces the provider's own fields everywhere."""

    def __init__(self, *, url: str, project_id: str, merchant: str) -> None:
        self._url = url
        self._project_id = project_id
        self._merchant = merchant
        self._tampered: dict[str, Mapping[str, Any]] = {}

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self._tampered[ref] = dict(fields)

    def checkout(self, checkout: Checkout) -> dict[str, Any]:
        order = checkout.order
        documented = {
            "id": checkout.id,
            "projectId": self._project_id,
            "projectName": self._merchant,
            "merchantDomain": "paycrypto.inqud.com",
            "clientOrderId": order.client_order_id,
            "status": checkout.status,
            "name": order.name,
            "type": order.type,
            "returnUrl": order.return_url,
            "acquiringUrl": f"{self._url}/checkout/{checkout.id}",
            "createdAt": nanoseconds(checkout.created, checkout.id),
            "expiresAt": checkout.expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return {**documented, **self._in_full(checkout), **self._tampered.get(checkout.id, {})}

    def _in_full(self, checkout: Checkout) -> dict[str, Any]:
        """Keys of full answers. Their names are known; where the document shows no shape, it is made up here."""
        price = checkout.order.price
        suggested = SUGGESTED if checkout.order.type == "SUGGESTED_FIXED_PRICE" else ()
        full: dict[str, Any] = {
            "reason": checkout.reason,
            "suggestedAmounts": [_amount(Price(amount, "USD")) for amount in suggested],
            "cryptoCurrencies": list(COINS),
            "estimatedPayAmounts": [
                _amount(Price(in_coin(price, coin), coin.code)) for coin in COINS.values() if price
            ],
            "minLimits": [],
            "maxLimits": [],
            "request": self._request(checkout),
            "lastUpdatedAt": nanoseconds(checkout.updated, checkout.id),
        }
        return {**full, "fixedAmount": _amount(price)} if price else full

    def _request(self, checkout: Checkout) -> dict[str, Any] | None:
        payment = checkout.payment
        if payment is None:
            return None
        return {
            "paidAmount": _amount(payment.paid),
            "overpaid": payment.overpaid,
            "txHash": payment.tx_hash,
            "paymentWindowEndsAt": nanoseconds(checkout.expires, checkout.id),
        }


def nanoseconds(moment: datetime, salt: str) -> str:
    """UTC with nine digits, as the provider writes it; Python knows six, the last three are the checkout's own."""
    digits = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:4]) % 1000
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + f"{digits:03}Z"


def address_of(ref: str) -> str:
    """An address that looks like one and belongs to nobody who could be sent money by mistake."""
    return "T" + "0" * 13 + hashlib.sha256(ref.encode()).hexdigest()[:20]


def _amount(price: Price) -> dict[str, Any]:
    return {"amount": price.amount, "currency": price.currency}
