from __future__ import annotations

import pytest
from pydantic import ValidationError

from checkout_server.providers import discover
from checkout_server.providers.base import Policy
from checkout_server.providers.crossmint import Crossmint
from checkout_server.settings import load_settings
from tests.providers.crossmint.support import CLIENT_KEY, SECRET, SERVER_KEY, Wire, settings


def test_it_is_found_by_being_there():
    assert discover()["crossmint"] is Crossmint


@pytest.mark.parametrize(
    ("environment", "mode", "host"),
    [
        ("development", "test", "http://localhost:3000"),
        ("staging", "test", "https://staging.crossmint.com"),
        ("production", "live", "https://www.crossmint.com"),
    ],
)
def test_the_keys_select_host_and_mode(environment: str, mode: str, host: str):
    own = settings(client_key=f"ck_{environment}_a1", secret_key=f"sk_{environment}_b2")
    assert (own.mode, own.host) == (mode, host)
    assert own.policy == Policy(frame=(host,), permissions=("payment", "camera", "microphone"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_key", SERVER_KEY),
        ("client_key", "ck_staging_"),
        ("client_key", "ck_live_abc"),
        ("client_key", "ck_test_abc"),
        ("client_key", 'ck_staging_"><script>'),
        ("client_key", "ck_production_abc"),
        ("secret_key", CLIENT_KEY),
        ("secret_key", "sk_live_abc"),
        ("secret_key", "sk_test_abc"),
        ("secret_key", "sk_staging_ab\ncd"),
        ("secret_key", "sk_production_abc"),
        ("webhook_secret", ""),
        ("webhook_secret", " , "),
        ("webhook_secret", "whsec_"),
        ("webhook_secret", "whsec_not base64"),
        ("webhook_secret", f"{SECRET}, {SERVER_KEY}"),
        ("base_url", "http://staging.crossmint.com"),
        ("base_url", "https://user:word@staging.crossmint.com"),
        ("frame_origins", "*"),
        ("locales", "en-US, <b>"),
        ("allowed_methods", "card, cash"),
        ("line_items", {"collectionLocator": "a", "productLocator": "b"}),
        ("line_items", {"callData": {}}),
        ("line_items", {"productLocator": "a", "callData": {}}),
        ("line_items", {"collectionLocator": "a", "callData": {"price": 0.5}}),
        ("fiat", False),
        ("unknown", "x"),
    ],
)
def test_what_cannot_be_used_is_refused_without_being_repeated(field: str, value: object):
    with pytest.raises(ValidationError) as caught:
        settings(**{field: value})
    assert SERVER_KEY not in str(caught.value)
    assert SERVER_KEY not in repr(caught.value)


@pytest.mark.parametrize("key", ["sk_live_abc", "sk_test_abc"])
def test_an_old_key_is_called_old(key: str):
    with pytest.raises(ValidationError, match="old format"):
        settings(secret_key=key)


def test_environment_variables_hold_lists_and_json(monkeypatch: pytest.MonkeyPatch):
    for name, value in {
        "SECRET_KEY": SERVER_KEY,
        "CLIENT_KEY": CLIENT_KEY,
        "WEBHOOK_SECRET": SECRET,
        "LINE_ITEMS": '[{"productLocator": "a"}, {"tokenLocator": "b", "executionParameters": {"n": 1}}]',
        "LOCALES": "en-US, es-ES",
        "ALLOWED_METHODS": "card,googlePay",
    }.items():
        monkeypatch.setenv(f"CHECKOUT_CROSSMINT__{name}", value)
    own = load_settings().providers["crossmint"]
    assert own.default_items == [  # type: ignore[attr-defined]
        {"productLocator": "a"},
        {"tokenLocator": "b", "executionParameters": {"n": 1}},
    ]
    assert own.locales == ("en-US", "es-ES")  # type: ignore[attr-defined]
    assert own.frame_payment["fiat"] == {  # type: ignore[attr-defined]
        "enabled": True,
        "allowedMethods": {"card": True, "applePay": False, "googlePay": True},
    }


def test_what_the_frame_may_offer():
    assert settings().frame_payment == {"crypto": {"enabled": False}, "fiat": {"enabled": True}}
    both = settings(crypto=True, default_method="crypto").frame_payment
    assert (both["crypto"], both["defaultMethod"]) == ({"enabled": True}, "crypto")


def test_a_sandbox_stands_where_it_is_told(wire: Wire):
    provider = wire.provider(base_url="http://localhost:8001/crossmint/")
    assert provider.settings.host == "http://localhost:8001/crossmint"
    assert provider.policy.frame == ("http://localhost:8001",)


def test_the_account_is_the_client_key_and_its_reads_are_counted(wire: Wire):
    provider = wire.provider()
    assert provider.account == CLIENT_KEY
    assert provider.poll.per_minute <= 360
    assert wire.provider(reads_per_minute=60).poll.per_minute == 60


def test_no_repr_holds_the_secrets(wire: Wire):
    provider = wire.provider()
    shown = f"{provider!r} {provider.settings!r} {provider.settings} {vars(provider)!r}"
    assert SERVER_KEY not in shown
    assert SECRET not in shown
