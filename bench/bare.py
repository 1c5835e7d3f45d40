"""The baselines: what a developer would write without this project, and nothing around it."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

_PACKAGES = Path(__file__).resolve().parent.parent / "node_modules"

# The provider's snippet as its document has it, for a payment that the server created.
_SNIPPET = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Pay</title></head>
<body>
<div id="pay-button"></div>
<script src="{sandbox}/crypto_com/sdk?publishable-key=pk_test_demo"></script>
<script>
cryptopay.Button({{
  createPayment: (actions) => actions.payment.fetch("{payment}"),
  onApprove: (data, actions) => {{ location.href = "/plain"; }},
  defaultLang: "en-US",
}}).render("#pay-button");
</script>
</body>
</html>
"""

# A handler for an element's own event: the least that a page wants of Python.
_HANDLER = """
import js
{proxy}

def paid(event=None):
    js.document.getElementById("state").textContent = "paid"

js.document.getElementById("button").addEventListener("paid", create_proxy(paid))
"""
_ENGINE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Engine</title></head>
<body>
<div id="button"></div><p id="state">open</p>
<script type="module">
{load}
engine.runPython({handler});
document.getElementById("button").dispatchEvent(new CustomEvent("paid"));
if (document.getElementById("state").textContent === "paid") performance.mark("python-live");
</script>
</body>
</html>
"""
# A store's pages around a checkout. What the store hears and when its shopper clicked are kept as wall time in ms.
_STORE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Store</title>{script}</head>
<body>
{body}
<script>
const now = (event) => performance.timeOrigin + event.timeStamp;
window.heard = [];
addEventListener("click", (event) => (window.clicked = now(event)), true);
addEventListener("checkout:status", (event) => heard.push([event.detail.status, now(event)]));
addEventListener("checkout:redirect", (event) => event.preventDefault());
</script>
</body>
</html>
"""
_BODIES = {
    "button": '<button id="open" data-checkout="{session}">Pay</button>',
    "inline": '<checkout-embed session-url="{session}"></checkout-embed>',
}
# The least that opens a payment over a page: the same payment and script, in a frame as large as ours.
_FRAME = """<button id="open">Pay</button>
<script>
document.getElementById("open").onclick = () => {{
  const frame = document.createElement("iframe");
  frame.src = "{session}";
  frame.style.cssText = "position: fixed; inset: 0; margin: auto; width: 30rem; height: 100%; border: 0";
  document.body.append(frame);
}};
</script>"""
_MICROPYTHON = """
import { loadMicroPython } from "/packages/@micropython/micropython-webassembly-pyscript/micropython.mjs";
const engine = await loadMicroPython();
"""
_PYODIDE = """
import { loadPyodide } from "/packages/pyodide/pyodide.mjs";
const engine = await loadPyodide();
"""
_ENGINES = {
    "micropython": (_MICROPYTHON, "from jsffi import create_proxy"),
    "pyodide": (_PYODIDE, "from pyodide.ffi import create_proxy"),
}


async def plain(request: Request) -> Response:
    return PlainTextResponse("ok")


async def pay(request: Request) -> Response:
    payment = request.query_params["payment"]
    return HTMLResponse(_SNIPPET.format(sandbox=os.environ["BENCH_SANDBOX"], payment=payment))


async def store(request: Request) -> Response:
    """`button` and `inline` hold the session at the address `session`, `bare` any page."""
    session, name = request.query_params["session"], request.path_params["name"]
    ours = session.partition("/checkout/")[0]
    script = f'<script src="{ours}/embed.js"></script>' if name in _BODIES else ""
    body = _BODIES.get(name, _FRAME).format(session=session)
    return HTMLResponse(_STORE.format(script=script, body=body))


async def engine(request: Request) -> Response:
    load, proxy = _ENGINES[request.path_params["name"]]
    handler = "`" + _HANDLER.format(proxy=proxy) + "`"
    return HTMLResponse(_ENGINE.format(load=load, handler=handler))


def create_bare() -> Starlette:
    """`/plain`, `/pay?payment=`, `/store/button?session=`, `/engine/micropython`, `/engine/pyodide`; the packages as npm installed them."""
    return Starlette(
        routes=[
            Route("/plain", plain),
            Route("/pay", pay),
            Route("/store/{name}", store),
            Route("/engine/{name}", engine),
            Mount("/packages", StaticFiles(directory=_PACKAGES)),
        ]
    )
