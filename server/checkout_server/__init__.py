"""The thin server: sessions, adapters to payment providers, their sandboxes, and the checkout page."""

__version__ = "0.1.0"
