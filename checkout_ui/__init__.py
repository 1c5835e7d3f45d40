"""Python that runs in the shopper's browser: one source for MicroPython, Pyodide and PyScript."""

from checkout_ui.hooks import on, say

__all__ = ["on", "say"]
