from __future__ import annotations

import pytest
from pydantic import ValidationError

from checkout_server.providers import discover
from checkout_server.providers.base import Capability, Policy
from checkout_server.providers.crossmint_intents import CrossmintIntents
from tests.providers.crossmint_intents.support import KEY, VERIFIER, Wire, settings


def test_it_is_found_by_being_there():
    found = discover()["crossmint_intents"]
    assert found is CrossmintIntents
    assert found.kind == "approval"
    assert found.capabilities == {Capability.CANCEL, Capability.REVOKE}


@pytest.mark.parametrize(
    ("key", "mode", "host"),
    [
        ("sk_development_a1", "test", "http://localhost:3000"),
        ("sk_staging_a1", "test", "https://staging.crossmint.com"),
        ("sk_production_a1", "live", "https://www.crossmint.com"),
    ],
)
def test_the_key_selects_mode_and_host(wire: Wire, key: str, mode: str, host: str):
    assert wire.provider(secret_key=key).mode == mode
    assert settings(secret_key=key).base_url == host
    assert settings(secret_key=key, base_url="http://localhost:8001/x/").base_url == "http://localhost:8001/x"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("secret_key", "ck_staging_abc"),
        ("secret_key", "sk_live_abc"),
        ("secret_key", "sk_test_abc"),
        ("secret_key", "sk_staging_"),
        ("secret_key", "sk_staging_ab\ncd"),
        ("base_url", "http://www.crossmint.com"),
        ("base_url", "https://user:word@www.crossmint.com"),
        ("verifier_url", "http://verifier.example/x.js"),
        ("verifier_url", "javascript:alert(1)"),
        ("verifier_url", ""),
        ("verifier_integrity", "md5-abc"),
        ("verifier_integrity", 'sha384-"><script>'),
        ("script_origins", "https://cdn.example; script-src *"),
        ("frame_origins", "*"),
        ("permissions", "camera=*, x"),
        ("reads_per_minute", "0"),
        ("unknown", "x"),
    ],
)
def test_what_cannot_be_used_is_refused_without_being_repeated(field: str, value: str):
    with pytest.raises(ValidationError) as caught:
        settings(**{field: value})
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value)
    assert "abc" not in str(caught.value) or field != "secret_key"


def test_a_verifier_must_be_named():
    with pytest.raises(ValidationError, match="verifier_url"):
        settings(verifier_url=None)


def test_the_account_is_stable_and_tells_nothing_secret():
    account = settings().account
    assert account == settings(verifier_url="https://other.example/v.js").account
    assert account != settings(secret_key="sk_staging_other").account
    assert account.startswith("staging:")
    assert KEY not in account


def test_the_policy_is_the_verifiers_origin_and_what_is_configured(wire: Wire):
    assert wire.provider().policy == Policy(
        script=("https://verifier.example",), connect=("https://verifier.example",)
    )
    wider = wire.provider(
        connect_origins="https://api.example",
        frame_origins="https://frame.example, https://other.example",
        permissions="publickey-credentials-get",
        inline_style=True,
    ).policy
    assert wider.connect == ("https://verifier.example", "https://api.example")
    assert wider.frame == ("https://frame.example", "https://other.example")
    assert wider.permissions == ("publickey-credentials-get",)
    assert wider.inline_style
    assert VERIFIER not in wider.script


def test_how_often_the_project_may_be_asked(wire: Wire):
    assert wire.provider().poll.per_minute == 120
    assert wire.provider(reads_per_minute=360).poll.per_minute == 360
