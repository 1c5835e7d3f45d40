"""The sandbox of Crossmint orders, written from the provider's document and `providers/crossmint.md`."""

from checkout_server.sandbox.crossmint.sandbox import CrossmintSandbox

SANDBOX = CrossmintSandbox

__all__ = ["SANDBOX", "CrossmintSandbox"]
