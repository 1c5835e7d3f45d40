"""What `serve` refuses, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from checkout_server.cli import readiness
from checkout_server.settings import DEMO_KEY, Settings, load_settings

LIVE: dict[str, Any] = {
    "public_url": "https://pay.shop.example",
    "api_keys": ["0123456789abcdef0123456789abcdef"],
    "return_secrets": ["fedcba9876543210"],
    "webhook_url": "https://shop.example/webhooks",
    "webhook_secrets": ["whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"],
    "merchant_contact": "help@shop.example",
    "crypto_com": {"secret_key": "sk_live_abc", "webhook_secret": "signature-secret"},
}


def settings(**changes: Any) -> Settings:
    return load_settings(**{**LIVE, **changes})


def test_a_real_deployment_is_ready() -> None:
    assert readiness.problems(settings()) == []
    assert readiness.advice(settings()) == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"api_keys": []}, "CHECKOUT_API_KEYS"),
        ({"api_keys": [*LIVE["api_keys"], DEMO_KEY]}, "CHECKOUT_API_KEYS"),
        ({"return_secrets": []}, "CHECKOUT_RETURN_SECRETS"),
        ({"webhook_secrets": []}, "CHECKOUT_WEBHOOK_SECRETS"),
        ({"crypto_com": None}, "No provider"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], names: str) -> None:
    (line,) = readiness.problems(settings(**changes))
    assert line.startswith(names)
    assert DEMO_KEY not in line


def test_without_a_webhook_url_no_secret_is_asked_for() -> None:
    assert readiness.problems(settings(webhook_url=None, webhook_secrets=[])) == []


@pytest.mark.parametrize(
    "base_url", ["http://localhost:8001/crypto_com/api", "https://127.0.0.1/api", "http://[::1]:8001/api"]
)
def test_sandboxes_are_refused_unless_allowed(base_url: str) -> None:
    sandbox = {**LIVE["crypto_com"], "base_url": base_url}
    (line,) = readiness.problems(settings(crypto_com=sandbox))
    assert line.startswith("CHECKOUT_CRYPTO_COM__BASE_URL")
    assert "CHECKOUT_ALLOW_SANDBOX" in line
    allowed = settings(crypto_com=sandbox, allow_sandbox=True)
    assert readiness.problems(allowed) == []
    assert readiness.sandboxes(allowed) == ["crypto_com"]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"public_url": "http://pay.shop.example"}, "CHECKOUT_PUBLIC_URL"),
        ({"public_url": "https://localhost"}, "CHECKOUT_PUBLIC_URL"),
        ({"api_keys": ["short"]}, "CHECKOUT_API_KEYS"),
        ({"webhook_url": None}, "CHECKOUT_WEBHOOK_URL"),
        ({"merchant_contact": None}, "CHECKOUT_MERCHANT_CONTACT"),
    ],
)
def test_advice_does_not_stop_anyone(changes: dict[str, Any], names: str) -> None:
    (line,) = readiness.advice(settings(**changes))
    assert line.startswith(names)
    assert readiness.problems(settings(**changes)) == []
