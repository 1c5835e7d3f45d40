"""The checkout inside a merchant's own ASGI application, under a path of it: one process, one origin."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from checkout_server.app import create_app
from checkout_server.client import Checkout, WebhookEvent, verify_webhook
from checkout_server.demo.accounts import provider_settings
from checkout_server.sandbox.app import create_sandbox
from checkout_server.sandbox.settings import SandboxSettings
from checkout_server.settings import load_settings
from e2e.harness.patience import until
from e2e.harness.serving import serving
from e2e.models.crypto_com import CryptoComCheckout
from tests.world import KEY, RETURN_SECRET, SECRET

Outer = Callable[[Any, Any], Any]


def starlette(checkout: Any, webhook: Any) -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with checkout.router.lifespan_context(checkout):
            yield

    return Starlette(
        routes=[Route("/webhooks", webhook, methods=["POST"]), Mount("/pay", checkout)], lifespan=lifespan
    )


def fastapi(checkout: Any, webhook: Any) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with checkout.router.lifespan_context(checkout):
            yield

    app = FastAPI(lifespan=lifespan)
    app.add_api_route("/webhooks", webhook, methods=["POST"], response_model=None)
    app.mount("/pay", checkout)
    return app


class Shop:
    """The outer application's `origin`, and the webhooks that it got from the checkout inside it."""

    def __init__(self) -> None:
        self.origin = ""
        self.events: list[WebhookEvent] = []

    async def webhook(self, request: Request) -> Response:
        self.events.append(verify_webhook(request.headers, await request.body(), [SECRET]))
        return Response(status_code=204)


@pytest.fixture(params=[starlette, fastapi], ids=["starlette", "fastapi"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop()

    def applications(origins: Sequence[str]) -> list[Any]:
        sandbox, shop.origin = origins
        settings = load_settings(
            crypto_com=provider_settings(sandbox)["crypto_com"],
            database_url=f"sqlite:///{tmp_path}/checkout.sqlite3",
            public_url=f"{shop.origin}/pay",
            api_keys=[KEY],
            return_secrets=[RETURN_SECRET],
            webhook_url=f"{shop.origin}/webhooks",
            webhook_secrets=[SECRET],
            allow_sandbox=True,
        )
        stand_in = create_sandbox(SandboxSettings(public_url=sandbox, checkout_url=settings.public_url))
        return [stand_in, request.param(create_app(settings), shop.webhook)]

    with serving(2, applications):
        yield shop


@pytest.mark.browser
@pytest.mark.slow
def test_a_payment_under_a_path_of_another_application(shop: Shop, browser: Browser) -> None:
    """Page, engine, events, webhooks both ways and the way back: all of it needs what the lifespan starts."""
    with Checkout(f"{shop.origin}/pay", KEY) as client, browser.new_context() as context:
        session = client.create_session(
            provider="crypto_com",
            amount="25.00",
            currency="USD",
            order_id="order-1",
            return_url=f"{shop.origin}/done",
        )
        assert session.url.startswith(f"{shop.origin}/pay/checkout/")
        missing: list[str] = []
        page = context.new_page()
        page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
        page.goto(session.url)
        checkout = CryptoComCheckout(page)
        checkout.runs_python()
        checkout.pays_in_window()
        checkout.shows("Paid")
        until("the shop was told", lambda: [event for event in shop.events if event.session.paid])
        expect(page).to_have_url(re.compile(re.escape(f"{shop.origin}/done?checkout_session={session.id}&")))
        # All but the page of the shop, which this one does not have, and icons that browsers ask for by themselves.
        assert [url for url in missing if url.startswith(f"{shop.origin}/pay/")] == []
        assert client.get_session(session.id).paid
