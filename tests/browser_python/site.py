"""A checkout page small enough to serve from a test, under the real policy header and with page.md's elements.

`Site` counts every request and plays the server's part: a nudge makes the payment succeed, as the provider's
answer would.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

from checkout_server import glue

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
}
TYPES |= {".css": "text/css", ".zip": "application/zip"}
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-test' 'wasm-unsafe-eval'; connect-src 'self'; "
    "style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
)
PANELS = ("open", "checking", "declined", "processing", "succeeded", "expired", "failed")

# Loaded before the bridge: hears what the policy blocks.
PROBE = """
window.violations = [];
addEventListener("securitypolicyviolation", (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`));
window.ReactNativeWebView = { postMessage: (text) => (document.documentElement.dataset[`app_${JSON.parse(text).type}`] = text) };
"""
# A store that frames the checkout, from another origin: what it hears becomes attributes of its page.
STORE = """<!doctype html><title>store</title><script>
addEventListener("message", ({ data, origin }) => {
  const message = JSON.parse(data);
  document.documentElement.dataset[`heard_${message.type}`] = `${origin} ${message.url ?? message.status}`;
});
</script><iframe src="%s/"></iframe>"""
# After the bridge and before any engine: a component that is mounted, opened and approved at once.
COMPONENT = """
const attach = checkout.attach;
checkout.attach = (take) => {
  document.documentElement.dataset.live = Math.round(performance.now());
  attach(take);
};
checkout.mount(({ element, mounted, say }) => {
  element.append(document.createElement("button"));
  mounted();
  say("opened");
  say("approved", { id: "pay_1" });
});
"""


def manifest() -> dict[str, Any]:
    return json.loads((STATIC / "vendor" / "manifest.json").read_text())


def engine_folder(name: str) -> str:
    return next(engine["folder"] for engine in manifest()["engines"] if engine["name"] == name)


@dataclass
class Site:
    engine: str
    view: str = "page"
    redirect: str | None = None
    broken: frozenset[str] = frozenset()  # path prefixes that answer 404
    hooks: dict[str, str] = field(default_factory=dict)
    engine_ms: int = 30_000
    requests: list[str] = field(default_factory=list)
    refs: list[Any] = field(default_factory=list)
    collected: Queue[str] = field(default_factory=Queue)
    status: str = "open"
    version: int = 1

    def __enter__(self) -> Site:
        site = self
        # Once, as the server does: CPython 3.11 cannot parse in several threads at a time.
        self.glue = glue.bundle(self.hooks, engine=self.engine).decode()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None: ...

            def handle(self) -> None:
                with contextlib.suppress(OSError):  # the browser left
                    super().handle()

            def do_GET(self) -> None:
                site.requests.append(f"GET {self.path}")
                site.get(self)

            def do_POST(self) -> None:
                site.requests.append(f"POST {self.path}")
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == "/collect":  # what a merchant's hook counts
                    site.collected.put(body.decode())
                else:
                    site.nudged(json.loads(body) if body else {})
                site.answer(self, 202, b"", "text/plain")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self.thread.start()
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.store = self.origin.replace("127.0.0.1", "localhost")
        return self

    def __exit__(self, *exc: object) -> None:
        self.version = -1
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def nudged(self, body: dict[str, Any]) -> None:
        self.refs.append(body.get("ref"))
        if self.status == "open":
            self.status, self.version = "succeeded", self.version + 1

    def get(self, to: BaseHTTPRequestHandler) -> None:
        path = to.path.split("?")[0]
        if path.startswith(tuple(self.broken)):
            self.answer(to, 404, b"gone", "text/plain")
        elif path == "/events":
            self.stream(to)
        elif path.startswith("/static/boot/"):
            parts = [STATIC / "boot" / name for name in ("start.js", path.rpartition("/")[2])]
            self.answer(to, 200, b"\n".join(part.read_bytes() for part in parts), "text/javascript")
        elif path.startswith(("/static/vendor/", "/static/bridge", "/static/frames")):
            file = STATIC / path.removeprefix("/static/")
            self.answer(to, 200, file.read_bytes(), TYPES[file.suffix])
        else:
            content, kind = {
                "/": (self.html(), "text/html; charset=utf-8"),
                "/done": ("<!doctype html><title>done</title><p id=done>done", "text/html"),
                "/glue.json": (self.glue, "application/json"),
                "/status": (json.dumps(self.snapshot()), "application/json"),
                "/store": (STORE % self.origin, "text/html"),
                "/probe.js": (PROBE, "text/javascript"),
                "/component.js": (COMPONENT, "text/javascript"),
            }.get(path, ("", "text/plain"))
            self.answer(to, 200, content.encode(), kind, policy="" if path == "/store" else POLICY)

    def answer(
        self, to: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, policy: str = POLICY
    ) -> None:
        to.send_response(status)
        to.send_header("Content-Type", kind)
        to.send_header("Content-Length", str(len(body)))
        to.send_header("Content-Security-Policy", policy)
        to.end_headers()
        to.wfile.write(body)

    def stream(self, to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Type", "text/event-stream")
        to.send_header("Connection", "close")
        to.end_headers()
        to.close_connection = True
        sent = 0
        while self.version > 0:
            if self.version != sent:
                sent = self.version
                to.wfile.write(
                    f"event: snapshot\nid: {sent}\ndata: {json.dumps(self.snapshot())}\n\n".encode()
                )
                to.wfile.flush()
            time.sleep(0.02)

    def snapshot(self) -> dict[str, Any]:
        paid = self.status == "succeeded"
        return {
            "status": self.status,
            "final": paid,
            "paid": paid,
            "version": self.version,
            "redirect": self.redirect if paid else None,
            "redirect_after_ms": 50,
            "already_paid": False,
            "checking": False,
            "unavailable": False,
            "payable": not paid,
            "failure": None,
            "text": {"received": "25.00 USD"} if paid else {},
            "expires_at": "2030-01-01T00:10:00Z",
            "now": "2030-01-01T00:00:30Z",
        }

    def data(self) -> dict[str, Any]:
        return {
            "provider": "crypto_com",
            "engine": self.engine,
            "view": self.view,
            "urls": {"status": "/status", "events": "/events", "refresh": "/refresh", "leave": "/leave"},
            "snapshot": self.snapshot(),
            "component": {},
            "host_origins": [self.store] if self.view == "embed" else [],
            "hooks": [path.removesuffix(".py") for path in self.hooks],
            "limits": {"engine_ms": self.engine_ms, "mount_ms": 6000, "poll_ms": 300},
            "words": {"left_5": "5 minutes left", "open_popup": "Close the other window."},
            "assets": {
                "boot": f"/static/boot/{self.engine}.js",
                "glue": "/glue.json",
                "engine": f"/static/vendor/{engine_folder(self.engine)}/",
            },
        }

    def html(self) -> str:
        sections = "".join(
            f'<section data-panel="{name}"{"" if name == "open" else " hidden"}><h1>{name}</h1>'
            f'<p>About <b data-text="received">nothing</b></p></section>'
            for name in PANELS
        )
        return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Checkout</title>
<script nonce="test" src="/probe.js"></script>
<main id="checkout" data-panel="open" data-view="{self.view}">{sections}
<ol id="progress" data-step="0"><li>pay<li>seen<li>confirmed</ol>
<div id="pay"><div id="component" data-state="loading"></div><a id="hosted" href="/hosted">hosted</a></div>
<time id="countdown"></time><p id="announce" role="status" aria-live="polite"></p><p id="help" hidden></p>
<p id="note" hidden></p>
<a id="continue" href="/">continue</a></main>
<script type="application/json" id="checkout-data">{json.dumps(self.data())}</script>
<script nonce="test" src="/static/bridge.js" defer></script>
<script nonce="test" src="/static/frames.js" defer></script>
<script nonce="test" src="/component.js" defer></script>
<script nonce="test" src="/static/boot/{self.engine}.js" type="module"></script>
</html>"""
