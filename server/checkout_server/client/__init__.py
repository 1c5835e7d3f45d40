"""What a merchant's Python back end imports. Needs httpx and standardwebhooks, and none of the server.

    checkout = Checkout("https://pay.shop.example", api_key)
    session = checkout.create_session(
        provider="crypto_com", amount="25.00", currency="USD", order_id="A-1", return_url="https://shop.example/thanks"
    )
    redirect_to(session.url)

`verify_webhook` tells what to deliver; `verify_return` only what to show to a shopper who came back.
"""

from checkout_server.client.api import Checkout
from checkout_server.client.errors import CheckoutApiError, WebhookRejected
from checkout_server.client.incoming import WebhookEvent, verify_return, verify_webhook
from checkout_server.client.session import Refund, Session
from checkout_server.hints import ReturnHint, ReturnRejected

__all__ = [
    "Checkout",
    "CheckoutApiError",
    "Refund",
    "ReturnHint",
    "ReturnRejected",
    "Session",
    "WebhookEvent",
    "WebhookRejected",
    "verify_return",
    "verify_webhook",
]
