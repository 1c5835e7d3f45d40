"""Stand-ins for the providers: their API, their component, their signed webhooks, and their bad days.

A sandbox is written from the provider's document alone and shares no code with our adapter for it, so that an
adapter that misreads the document fails here.
"""

from checkout_server.sandbox.app import create_sandbox, discover
from checkout_server.sandbox.base import Action, CannotDo, Sandbox, UnknownPayment
from checkout_server.sandbox.settings import SandboxSettings

__all__ = [
    "Action",
    "CannotDo",
    "Sandbox",
    "SandboxSettings",
    "UnknownPayment",
    "create_sandbox",
    "discover",
]
