"""The conformance suite's `refunds` over every provider that is found. One file a theme, so that they run side by side."""

from __future__ import annotations

from checkout_server.conformance.test_conformance import pytest_generate_tests, test_case

THEME = "refunds"

__all__ = ["pytest_generate_tests", "test_case"]
