"""How sandboxes are found and put together."""

from __future__ import annotations

import ast
from pathlib import Path

import httpx
import pytest

import checkout_server.sandbox
from checkout_server.sandbox import SandboxSettings, create_sandbox, discover
from checkout_server.sandbox.crypto_com import CryptoComSandbox

PACKAGE = Path(checkout_server.sandbox.__file__).parent


def test_every_folder_with_a_sandbox_is_found() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {each.name for each in discover()} == folders
    assert CryptoComSandbox in discover()


def test_a_sandbox_knows_nothing_of_our_adapters() -> None:
    """Else both could misread the document in the same way. Only `money` is shared."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                if name.startswith("checkout_server"):
                    assert name.startswith(
                        ("checkout_server.sandbox", "checkout_server.money", "checkout_server.plugins")
                    ), path


async def test_it_works_below_a_sub_path() -> None:
    settings = SandboxSettings(public_url="https://test.example/sandboxes")
    transport = httpx.ASGITransport(create_sandbox(settings), root_path="/sandboxes")
    async with httpx.AsyncClient(transport=transport, base_url="https://test.example") as client:
        created = await client.post(
            "/sandboxes/crypto_com/api/payments",
            data={"amount": "2500", "currency": "USD"},
            auth=("sk_test_demo", ""),
        )
        url = created.json()["payment_url"]
        assert url.startswith("https://test.example/sandboxes/crypto_com/pay/")
        page = await client.get(url)
        assert "/sandboxes/_static/sandbox.css" in page.text
        assert (await client.get("/sandboxes/_static/sandbox.css")).status_code == 200
        assert "/sandboxes/_control/crypto_com/" in (await client.get("/sandboxes/")).text


def test_a_setting_that_does_not_exist_is_refused_without_showing_values() -> None:
    settings = SandboxSettings(providers={"crypto_com": {"secret_kay": "sk_test_secret"}})
    with pytest.raises(ValueError, match="secret_kay") as caught:
        create_sandbox(settings)
    assert "sk_test_secret" not in str(caught.value)
