"""Each example store as a reader would start it: a shopper buys, pays, and gets a receipt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.models.crypto_com import CryptoComCheckout
from tests.cli.running import running_demo
from tests.examples.stores import STORES, clean_env, local_env, running, running_store
from tests.ports import free_ports

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COMMAND = [sys.executable, "-c", "from checkout_server.cli import app; app()"]


@dataclass(frozen=True, slots=True)
class World:
    """A checkout that runs, what a store has to know of it, and how a store comes to know what was paid."""

    env: dict[str, str]
    port: int
    known_from: str


@pytest.fixture(scope="module", params=["served", "demo"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both ways of docs/python.md: `serve` with the settings of `local.env`, and a demo, which tells its own store only."""
    folder = tmp_path_factory.mktemp("checkout")
    with ExitStack() as stack:
        yield (served if request.param == "served" else demo)(folder, stack)


def served(folder: Path, stack: ExitStack) -> World:
    first = free_ports(3)
    ports = {"8000": first, "8001": first + 1, "8010": first + 2}
    settings = local_env()
    for written, port in ports.items():
        settings = {name: value.replace(f":{written}", f":{port}") for name, value in settings.items()}
    checkout, sandbox, store = (f"http://localhost:{port}" for port in ports.values())
    assert settings["CHECKOUT_WEBHOOK_URL"] == f"{store}/webhooks"
    env = clean_env(**settings)
    stand_in = [*COMMAND, "sandbox", "--port", str(first + 1), "--checkout-url", checkout]
    stack.enter_context(running(stand_in, sandbox, env=env, cwd=folder))
    serve = [*COMMAND, "serve", "--port", str(first)]
    stack.enter_context(running(serve, f"{checkout}/readyz", env=env, cwd=folder))
    return World(env, first + 2, "a webhook")


def demo(folder: Path, stack: ExitStack) -> World:
    first = free_ports(4)
    env = clean_env(XDG_CACHE_HOME=str(folder))
    stack.enter_context(running_demo(COMMAND, first, env=env, cwd=folder))
    return World({**env, "CHECKOUT_PUBLIC_URL": f"http://localhost:{first}"}, first + 3, "our own question")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, world: World) -> Iterator[str]:
    with running_store(request.param, world.port, world.env) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


def known_from(page: Page) -> str:
    return page.locator("dt", has_text="Known from").locator("+ dd").inner_text()


def test_from_the_cart_to_the_receipt(store: str, world: World, page: Page) -> None:
    page.goto(store)
    page.get_by_role("button", name="Buy").click()
    checkout = CryptoComCheckout(page)
    checkout.runs_python()
    checkout.leaves()
    expect(page.get_by_role("heading", name="Waiting for your payment")).to_be_visible()
    assert page.url.startswith(f"{store}/orders/order-")

    page.get_by_role("link", name="Back to the payment").click()
    checkout.runs_python()
    checkout.pays_in_window()
    expect(page.get_by_text("This is your receipt")).to_be_visible()
    assert page.url.startswith(f"{store}/orders/order-")
    assert known_from(page) == world.known_from
    page.reload()
    expect(page.get_by_role("heading", name="Paid")).to_be_visible()


def test_what_is_not_from_the_checkout_is_refused(store: str) -> None:
    with httpx.Client(base_url=store, trust_env=False) as stranger:
        forged = {"webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,x"}
        assert stranger.post("/webhooks", content=b"{}", headers=forged).status_code == 400
        assert stranger.post("/webhooks", content=b"{}").status_code == 400
        assert stranger.get("/orders/order-of-nobody").status_code == 404
        assert stranger.get("/", headers={"host": "evil.example"}).status_code == 400
