"""A sandbox and a strict merchant page on two origins, for tests that need a real browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from checkout_server.sandbox import SandboxSettings, create_sandbox
from tests.chromium import launch


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = launch(playwright)
        yield launched
        launched.close()


@contextmanager
def serving(app: Any, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def listener() -> tuple[socket.socket, str]:
    bound = socket.create_server(("127.0.0.1", 0))
    return bound, f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def sandbox() -> Iterator[str]:
    """The address of a running sandbox without a webhook receiver."""
    bound, url = listener()
    with serving(create_sandbox(SandboxSettings(public_url=url)), bound):
        yield url


_SHOP = """<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
<div id="pay-button" data-payment-id="{payment}" data-lang="{lang}" data-create="{create}"></div>
<p id="approved"></p><p id="errors"></p>
<script src="/watch.js"></script>
<script src="{sandbox}/crypto_com/sdk?publishable-key=pk_test_demo" crossorigin></script>
<script src="/shop.js"></script></html>"""

# Before the button's script, so that nothing which that one does goes unseen.
_WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => window.violations.push(event.effectiveDirective));
"""

_SCRIPT = """
const box = document.querySelector("#pay-button");
const errors = document.querySelector("#errors");
addEventListener("error", (event) => { errors.textContent += event.message; });
addEventListener("unhandledrejection", (event) => { errors.textContent += event.reason.message; });
cryptopay.Button({
  createPayment(actions) {
    if (box.dataset.create === "no") return actions.payment.fetch(box.dataset.paymentId);
    return actions.payment.create({ currency: "USD", amount: 100, order_id: "o-1", metadata: { size: "XL" } });
  },
  onApprove(data, actions) {
    actions.payment.fetch(data.id).then((payment) => {
      document.querySelector("#approved").textContent = `${data.id} ${payment.status}`;
    });
  },
  defaultLang: box.dataset.lang,
}).render("#pay-button");
"""


@contextmanager
def shop(sandbox_url: str) -> Iterator[str]:
    """A merchant's page with the button under a policy that allows the sandbox's script and calls, and no more.

    The same page without a policy is `/careless`.
    """
    policy = f"default-src 'none'; script-src 'self' {sandbox_url}; connect-src {sandbox_url}"

    async def home(request: Request) -> Response:
        query = {"payment": "", "lang": "en-US", "create": "no", **request.query_params}
        html = _SHOP.format(sandbox=sandbox_url, **query)
        coop = "same-origin-allow-popups"
        if request.url.path == "/careless":
            return HTMLResponse(html)
        return HTMLResponse(
            html,
            headers={"Content-Security-Policy": policy, "Cross-Origin-Opener-Policy": coop},
        )

    async def script(request: Request) -> Response:
        text = _WATCH if request.url.path == "/watch.js" else _SCRIPT
        return Response(text, media_type="text/javascript")

    bound, url = listener()
    pages = [Route(path, home) for path in ("/", "/back", "/careless")]
    scripts = [Route(path, script) for path in ("/watch.js", "/shop.js")]
    app = Starlette(routes=[*pages, *scripts])
    with serving(app, bound):
        yield url
