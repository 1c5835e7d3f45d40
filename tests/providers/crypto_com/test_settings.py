from __future__ import annotations

import pytest
from pydantic import ValidationError

from checkout_server.providers import discover
from checkout_server.providers.base import Policy
from checkout_server.providers.crypto_com import CryptoCom
from tests.providers.crypto_com.support import KEY, PUBLISHABLE, Wire, settings


def test_it_is_found_by_being_there():
    assert discover()["crypto_com"] is CryptoCom


@pytest.mark.parametrize(("key", "mode"), [("sk_test_a1", "test"), ("sk_live_a1", "live")])
def test_the_key_decides_the_mode(wire: Wire, key: str, mode: str):
    assert wire.provider(secret_key=key, publishable_key=None).mode == mode


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("secret_key", "pk_test_abc"),
        ("secret_key", "sk_abc"),
        ("secret_key", "sk_test_"),
        ("secret_key", "sk_test_ab\ncd"),
        ("publishable_key", KEY),
        ("publishable_key", 'pk_test_"><script>'),
        ("publishable_key", "pk_live_abc"),
        ("webhook_secret", ""),
        ("webhook_secret", " , "),
        ("webhook_secret", f"whsec, {KEY}"),
        ("base_url", "http://pay.crypto.com/api"),
        ("base_url", "https://user:word@pay.crypto.com/api"),
        ("base_url", "not a url"),
        ("sdk_url", "https://js.crypto.com/sdk?publishable-key=x"),
        ("sdk_url", "javascript:alert(1)"),
        ("script_origins", "https://cdn.example; script-src *"),
        ("frame_origins", "*"),
        ("unknown", "x"),
    ],
)
def test_what_cannot_be_used_is_refused_without_being_repeated(field: str, value: str):
    with pytest.raises(ValidationError) as caught:
        settings(**{field: value})
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value)


def test_a_live_pair_is_fine_and_a_key_without_a_mode_is_too():
    assert settings(secret_key="sk_live_a", publishable_key="pk_live_b").mode == "live"
    assert settings(publishable_key="pk_abc").publishable_key == "pk_abc"


def test_the_webhook_secrets_are_a_list():
    assert settings(webhook_secret=" a ,b,,").webhook_secrets == (b"a", b"b")


def test_the_account_is_stable_and_tells_nothing_secret():
    assert settings().account == PUBLISHABLE
    without = settings(publishable_key=None).account
    assert without == settings(publishable_key=None).account
    assert without != settings(publishable_key=None, secret_key="sk_test_other").account
    assert KEY not in without
    assert without.startswith("test:")


def test_the_policy_names_the_hosts_of_the_document_and_what_is_configured(wire: Wire):
    assert wire.provider(img_origins="https://img.example, https://js.crypto.com").policy == Policy(
        script=("https://js.crypto.com",),
        connect=("https://pay.crypto.com", "https://js.crypto.com"),
        frame=("https://js.crypto.com", "https://pay.crypto.com"),
        img=("https://js.crypto.com", "https://pay.crypto.com", "https://img.example"),
        font=("https://js.crypto.com",),
        style=("https://js.crypto.com",),
        inline_style=False,
    )
    assert wire.provider(inline_style=True).policy.inline_style


def test_a_sandbox_has_one_origin(wire: Wire):
    sandbox = "http://127.0.0.1:8001/crypto_com"
    policy = wire.provider(base_url=f"{sandbox}/api", sdk_url=f"{sandbox}/sdk").policy
    assert policy.script == policy.connect == policy.frame == ("http://127.0.0.1:8001",)


def test_without_a_component_nothing_is_allowed(wire: Wire):
    assert wire.provider(publishable_key=None).policy == Policy()


def test_no_repr_holds_the_secrets(wire: Wire):
    provider = wire.provider()
    shown = f"{provider!r} {provider.settings!r} {provider.settings} {vars(provider)!r}"
    assert KEY not in shown
    assert "whsec-new" not in shown
