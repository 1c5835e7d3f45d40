from __future__ import annotations

import pytest
from pydantic import ValidationError

from checkout_server.providers import discover
from checkout_server.providers.base import Capability, Policy
from checkout_server.providers.inqud import Inqud
from tests.providers.inqud.support import CHECKOUT_ID, PROJECT, SECRET, Wire, settings


def test_it_is_found_by_being_there():
    assert discover()["inqud"] is Inqud


def test_it_promises_only_what_is_documented():
    assert Inqud.capabilities == {Capability.HOSTED, Capability.OPEN_PRICE}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project_id", "CCO-1"),
        ("project_id", "CAP-"),
        ("project_id", "CAP-1/../x"),
        ("token_id", ""),
        ("token_id", "a b"),
        ("token_id", "a\r\nX: y"),
        ("token_secret", ""),
        ("token_secret", f"{SECRET}\n"),
        ("token_secret", f"{SECRET}é"),
        ("auth", "basic"),
        ("webhook_secret", ""),
        ("webhook_secret", " , "),
        ("fetch_path", "/v1/checkouts"),
        ("fetch_path", "/v1/{project}/{id}"),
        ("fetch_path", "v1/{id}"),
        ("fetch_path", "/v1/../{id}"),
        ("fetch_path", "/v1/{id}?full=1"),
        ("fetch_path", "/v1/{id}}"),
        ("fetch_path", "//evil.example/{id}"),
        ("base_url", "http://api.inqud.com"),
        ("base_url", "https://user:word@api.inqud.com"),
        ("widget_url", "javascript:alert(1)"),
        ("widget_url", "https://paycrypto.inqud.com/widget.js?x=1"),
        ("script_origins", "https://cdn.example; script-src *"),
        ("frame_origins", "*"),
        ("unknown", "x"),
    ],
)
def test_what_cannot_be_used_is_refused_without_being_repeated(field: str, value: str):
    with pytest.raises(ValidationError) as caught:
        settings(**{field: value})
    assert field in str(caught.value)
    assert SECRET not in f"{caught.value} {caught.value!r}"


def test_it_does_not_run_without_a_webhook_secret():
    with pytest.raises(ValidationError, match="webhook_secret"):
        settings(webhook_secret=None)


def test_the_webhook_secrets_are_a_list():
    assert settings(webhook_secret=" a ,b,,").webhook_secrets == (b"a", b"b")


def test_only_a_sandbox_moves_no_money(wire: Wire):
    assert wire.provider().mode == "live"
    assert wire.provider(base_url="http://localhost:8001/inqud").mode == "test"


def test_the_account_is_the_widget(wire: Wire):
    assert wire.provider().account == PROJECT


def test_paths_are_below_the_address():
    under = settings(base_url="https://proxy.example/inqud/")
    assert f"{under.base_url}{under.create_path}".startswith("https://proxy.example/inqud/v1/user/")
    assert under.path_of(CHECKOUT_ID) == f"{under.create_path}/{CHECKOUT_ID}"


def test_the_policy_names_the_hosts_of_the_document_and_what_is_configured(wire: Wire):
    widget = "https://paycrypto.inqud.com"
    assert wire.provider(img_origins=f"https://img.example, {widget}").policy == Policy(
        script=(widget,),
        connect=("https://api.inqud.com", widget),
        frame=(widget,),
        img=(widget, "https://img.example"),
        font=(widget,),
        style=(widget,),
        inline_style=False,
    )
    assert wire.provider(inline_style=True).policy.inline_style


def test_without_the_widget_nothing_is_allowed(wire: Wire):
    assert wire.provider(widget=False).policy == Policy()


@pytest.mark.parametrize("auth", ["token", "signed"])
def test_no_repr_holds_the_secrets(wire: Wire, auth: str):
    provider = wire.provider(auth=auth)
    shown = f"{provider!r} {provider.settings!r} {provider.settings} {vars(provider)!r}"
    assert SECRET not in shown
    assert "hook-new" not in shown
