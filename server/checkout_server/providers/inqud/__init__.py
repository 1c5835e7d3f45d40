"""Inqud: the `<app-widget>` in the page, or a redirect to the checkout's `acquiringUrl`."""

from __future__ import annotations

from checkout_server.providers.inqud.adapter import Inqud

PROVIDER = Inqud

__all__ = ["PROVIDER", "Inqud"]
