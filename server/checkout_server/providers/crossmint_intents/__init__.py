"""Crossmint order intents: what an agent may spend on a saved card, read and verified by the shopper.

The first generation of the API (`phase`, `mandates`). It is not an order: nothing is paid here. Orders are another provider.
"""

from __future__ import annotations

from checkout_server.providers.crossmint_intents.adapter import CrossmintIntents

PROVIDER = CrossmintIntents

__all__ = ["PROVIDER", "CrossmintIntents"]
