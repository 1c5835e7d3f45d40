from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from checkout_server.providers import discover
from checkout_server.providers.cryptopay import CryptoPay
from checkout_server.providers.cryptopay.networks import KNOWN
from checkout_server.settings import load_settings
from tests.providers.cryptopay.support import CONTRACT, KEY, NETWORKS, URL, Wire, settings

PAIR = {"api_key": None, "username": "shop", "password": "p4ssw0rd-of-the-shop"}


def test_it_is_found_by_being_there():
    assert discover()["cryptopay"] is CryptoPay


def test_the_address_of_the_api_has_no_default():
    with pytest.raises(ValidationError, match="base_url"):
        settings(base_url=None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base_url", "http://api.cryptopay.example"),
        ("base_url", "https://user:word@api.cryptopay.example"),
        ("api_key", ""),
        ("api_key", "a key"),
        ("api_key", f"{KEY}\n"),
        ("api_key", None),
        ("username", "shop"),
        ("password", "p4ssw0rd-of-the-shop"),
        ("webhook_secret", " , "),
        ("webhook_secret", None),
        ("webhook_url", "http://shop.example/webhooks"),
        ("mode", "sandbox"),
        ("min_confirmations", 0),
        ("reads_per_minute", 0),
        ("blockchain", "polygon"),
        ("networks", {}),
        ("networks", {"Base Chain": {}}),
        ("networks", {"base": {"tokens": {"USDC": {"contract": CONTRACT, "decimals": 6}}}}),
        ("networks", {"base": {"chain_id": 0}}),
        ("networks", {"base": {"chain_id": 1, "tokens": {"USDC": {"contract": CONTRACT}}}}),
        ("networks", {"base": {"chain_id": 1, "tokens": {"USDC": {"contract": "0x12", "decimals": 6}}}}),
        ("networks", {"base": {"chain_id": 1, "tokens": {"USDC": {"contract": CONTRACT, "decimals": 99}}}}),
        ("networks", {"base": {"chain_id": 1, "tokens": {"u s": {"contract": CONTRACT, "decimals": 6}}}}),
        ("networks", {"base": {"chain": 1}}),
        ("unknown", "x"),
    ],
)
def test_what_cannot_be_used_is_refused_without_being_repeated(field: str, value: object):
    changes = {"networks": NETWORKS, "blockchain": None if field == "networks" else "base", field: value}
    with pytest.raises(ValidationError) as caught:
        settings(**changes)
    assert KEY not in str(caught.value)
    assert "p4ssw0rd" not in str(caught.value)


def test_a_key_or_a_pair():
    assert settings(**PAIR).username == "shop"
    with pytest.raises(ValidationError):
        settings(**{**PAIR, "api_key": KEY})


def test_the_known_networks_have_no_contracts_that_could_be_wrong():
    assert set(KNOWN) == {"base", "ethereum", "polygon"}
    assert {slug: network.chain_id for slug, network in KNOWN.items()} == {
        "base": 8453,
        "ethereum": 1,
        "polygon": 137,
    }
    assert not [token for network in KNOWN.values() for token in network.tokens.values() if token.contract]
    assert settings(networks=None).networks == KNOWN


def test_networks_come_as_json_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    values = {
        "BASE_URL": URL,
        "API_KEY": KEY,
        "WEBHOOK_SECRET": "whsec",
        "BLOCKCHAIN": "tron",
        "NETWORKS": json.dumps(NETWORKS),
    }
    for name, value in values.items():
        monkeypatch.setenv(f"CHECKOUT_CRYPTOPAY__{name}", value)
    found = load_settings().providers["cryptopay"]
    assert found == settings(webhook_secret="whsec", blockchain="tron")


def test_the_account_is_stable_and_tells_nothing_secret():
    one = settings().account
    assert one == settings().account
    assert one != settings(api_key="cp_other").account
    assert KEY not in one
    assert settings(**PAIR).account != one
    assert settings(**PAIR).account == settings(**{**PAIR, "password": "changed"}).account
    assert settings(mode="test").account.startswith("test:")


def test_a_network_has_a_name_for_shoppers():
    assert settings().title_of("tron") == "TRON"
    assert settings().title_of("bnb-chain") == "Bnb Chain"


def test_no_repr_holds_the_secrets(wire: Wire):
    for provider in (wire.provider(), wire.provider(**PAIR)):
        shown = f"{provider!r} {provider.settings!r} {provider.settings} {vars(provider)!r}"
        for secret in (KEY, "p4ssw0rd", "whsec-new"):
            assert secret not in shown


def test_the_budget_leaves_room_within_the_documented_thousand_an_hour(wire: Wire):
    assert wire.provider().poll.per_minute * 60 <= 800
    assert wire.provider().mode == "live"
    assert wire.provider(mode="test").mode == "test"
