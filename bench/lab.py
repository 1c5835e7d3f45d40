"""What the benchmarks share: one process for each server, started when first asked for, and one browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import uuid
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import httpx
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import launch

ROOT = Path(__file__).resolve().parent.parent
KEY = "bench-merchant-key"
_ORDER = {
    "provider": "crypto_com",
    "amount": "25.00",
    "currency": "USD",
    "return_url": "http://127.0.0.1/done",
    "cancel_url": "http://127.0.0.1/cart",
}


class Lab:
    """A context manager. Servers end with it; databases are files in a folder that goes, too."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._checkouts: dict[str, str] = {}
        self.http = self._stack.enter_context(httpx.Client(timeout=30, trust_env=False))
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @cached_property
    def browser(self) -> Browser:
        playwright = self._stack.enter_context(sync_playwright())
        launched = launch(playwright)
        self._stack.callback(launched.close)
        return launched

    @cached_property
    def bare(self) -> str:
        """The baselines (bench/bare.py)."""
        bound, url = _bound()
        self._serve("bare", bound, {"BENCH_SANDBOX": self.sandbox})
        return self._ready(f"{url}/plain", url)

    @cached_property
    def sandbox(self) -> str:
        """The provider. Its webhooks go to the checkout that runs MicroPython, which is started with it."""
        provider, url = _bound()
        ours, checkout = _bound()
        self._serve("sandbox", provider, {"BENCH_SANDBOX": url, "BENCH_CHECKOUT": checkout})
        self._start_checkout("micropython", ours, checkout, url)
        return url

    def checkout(self, engine: str = "micropython") -> str:
        sandbox = self.sandbox
        if engine not in self._checkouts:
            self._start_checkout(engine, *_bound(), sandbox)
        return self._checkouts[engine]

    def session(self, engine: str = "micropython", **fields: Any) -> dict[str, Any]:
        """A new session with its payment, as the merchant's back end gets it. `fields` are added to the request."""
        answer = self.http.post(
            f"{self.checkout(engine)}/v1/sessions",
            json={**_ORDER, "order_id": uuid.uuid4().hex, **fields},
            headers={"authorization": f"Bearer {KEY}"},
        )
        session: dict[str, Any] = answer.raise_for_status().json()
        if session["provider_ref"] is None:
            raise RuntimeError("the sandbox did not create the payment in time")
        return session

    @property
    def store(self) -> str:
        """The origin of the store's pages that frame a checkout: the baselines' server, and another site than ours."""
        return self.bare.replace("127.0.0.1", "localhost")

    def framed(self, page: str) -> tuple[str, dict[str, Any]]:
        """The address of a store's page (`button` or `inline`) with a new session in it, and that session."""
        session = self.session(embed_origins=[self.store])
        return f"{self.store}/store/{page}?session={session['url']}", session

    def bare_page(self, session: dict[str, Any]) -> str:
        """The same payment on a page that holds the provider's snippet and nothing else."""
        return f"{self.bare}/pay?payment={session['provider_ref']}"

    def pay(self, session: dict[str, Any], webhook: str = "send") -> None:
        """The sandbox takes the payment, and posts its webhook unless that is to `drop`."""
        url = f"{self.sandbox}/_control/crypto_com/payments/{session['provider_ref']}"
        self.http.post(url, json={"do": "pay", "webhook": webhook}).raise_for_status()

    def sent(self) -> list[dict[str, Any]]:
        """The webhooks that the sandbox has posted, oldest first."""
        log = self.http.get(f"{self.sandbox}/_control/crypto_com/log").raise_for_status().json()["data"]
        return [entry for entry in log if entry["direction"] == "out"]

    def _start_checkout(self, engine: str, bound: socket.socket, url: str, sandbox: str) -> None:
        provider = {
            "SECRET_KEY": "sk_test_demo",
            "PUBLISHABLE_KEY": "pk_test_demo",
            "WEBHOOK_SECRET": "whsec_demo",
            "BASE_URL": f"{sandbox}/crypto_com/api",
            "SDK_URL": f"{sandbox}/crypto_com/sdk",
        }
        settings = {
            "CHECKOUT_DATABASE_URL": f"sqlite:///{self._folder / engine}.sqlite3",
            "CHECKOUT_PUBLIC_URL": url,
            "CHECKOUT_API_KEYS": KEY,
            "CHECKOUT_ENGINE": engine,
            "CHECKOUT_CONFIG": str(self._folder / "none.toml"),  # not the developer's own
            **{f"CHECKOUT_CRYPTO_COM__{name}": value for name, value in provider.items()},
        }
        self._serve("checkout", bound, settings)
        self._checkouts[engine] = self._ready(f"{url}/healthz", url)

    def _serve(self, name: str, bound: socket.socket, env: dict[str, str]) -> None:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("CHECKOUT_")}
        command = [sys.executable, "-m", "bench.serve", name, str(bound.fileno())]
        process = subprocess.Popen(command, cwd=ROOT, env={**clean, **env}, pass_fds=[bound.fileno()])
        bound.close()
        self._stack.callback(_stop, process)

    def _ready(self, probe: str, url: str) -> str:
        # The socket listens already: the first answer comes when the server is up.
        self.http.get(probe).raise_for_status()
        return url


def _bound() -> tuple[socket.socket, str]:
    bound = socket.create_server(("127.0.0.1", 0))
    return bound, f"http://127.0.0.1:{bound.getsockname()[1]}"


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
