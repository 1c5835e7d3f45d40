"""The sandbox of Inqud, written from the provider's document."""

from checkout_server.sandbox.inqud.sandbox import InqudSandbox

SANDBOX = InqudSandbox

__all__ = ["SANDBOX", "InqudSandbox"]
