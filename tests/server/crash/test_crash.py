"""A real process is killed between sending a create and hearing its answer. One payment, whatever happened to it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_server.sandbox.app import create_sandbox
from checkout_server.sandbox.settings import SandboxSettings
from tests.sandbox.live import listener, serving
from tests.world import KEY, ORDER

pytestmark = pytest.mark.slow
MERCHANT = {"authorization": f"Bearer {KEY}", "idempotency-key": "order-1"}


def until(what: Callable[[], Any], seconds: float = 120) -> Any:
    """Asks until there is something to tell."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := what():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("it never came")


class Holding:
    """Keeps back the answer to the first create until its caller is gone: carried out, or never arrived."""

    def __init__(self, app: ASGIApp, *, arrives: bool) -> None:
        self._app = app
        self._arrives = arrives
        self.held = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_create = scope["type"] == "http" and (scope["method"], scope["path"][-9:]) == ("POST", "/payments")
        if not is_create or self.held.is_set():
            await self._app(scope, receive, send)
            return
        if self._arrives:
            await self._app(scope, receive, _to_nobody)
        self.held.set()
        while (await receive())["type"] != "http.disconnect":
            pass


async def _to_nobody(_: Message) -> None:
    """Where an answer goes that nobody hears."""


class Provider:
    """The sandbox in a thread of this process, over a real socket."""

    def __init__(self, url: str, held: threading.Event) -> None:
        self.url = url
        self.held = held
        self.http = httpx.Client(base_url=url, trust_env=False)

    def creates(self) -> int:
        log = self.http.get("/_control/crypto_com/log").json()["data"]
        return sum((e["method"], e["path"]) == ("POST", "/crypto_com/api/payments") for e in log)

    def payments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get("/_control/crypto_com/payments").json()["data"]
        return found


@pytest.fixture(params=[True, False], ids=["carried_out", "never_arrived"])
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    bound, url = listener()
    app = Holding(create_sandbox(SandboxSettings(public_url=url)), arrives=request.param)
    with serving(app, bound):
        sandbox = Provider(url, app.held)
        yield sandbox
        sandbox.http.close()


@contextmanager
def server(
    database_url: str, provider: Provider, folder: Path, *, ahead: int
) -> Iterator[tuple[Any, httpx.Client]]:
    port_file = folder / f"port-{ahead}"
    command = [
        sys.executable,
        "-m",
        "tests.server.crash.serve",
        database_url,
        provider.url,
        str(port_file),
        str(ahead),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = until(lambda: port_file.exists() and port_file.read_text())
        with httpx.Client(base_url=url, headers=MERCHANT, timeout=1, trust_env=False) as client:
            until(lambda: client.get("/healthz").is_success)
            yield process, client
    finally:
        process.kill()
        process.wait()


def test_killed_between_sending_and_hearing(database_url: str, provider: Provider, tmp_path: Path) -> None:
    with server(database_url, provider, tmp_path, ahead=0) as (process, client):
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/sessions", json=ORDER)
        assert provider.held.is_set()
        process.kill()
    before = len(provider.payments())
    assert before == provider.creates()

    with server(database_url, provider, tmp_path, ahead=120) as (_, client):
        session = until(
            lambda: next((s for s in client.get("/v1/sessions").json()["data"] if s["provider_ref"]), None)
        )
        (payment,) = provider.payments()
        assert provider.creates() == 1, (
            "what was carried out is found, and only what never arrived is made again"
        )
        assert session["provider_ref"] == payment["id"]
        assert payment["order_id"] == session["id"]
        # The merchant's own repetition of the request that was never answered tells of the same session.
        again = client.post("/v1/sessions", json=ORDER, timeout=30)
        assert (again.status_code, again.json()["id"]) == (201, session["id"])
        assert len(provider.payments()) == 1
