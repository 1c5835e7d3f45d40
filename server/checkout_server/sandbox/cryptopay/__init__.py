"""The sandbox of CryptoPay payment orders, written from the provider's document."""

from checkout_server.sandbox.cryptopay.sandbox import CryptoPaySandbox

SANDBOX = CryptoPaySandbox

__all__ = ["SANDBOX", "CryptoPaySandbox"]
