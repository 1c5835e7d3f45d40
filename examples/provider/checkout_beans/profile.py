"""What the conformance suite cannot know by itself."""

from __future__ import annotations

from checkout_beans.account import settings
from checkout_beans.sandbox import SANDBOX
from checkout_server.conformance.profile import Profile

PROFILE = Profile(
    sandbox=SANDBOX,
    account=settings,
    order={"amount": "25.00", "currency": "USD", "description": "A bag of beans"},
    creates=r"POST .*/invoices$",
    reads=r"GET .*/invoices/[^/]+$",
    cancels=r"POST .*/void$",
    priced=lambda money: {"amount": money.units, "currency": money.currency},
    another={
        "currency": {"currency": "EUR"},
        "mode": {"live": True},
        "id": {"id": "inv_another"},
        "reference": {"reference": "cs_another"},
    },
    unknown_status={"status": "sorting"},
    unpaid={"status": "open", "paid_at": None},
)
