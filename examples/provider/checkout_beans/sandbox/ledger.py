"""Bean Counter's own rules: what an invoice is, and what may become of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

CURRENCIES = ("EUR", "GBP", "JPY", "USD")
MOST = 99_999_999


class ApiError(Exception):
    """An answer of the API: `{"error": {"code", "field"?}}`."""

    def __init__(self, status: int, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"code": code, **({"field": field} if field else {})}}


@dataclass(slots=True)
class Invoice:
    """`said` is what is answered in place of its own fields: a test's doing."""

    id: str
    amount: int
    currency: str
    reference: str
    memo: str
    return_url: str
    pay_url: str
    expires_at: int
    status: str = "open"
    paid_at: int | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def price(self) -> str:
        """For people."""
        if self.currency == "JPY":
            return f"{self.amount} JPY"
        digits = str(self.amount).rjust(3, "0")
        return f"{digits[:-2]}.{digits[-2:]} {self.currency}"


class Ledger:
    """All invoices of the account, in memory. `now` is in seconds since 1970. Raises `ApiError`."""

    def __init__(self, url: str, now: Callable[[], int]) -> None:
        self._url = url
        self._now = now
        self._invoices: dict[str, Invoice] = {}

    def create(self, raw: bytes) -> Invoice:
        asked = _asked(raw)
        invoice_id = f"inv_{secrets.token_hex(12)}"
        invoice = Invoice(
            id=invoice_id,
            amount=_number(asked, "amount", MOST),
            currency=_one_of(asked, "currency", CURRENCIES),
            reference=_text(asked, "reference", 64),
            memo=_text(asked, "memo", 500),
            return_url=_text(asked, "return_url", 2000),
            pay_url=f"{self._url}/pay/{invoice_id}",
            expires_at=_number(asked, "expires_at", 2**40),
        )
        self._invoices[invoice_id] = invoice
        return invoice

    def invoice(self, invoice_id: str) -> Invoice:
        invoice = self._invoices.get(invoice_id)
        if invoice is None:
            raise ApiError(404, "not_found")
        if invoice.status == "open" and self._now() >= invoice.expires_at:
            invoice.status = "expired"
        return invoice

    def invoices(self) -> list[Invoice]:
        """Newest first."""
        return [self.invoice(each) for each in reversed(self._invoices)]

    def become(self, invoice: Invoice, status: str) -> None:
        """An invoice is open, then perhaps counting, then one of `paid`, `void`, `expired` for ever."""
        before = {"paid": ("open", "counting")}.get(status, ("open",))
        if invoice.status not in before:
            raise ApiError(409, f"invoice_{invoice.status}")
        invoice.status = status
        invoice.paid_at = self._now() if status == "paid" else None

    def body(self, invoice: Invoice) -> dict[str, Any]:
        """The invoice as the API answers it."""
        return {
            "id": invoice.id,
            "amount": invoice.amount,
            "currency": invoice.currency,
            "reference": invoice.reference,
            "memo": invoice.memo,
            "status": invoice.status,
            "live": False,
            "pay_url": invoice.pay_url,
            "expires_at": invoice.expires_at,
            "paid_at": invoice.paid_at,
            **invoice.said,
        }


def _asked(raw: bytes) -> Mapping[str, Any]:
    try:
        asked = json.loads(raw)
    except (ValueError, RecursionError):
        raise ApiError(400, "not_json") from None
    if not isinstance(asked, dict):
        raise ApiError(400, "not_json")
    return asked


def _number(asked: Mapping[str, Any], name: str, most: int) -> int:
    value = asked.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise ApiError(422, "invalid", name)
    return value


def _text(asked: Mapping[str, Any], name: str, most: int) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise ApiError(422, "invalid", name)
    return value


def _one_of(asked: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
    value = _text(asked, name, 16)
    if value not in known:
        raise ApiError(422, "invalid", name)
    return value
