"""A checkout, the providers' sandboxes, the demo store and a page that frames, each an origin, joined by real HTTP."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from checkout_server import keep_alive
from checkout_server.app import create_app
from checkout_server.demo.accounts import currencies, provider_settings
from checkout_server.demo.orders import PRODUCTS, Order, Orders, Product
from checkout_server.demo.store import StoreSettings, create_store
from checkout_server.providers import discover
from checkout_server.sandbox.app import create_sandbox
from checkout_server.sandbox.settings import SandboxSettings
from checkout_server.settings import Settings, load_settings
from e2e.harness.gate import Gate
from e2e.harness.purchase import Purchase
from e2e.harness.serving import serving

KEY = "merchant-key"
METRICS_KEY = "metrics-key"
RETURN_SECRET = "return-secret"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"e2e" * 11).decode()
MUG = PRODUCTS[0]  # 25.00 USD
CRYPTO_COM = "crypto_com"  # whom the journeys pay that name no other


class Framer:
    """Another page of the merchant's, around the snippet that a session comes with: `html` is what it serves, under
    `policy`, a Content-Security-Policy of the store's own."""

    def __init__(self) -> None:
        self.html = ""
        self.policy = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = {"content-security-policy": self.policy} if self.policy else {}
            await HTMLResponse(self.html, headers=headers)(scope, receive, send)


class World:
    """Use `World.open`. `checkout`, `sandbox`, `store` and `framing` are origins."""

    def __init__(
        self, settings: Settings, origins: Sequence[str], gate: Gate, orders: Orders, framer: Framer
    ) -> None:
        self.engine = settings.engine
        self.providers = tuple(settings.providers)  # all that have a sandbox
        self.sandbox, self.checkout, self.store, self.framing = origins
        self.gate = gate
        self.orders = orders
        self.framer = framer
        # A transport of our own: what stands on this machine is never reached through a proxy.
        self._http = httpx.Client(transport=httpx.HTTPTransport(limits=keep_alive.CLIENT), timeout=20)

    @classmethod
    @contextmanager
    def open(cls, engine: str, folder: Path) -> Iterator[World]:
        made: list[World] = []

        def applications(origins: Sequence[str]) -> list[Any]:
            sandbox, checkout, store, _ = origins
            framer = Framer()
            settings = _settings(engine, checkout, sandbox, store, folder)
            gate = Gate(create_app(settings))
            shop = create_store(
                StoreSettings(
                    checkout, KEY, [RETURN_SECRET], [WEBHOOK_SECRET], _offered(settings), currencies()
                )
            )
            made.append(cls(settings, origins, gate, shop.state.store.orders, framer))
            stand_in = create_sandbox(SandboxSettings(public_url=sandbox, checkout_url=checkout))
            return [stand_in, gate, shop, framer]

        with serving(4, applications):
            yield made[0]
            made[0]._http.close()

    def reset(self) -> None:
        """Between two tests: what one of them broke is whole again."""
        self.gate.reset()
        self.framer.html = self.framer.policy = ""
        self.mend()

    def purchase(
        self,
        order: Order | None = None,
        *,
        provider: str = CRYPTO_COM,
        product: Product = MUG,
        **fields: Any,
    ) -> Purchase:
        """A session for an order of the store, or for a new one of `product`, as its back end would make it.

        `fields` replace the request's own; None leaves one out, such as the amount of an approval. The store's books
        compare a session with the order's product: another price belongs there.
        """
        order = order or self.orders.place(product, provider)
        wanted = {
            "provider": order.provider,
            "amount": order.product.amount,
            "currency": order.product.currency,
            "order_id": order.id,
            "description": order.product.name,
            "return_url": f"{self.store}/return",
            "cancel_url": f"{self.store}/cancelled",
            **fields,
        }
        body = {name: value for name, value in wanted.items() if value is not None}
        return Purchase(self, order, self.api("POST", "/v1/sessions", body))

    def newest(self) -> Purchase:
        """What the shopper bought in the store just now."""
        order = next(iter(self.orders))
        assert order.latest is not None
        return Purchase(self, order, self.api("GET", f"/v1/sessions/{order.latest.id}"))

    def api(
        self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str
    ) -> dict[str, Any]:
        """The merchant's API."""
        authorized = {"authorization": f"Bearer {KEY}", **headers}
        response = self._http.request(method, f"{self.checkout}{path}", json=body, headers=authorized)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def shopper_says(self, url: str, body: dict[str, Any]) -> None:
        """What a page sends, without one."""
        self._http.post(url, json=body).raise_for_status()

    def metric(self, name: str, **labels: str) -> float:
        """The value of a counter; 0 where it has not counted yet."""
        headers = {"authorization": f"Bearer {METRICS_KEY}"}
        lines = self._http.get(f"{self.checkout}/metrics", headers=headers).text.splitlines()
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        found = [line for line in lines if line.startswith(name) and all(part in line for part in wanted)]
        return sum(float(line.rpartition(" ")[2]) for line in found)

    def fault(self, provider: str = CRYPTO_COM, **fields: Any) -> None:
        """The provider's next answers go wrong; see `checkout_server.sandbox.faults.Fault`."""
        self._control("POST", provider, "faults", fields)

    def mend(self) -> None:
        """No provider has faults any more."""
        for provider in self.providers:
            self._control("DELETE", provider, "faults")

    def lever(self, provider: str, ref: str, what: str, webhook: str = "send", **more: Any) -> None:
        self._control("POST", provider, f"payments/{ref}", {"do": what, "webhook": webhook, **more})

    def log(self, provider: str) -> list[dict[str, Any]]:
        """Every request to the provider's sandbox and every webhook of it."""
        entries: list[dict[str, Any]] = self._control("GET", provider, "log")["data"]
        return entries

    def _control(
        self, method: str, provider: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        response = self._http.request(method, f"{self.sandbox}/_control/{provider}/{path}", json=body)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer


def _settings(engine: str, checkout: str, sandbox: str, store: str, folder: Path) -> Settings:
    return load_settings(
        **_accounts(sandbox),
        database_url=f"sqlite:///{folder}/checkout.sqlite3",
        public_url=checkout,
        engine=engine,
        api_keys=[KEY],
        metrics_key=METRICS_KEY,
        return_secrets=[RETURN_SECRET],
        webhook_url=f"{store}/webhooks",
        webhook_secrets=[WEBHOOK_SECRET],
        merchant_contact="help@store.example",
        allow_sandbox=True,
        app_schemes=["shop"],
        log_level="warning",
    )


def _accounts(sandbox: str) -> dict[str, dict[str, Any]]:
    """An account at the sandbox of every provider."""
    accounts = provider_settings(sandbox)
    known = {name: found for name, found in discover().items() if name in accounts}
    for name, provider in known.items():
        if "reads_per_minute" in provider.settings_model.model_fields:
            # More journeys a minute than the account would bear shoppers: they shall not wait for each other.
            accounts[name]["reads_per_minute"] = 60_000
    return {name: accounts[name] for name in known}


def _offered(settings: Settings) -> list[tuple[str, str]]:
    """The providers, with their titles, that the store sells with: an approval is not a payment."""
    known = discover()
    return [(name, known[name].title) for name in settings.providers if known[name].kind == "payment"]
