"""The sandbox of Crypto.com Pay, written from the provider's document."""

from checkout_server.sandbox.crypto_com.sandbox import CryptoComSandbox

SANDBOX = CryptoComSandbox

__all__ = ["SANDBOX", "CryptoComSandbox"]
