"""The provider's JSON: the objects of its document, and those that `providers/cryptopay.md` adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from checkout_server.sandbox.cryptopay.chain import Chain
from checkout_server.sandbox.cryptopay.errors import iso
from checkout_server.sandbox.cryptopay.records import Order, sender_of

_ROW = ("id", "order_id", "amount", "currency", "status", "created_at")


class Bodies:
    """Makes response objects. What a test tampered with replaces the provider's own fields everywhere."""

    def __init__(self, *, url: str, chain: Chain, now: Callable[[], datetime], list_rows: str) -> None:
        self._url = url
        self._chain = chain
        self._now = now
        self._list_rows = list_rows
        self._tampered: dict[str, Mapping[str, Any]] = {}

    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        self._tampered[ref] = dict(fields)

    def order(self, order: Order) -> dict[str, Any]:
        wanted = order.wanted
        body = {
            "id": order.number,
            "order_id": order.id,
            "amount": wanted.amount,
            "currency": wanted.currency,
            "blockchain": wanted.blockchain,
            "status": order.status,
            "receiving_address": order.address,
            "payment_url": f"{self._url}/order/{order.id}",
            "qr_code_url": f"/qr/{order.id}",
            "order_info": wanted.order_info,
            "nonce": wanted.nonce,
            "created_at": iso(order.created_at),
            "expires_at": iso(wanted.expires_at) if wanted.expires_at else None,
            "transaction": self._transaction(order),
        }
        if order.confirmed_at is not None:
            body["confirmed_at"] = iso(order.confirmed_at)
        return {**body, **self._tampered.get(order.id, {})}

    def row(self, order: Order) -> dict[str, Any]:
        """An order as the list shows it."""
        body = self.order(order)
        return body if self._list_rows == "full" else {key: body[key] for key in _ROW if key in body}

    def envelope(self, data: Any) -> dict[str, Any]:
        return {"success": True, "data": data, "timestamp": iso(self._now())}

    def event_data(self, order: Order) -> dict[str, Any]:
        """`data` of a webhook, as it is now."""
        transfer, wanted = order.transfer, order.wanted
        return {
            "order_id": order.id,
            "transaction_hash": transfer.hash if transfer else None,
            "amount": wanted.amount,
            "currency": wanted.currency,
            "blockchain": wanted.blockchain,
            "status": order.status,
            "confirmations": self._chain.confirmations(order),
            "block_number": transfer.block if transfer else None,
            "from_address": sender_of(order) if transfer else None,
            "to_address": order.address,
            "order_info": wanted.order_info,
            "created_at": iso(order.created_at),
            "confirmed_at": iso(order.confirmed_at) if order.confirmed_at else None,
        }

    def _transaction(self, order: Order) -> dict[str, Any] | None:
        transfer = order.transfer
        if transfer is None:
            return None
        state = "failed" if transfer.failed else "confirmed" if order.status == "confirmed" else "pending"
        return {
            "transaction_hash": transfer.hash,
            "block_number": transfer.block,
            "confirmations": self._chain.confirmations(order),
            "status": state,
        }
