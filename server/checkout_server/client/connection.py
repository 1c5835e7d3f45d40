"""What both clients tell httpx: where the checkout is, who asks, and how long they wait."""

from __future__ import annotations

from typing import Any, TypedDict
from urllib.parse import urlsplit

import httpx

from checkout_server import keep_alive
from checkout_server.client.calls import Call
from checkout_server.client.errors import CheckoutApiError

# A create waits for the provider: longer than the checkout itself waits for it.
TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class Options(TypedDict):
    base_url: str
    headers: dict[str, str]
    timeout: httpx.Timeout
    limits: httpx.Limits
    trust_env: bool
    follow_redirects: bool


def options(url: str, api_key: str) -> Options:
    return {
        "base_url": url.rstrip("/") + "/v1/",
        "headers": {"Authorization": f"Bearer {api_key}", "Accept": "application/json"},
        "timeout": TIMEOUT,
        "limits": keep_alive.CLIENT,
        "trust_env": not _is_this_machine(url),  # no proxy on the way to ourselves
        "follow_redirects": False,  # a redirect would carry the key to whoever is named in it
    }


def request(client: httpx.Client | httpx.AsyncClient, call: Call[Any]) -> httpx.Request:
    """The same bytes for every try. Raises `CheckoutApiError` for a body that JSON cannot hold."""
    headers = {} if call.key is None else {"Idempotency-Key": call.key}
    try:
        return client.build_request(
            call.method, call.path, params=call.query, json=call.body, headers=headers
        )
    except (TypeError, ValueError) as error:  # a Decimal, a NaN, half of a surrogate pair
        message = f"The request cannot be written as JSON: {error}."
        raise CheckoutApiError(message, type="request", code="json_invalid") from error


def _is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
