"""Crypto.com Pay Checkout: a button with a popup, or a redirect to the provider's payment page.

Not to be confused with `cryptopay`, another provider: the JavaScript global of this one's SDK has that name too.
"""

from __future__ import annotations

from checkout_server.providers.crypto_com.adapter import CryptoCom

PROVIDER = CryptoCom

__all__ = ["PROVIDER", "CryptoCom"]
