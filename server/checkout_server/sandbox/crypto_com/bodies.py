"""The provider's JSON: the objects of its document, with the further keys that real answers carry."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from checkout_server.sandbox.crypto_com.records import (
    TIME_WINDOW,
    Fund,
    Payment,
    Refund,
    in_cro,
)


class Bodies:
    """Makes response objects. What a test tampered with replaces the provider's own fields everywhere."""

    def __init__(self, *, url: str, merchant: str, now: Callable[[], int]) -> None:
        self._url = url
        self._merchant = merchant
        self._now = now
        self._tampered: dict[str, Mapping[str, Any]] = {}

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self._tampered[ref] = dict(fields)

    def payment(self, payment: Payment) -> dict[str, Any]:
        order = payment.order
        documented = {
            "id": payment.id,
            "amount": order.amount,
            "amount_refunded": payment.amount_refunded,
            "created": payment.created,
            "crypto_currency": "CRO",
            "crypto_amount": in_cro(order.amount, order.currency),
            "currency": order.currency,
            "customer_id": order.customer_id,
            "data_url": f"{self._url}/sdk/payments/{payment.id}",
            "payment_url": f"{self._url}/pay/{payment.id}",
            "return_url": order.return_url,
            "cancel_url": order.cancel_url,
            "description": order.description,
            "live_mode": payment.live,
            "metadata": order.metadata,
            "order_id": order.order_id,
            "recipient": self._merchant,
            "refunded": payment.amount_refunded >= order.amount,
            "status": payment.status,
        }
        return {**documented, **self._in_the_wild(payment), **self._tampered.get(payment.id, {})}

    def refund_created(self, refund: Refund) -> dict[str, Any]:
        """The shape that requesting a refund answers."""
        body = {
            "id": refund.id,
            "status": refund.status,
            "payment_id": refund.payment.id,
            "currency": refund.payment.order.currency,
            "amount": refund.amount,
            "reason": refund.reason,
            "description": refund.description,
            "created": refund.created,
        }
        return {**body, **self._tampered.get(refund.id, {})}

    def refund(self, refund: Refund) -> dict[str, Any]:
        """The shape that retrieving a refund answers, which has more keys."""
        more = {"debit_currency": "TUSD", "debit_amount": 0, "live_mode": refund.payment.live}
        return {**more, **self.refund_created(refund)}

    def _in_the_wild(self, payment: Payment) -> dict[str, Any]:
        """Keys that no document names and real objects have."""
        left = max(0, payment.expires - self._now()) if payment.status == "pending" else 0
        code = json.dumps({"type": "payment", "id": payment.id}, separators=(",", ":"))
        return {
            "original_amount": payment.order.amount,
            "time_window": TIME_WINDOW,
            "remaining_time": f"{left // 60}:{left % 60:02}",
            "expired": payment.expired(self._now()),
            "expired_at": payment.order.expired_at,
            "captured": payment.status == "succeeded",
            "settled_at": payment.settled_at,
            "onchain_enabled": payment.order.onchain_allowed,
            "deposit_address": deposit_address(payment.id),
            "current_inbound_fund": self._fund(payment, payment.fund),
            "qr_code": base64.b64encode(code.encode()).decode(),
            "sub_merchant_id": payment.order.sub_merchant_id,
        }

    def _fund(self, payment: Payment, fund: Fund | None) -> dict[str, Any] | None:
        """Money seen: `amount` is text in the coin that arrived, not in the payment's currency."""
        if fund is None:
            return None
        seen = datetime.fromtimestamp(fund.seen_at, UTC).isoformat().replace("+00:00", ".000Z")
        status = "captured" if fund.confirmed else "pending"
        return {
            "id": fund.id,
            "txn_id": "0x" + hashlib.sha256(fund.id.encode()).hexdigest(),
            "deposit_address": deposit_address(payment.id),
            "currency": "CRO",
            "amount": in_cro(fund.units, payment.order.currency),
            "status": "rebound" if fund.mismatch else status,
            "confirmed": fund.confirmed,
            "mismatched_reason": fund.mismatch,
            "created_at": seen,
            "txn_created_at": seen,
            "meta": {},
            "rebound_ids": [],
        }


def deposit_address(ref: str) -> str:
    """An address that looks like one and belongs to nobody who could be sent money by mistake."""
    return "0x" + "0" * 20 + hashlib.sha256(ref.encode()).hexdigest()[:20]
