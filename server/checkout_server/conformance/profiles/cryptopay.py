"""CryptoPay payment orders: decimal text in an envelope, a token on a network, and no test mode in any answer."""

from __future__ import annotations

from checkout_server.conformance.profile import Profile
from checkout_server.demo.accounts.cryptopay import settings
from checkout_server.money import Money
from checkout_server.sandbox.cryptopay import SANDBOX


def _priced(money: Money) -> dict[str, str]:
    return {"amount": money.text}


PROFILE = Profile(
    sandbox=SANDBOX,
    account=settings,
    order={"amount": "25", "currency": "USDC"},
    creates=r"POST .*/payment-orders/$",
    reads=r"GET .*/payment-orders/[^/]+/$",
    priced=_priced,
    another={
        "currency": {"currency": "USDT"},
        "id": {"order_id": "another-order"},
        "reference": {"order_info": '{"checkout_session": "cs_another"}'},
        "terms": {"blockchain": "ethereum"},
    },
    unknown_status={"status": "settling"},
    unpaid={"status": "pending", "transaction": None},
)
