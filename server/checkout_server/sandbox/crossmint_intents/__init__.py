"""The sandbox of Crossmint's order intents, written from the provider's document."""

from checkout_server.sandbox.crossmint_intents.sandbox import CrossmintIntentsSandbox

SANDBOX = CrossmintIntentsSandbox

__all__ = ["SANDBOX", "CrossmintIntentsSandbox"]
