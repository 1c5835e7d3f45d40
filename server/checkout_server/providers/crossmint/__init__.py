"""Crossmint orders: the embedded checkout in a frame, or the hosted checkout page.

Source: the provider's document and `providers/crossmint.md`, whose marks (verified, seen, inferred) decide what is
taken for granted here and what is a setting.
"""

from __future__ import annotations

from checkout_server.providers.crossmint.adapter import Crossmint

PROVIDER = Crossmint

__all__ = ["PROVIDER", "Crossmint"]
