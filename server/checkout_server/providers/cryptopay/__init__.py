"""CryptoPay payment orders: an address, an amount and a QR code on our own page, or a redirect to `payment_url`.

Not to be confused with Crypto.com Pay (`crypto_com`), whose SDK has a JavaScript global of this name.
"""

from __future__ import annotations

from checkout_server.providers.cryptopay.adapter import CryptoPay

PROVIDER = CryptoPay

__all__ = ["PROVIDER", "CryptoPay"]
