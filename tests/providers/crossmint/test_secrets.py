"""What must not be told, wherever an order might be written down: logs, pages."""

from __future__ import annotations

import pytest

from checkout_server.logs import clean, redact
from checkout_server.providers.crossmint.address import embedded_url, hosted_url
from checkout_server.templating import SecretInPage, guard
from tests.providers.crossmint.support import CLIENT_KEY, CLIENT_SECRET, SERVER_KEY, created

SDK = {"name": "x", "version": "1"}


@pytest.mark.parametrize(
    "text",
    [
        embedded_url("https://h", {"orderId": "o", "clientSecret": "opens-it"}, CLIENT_KEY, SDK),
        hosted_url("https://h", "o", "opens-it", CLIENT_KEY, SDK),
        '{"clientSecret":"opens-it","order":{}}',
        "{'clientSecret': 'opens-it'}",
        '"{\\"clientSecret\\": \\"opens-it\\"}"',
        "X-API-KEY: sk_staging_opens-it",
        "X-API-KEY: sk_production_opens-it",
        "key sk_development_opens-it",
    ],
)
def test_no_secret_is_logged(text: str):
    assert "opens-it" not in clean(text)


def test_fields_are_hidden_by_their_names():
    shown = str(redact(None, "info", {"answer": created(), "x_api_key": SERVER_KEY}))
    for secret in (CLIENT_SECRET, "pi_secret", SERVER_KEY):
        assert secret not in shown


@pytest.mark.parametrize(
    "key", [SERVER_KEY, f"x={SERVER_KEY}", "u?apiKey=sk_production_x", "sk_development_x"]
)
def test_no_server_key_reaches_a_page(key: str):
    with pytest.raises(SecretInPage) as caught:
        guard({"component": {"frame_url": key}})
    assert key not in str(caught.value)
