"""Bean Counter, a provider that does not exist: invoices in minor units, a component for the page, a hosted page."""

from __future__ import annotations

from checkout_beans.adapter import BeanCounter

PROVIDER = BeanCounter

__all__ = ["PROVIDER", "BeanCounter"]
