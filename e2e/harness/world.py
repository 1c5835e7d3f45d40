"""A checkout, the providers' sandboxes, the demo store and a page that frames, each an origin, joined by real HTTP."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from checkout_server.app import create_app
from checkout_server.demo.accounts import provider_settings
from checkout_server.demo.orders import PRODUCTS, Order, Orders
from checkout_server.demo.store import StoreSettings, create_store
from checkout_server.sandbox.app import create_sandbox
from checkout_server.sandbox.settings import SandboxSettings
from checkout_server.settings import load_settings
from e2e.harness.gate import Gate
from e2e.harness.serving import serving

KEY = "merchant-key"
METRICS_KEY = "metrics-key"
RETURN_SECRET = "return-secret"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"e2e" * 11).decode()
MUG = PRODUCTS[0]  # 25.00 USD
_PATIENCE_S = 20
T = TypeVar("T")


def until(what: str, look: Callable[[], T | None]) -> T:
    """Waits for a condition outside the browser: the API's answer, the store's books. Fails after 20 s."""
    deadline = time.monotonic() + _PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)
    return found


class Framer:
    """Another page of the merchant's, around the snippet that a session comes with: `html` is what it serves."""

    def __init__(self) -> None:
        self.html = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await HTMLResponse(self.html)(scope, receive, send)


class World:
    """Use `World.open`. `checkout`, `sandbox`, `store` and `framing` are origins."""

    def __init__(
        self, engine: str, origins: Sequence[str], gate: Gate, orders: Orders, framer: Framer
    ) -> None:
        self.engine = engine
        self.sandbox, self.checkout, self.store, self.framing = origins
        self.gate = gate
        self.orders = orders
        self.framer = framer
        # A transport of our own: what stands on this machine is never reached through a proxy.
        self._http = httpx.Client(transport=httpx.HTTPTransport(), timeout=20)

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
                    checkout, KEY, [RETURN_SECRET], [WEBHOOK_SECRET], [("crypto_com", "Crypto.com")]
                )
            )
            made.append(cls(engine, origins, gate, shop.state.store.orders, framer))
            stand_in = create_sandbox(SandboxSettings(public_url=sandbox, checkout_url=checkout))
            return [stand_in, gate, shop, framer]

        with serving(4, applications):
            yield made[0]
            made[0]._http.close()

    def reset(self) -> None:
        """Between two tests: what one of them broke is whole again."""
        self.gate.reset()
        self.mend()

    def purchase(self, order: Order | None = None, **fields: Any) -> Purchase:
        """An order of the store and a session for it, as its back end would make it, or with `fields` of its own."""
        order = order or self.orders.place(MUG, "crypto_com")
        wanted = {
            "provider": order.provider,
            "amount": order.product.amount,
            "currency": order.product.currency,
            "order_id": order.id,
            "description": order.product.name,
            "return_url": f"{self.store}/return",
            "cancel_url": f"{self.store}/cancelled",
        }
        return Purchase(self, order, self.api("POST", "/v1/sessions", {**wanted, **fields}))

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

    def fault(self, **fields: Any) -> None:
        self._control("POST", "/faults", fields)

    def mend(self) -> None:
        self._control("DELETE", "/faults")

    def lever(self, ref: str, what: str, webhook: str = "send", **more: Any) -> None:
        self._control("POST", f"/payments/{ref}", {"do": what, "webhook": webhook, **more})

    def log(self) -> list[dict[str, Any]]:
        """Every request to the sandbox and every webhook of it."""
        entries: list[dict[str, Any]] = self._control("GET", "/log")["data"]
        return entries

    def _control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        response = self._http.request(method, f"{self.sandbox}/_control/crypto_com{path}", json=body)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order of the store with one of its sessions. `session` is as it was when it was made."""

    world: World
    order: Order
    session: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.session["url"])

    def now(self) -> dict[str, Any]:
        return self.world.api("GET", f"/v1/sessions/{self.session['id']}")

    def ref(self) -> str:
        """The provider's id of the payment, as soon as there is one."""
        return str(until("the payment exists", lambda: self.now()["provider_ref"]))

    def lever(self, what: str, webhook: str = "send", **more: Any) -> None:
        """Something happens at the provider."""
        self.world.lever(self.ref(), what, webhook, **more)

    def cancel(self) -> None:
        self.world.api("POST", f"/v1/sessions/{self.session['id']}/cancel")

    def refund(self, amount: str | None = None) -> None:
        body = {"amount": amount} if amount else {}
        headers = {"idempotency-key": uuid.uuid4().hex}
        self.world.api("POST", f"/v1/sessions/{self.session['id']}/refunds", body, **headers)

    def look(self) -> None:
        """The merchant asks the checkout to ask the provider."""
        self.world.api("POST", f"/v1/sessions/{self.session['id']}/refresh")

    def signal(self) -> None:
        """The shopper's browser says that the payment was approved."""
        self.world.shopper_says(f"{self.url}/refresh", {"ref": self.ref()})

    def becomes(self, status: str) -> dict[str, Any]:
        """Waits until the merchant's API says `status`."""
        return until(f"the API says {status}", lambda: self._if(status))

    def ends(self, status: str, store: str) -> dict[str, Any]:
        """The merchant's API comes to say `status`, and the store's books, by a verified webhook, `store`."""
        session = self.becomes(status)
        until(f"the store says {store}", lambda: self.order.state == store)
        return session

    def stays(self, status: str, store: str) -> None:
        """What did not happen: the shopper did something, and nothing was paid or cancelled by it."""
        assert (self.now()["status"], self.order.state) == (status, store)

    def _if(self, status: str) -> dict[str, Any] | None:
        session = self.now()
        return session if session["status"] == status else None


def _settings(engine: str, checkout: str, sandbox: str, store: str, folder: Path) -> Any:
    providers = provider_settings(sandbox)
    # More journeys a minute than the account would bear shoppers: they shall not wait for each other.
    providers["crypto_com"]["reads_per_minute"] = 60_000
    return load_settings(
        **providers,
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
        log_level="warning",
    )
