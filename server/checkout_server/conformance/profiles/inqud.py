"""Inqud: amounts are JSON numbers in major units, one digest a header, and no test mode in any answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from checkout_server.conformance.profile import Profile
from checkout_server.demo.accounts.inqud import settings
from checkout_server.money import Money
from checkout_server.sandbox.inqud import SANDBOX


def _priced(money: Money) -> dict[str, Any]:
    return {"fixedAmount": {"amount": Decimal(money.text), "currency": money.currency}}


PROFILE = Profile(
    sandbox=SANDBOX,
    account=settings,
    order={"amount": "25.00", "currency": "USD", "description": "A mug"},
    creates=r"POST .*/checkouts$",
    reads=r"GET .*/checkouts/[^/]+$",
    priced=_priced,
    another={
        "currency": _priced(Money(2500, "EUR")),
        "id": {"id": "CCO-another"},
        "reference": {"clientOrderId": "cs_another"},
        "terms": {"projectId": "CAP-another"},
    },
    unknown_status={"status": "SETTLING"},
    unpaid={"status": "NEW", "request": None},
)
