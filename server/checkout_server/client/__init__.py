"""What a merchant's Python back end imports. Needs httpx and standardwebhooks, and none of the server.

    checkout = Checkout("https://pay.shop.example", api_key)
    session = checkout.create_session(
        provider="crypto_com", amount="25.00", currency="USD", order_id="A-1", return_url="https://shop.example/thanks"
    )
    redirect_to(session.url)

`AsyncCheckout` is the same for asyncio. `verify_webhook` tells what to deliver; `verify_return` only what to show
to a shopper who came back.
"""

from checkout_server.client.aio import AsyncCheckout
from checkout_server.client.api import Checkout
from checkout_server.client.errors import CheckoutApiError, WebhookRejected
from checkout_server.client.incoming import WebhookEvent, verify_return, verify_webhook
from checkout_server.client.session import Refund, Session
from checkout_server.client.wanted import Customer, Filters, SessionFields
from checkout_server.hints import ReturnHint, ReturnRejected

__all__ = [
    "AsyncCheckout",
    "Checkout",
    "CheckoutApiError",
    "Customer",
    "Filters",
    "Refund",
    "ReturnHint",
    "ReturnRejected",
    "Session",
    "SessionFields",
    "WebhookEvent",
    "WebhookRejected",
    "verify_return",
    "verify_webhook",
]
