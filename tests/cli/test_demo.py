"""The demo as a process: buy, pay in the sandbox, and see the order paid by a verified webhook."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from checkout_server.cli.demo import Addresses, database_file, demo_settings
from checkout_server.client import Checkout
from checkout_server.providers import discover
from checkout_server.settings import DEMO_KEY
from tests.cli.running import running_demo, wait_until
from tests.ports import free_ports

COMMAND = [sys.executable, "-c", "from checkout_server.cli import app; app()"]


def test_from_the_shelf_to_paid(tmp_path: Path) -> None:
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HTTP_PROXY": "http://127.0.0.1:9"}
    port = free_ports(3)
    with running_demo(COMMAND, port, env=env, cwd=tmp_path) as demo:
        bought = demo.visitor.post(f"{demo.store}/buy/stickers")
        assert bought.status_code == 303, bought.text
        page = bought.headers["location"]
        assert page.startswith(f"http://localhost:{port}/checkout/")
        assert demo.visitor.get(page).status_code == 200

        with Checkout(demo.checkout, DEMO_KEY) as checkout:
            (session,) = checkout.list_sessions()
        assert (session.data["amount"], session.currency) == ("42.000000000000000001", "CRO")
        order = f"{demo.store}/orders/{session.order_id}.json"
        assert demo.visitor.get(order).json()["state"] == "waiting"

        lever = f"{demo.sandbox}/_control/{session.provider}/payments/{session.provider_ref}"
        assert demo.visitor.post(lever, json={"do": "pay"}).status_code == 200
        wait_until(lambda: demo.visitor.get(order).json()["state"] == "paid")
    assert (tmp_path / "checkout-ui" / f"demo-{port}.sqlite3").is_file()


def test_no_real_account_ever_gets_into_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that is set up for production must not make the demo, with its public key, move real money."""
    monkeypatch.setenv("CHECKOUT_CRYPTO_COM__SECRET_KEY", "sk_live_real")
    monkeypatch.setenv("CHECKOUT_CRYPTO_COM__BASE_URL", "https://pay.crypto.com/api")
    monkeypatch.setenv("CHECKOUT_DATABASE_URL", "postgresql://prod/db")
    monkeypatch.setenv("CHECKOUT_WEBHOOK_URL", "https://shop.example/webhooks")
    monkeypatch.setenv("CHECKOUT_MERCHANT_NAME", "My Shop")
    settings = demo_settings(Addresses(9000), engine="micropython", database=tmp_path / "db")
    for own in settings.providers.values():
        assert own.base_url.startswith("http://localhost:9001/")
    assert settings.crypto_com.secret_key.get_secret_value() == "sk_test_demo"  # type: ignore[attr-defined]
    assert settings.database_url == f"sqlite:///{tmp_path / 'db'}"
    assert settings.webhook_url == "http://localhost:9002/webhooks"
    assert settings.merchant_name == "My Shop"  # how it looks may be tried out


def test_every_provider_takes_part(tmp_path: Path) -> None:
    settings = demo_settings(Addresses(9000), engine="micropython", database=tmp_path / "db")
    assert set(settings.providers) == set(discover())
    assert settings.allow_sandbox
    for secret in (*settings.return_secrets, *settings.webhook_secrets):
        assert len(secret.get_secret_value()) >= 32


def test_a_demo_starts_afresh_unless_it_is_told_where_to_keep_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    kept, fresh = database_file(9000, tmp_path / "kept"), database_file(9000, None)
    for file in (kept, fresh):
        file.write_text("of the last run")
        file.with_name(file.name + "-wal").write_text("its log")
    assert database_file(9000, tmp_path / "kept").read_text() == "of the last run"
    assert list(database_file(9000, None).parent.iterdir()) == []
    assert database_file(9100, None) != fresh
