"""Crypto.com Pay: a flat object with units as integers, several signatures in one header."""

from __future__ import annotations

from checkout_server.conformance.profile import Headers, Profile
from checkout_server.demo.accounts.crypto_com import settings
from checkout_server.money import Money
from checkout_server.sandbox.crypto_com import SANDBOX


def _priced(money: Money) -> dict[str, int]:
    return {"amount": money.units}


def _both(first: Headers, second: Headers) -> Headers:
    """`t=…,v1=…,v1=…`: both were made at the same moment."""
    signature = second["Pay-Signature"].partition(",")[2]
    return {"Pay-Signature": f"{first['Pay-Signature']},{signature}"}


PROFILE = Profile(
    sandbox=SANDBOX,
    account=settings,
    order={"amount": "25.00", "currency": "USD", "description": "A mug"},
    creates=r"POST .*/payments$",
    reads=r"GET .*/payments/[^/]+$",
    cancels=r"POST .*/cancel$",
    refunds=r"POST .*/refunds$",
    priced=_priced,
    another={
        "currency": {"currency": "EUR"},
        "mode": {"live_mode": True},
        "id": {"id": "another-payment"},
        "reference": {"order_id": "cs_another"},
    },
    unknown_status={"status": "settling"},
    unpaid={"status": "pending", "captured": False},
    both=_both,
)
