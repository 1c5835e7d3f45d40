"""One small store for each framework: its page, its script and the framework itself, as they come from npm."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route

from e2e.harness.purchase import Purchase
from e2e.harness.world import World

FRAMEWORKS = ("react", "vue", "htmx")

_HERE = Path(__file__).parent
_PACKAGES = _HERE / "node_modules"
_ESM = {"vue": "vue/dist/vue.runtime.esm-browser.prod.js", "htmx": "htmx.org/dist/htmx.esm.js"}
# React is published for bundlers only. In the order in which they need each other.
_REACT = {
    "react": "react/cjs/react.production.js",
    "scheduler": "scheduler/cjs/scheduler.production.js",
    "react-dom": "react-dom/cjs/react-dom.production.js",
    "react-dom/client": "react-dom/cjs/react-dom-client.production.js",
}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Store</title><link rel="icon" href="data:,">
<meta name="htmx-config" content='{"includeIndicatorStyles": false, "allowEval": false}'>
<script src="%(checkout)s/embed.js" defer></script><script src="/store.js" type="module"></script>
<body data-first="%(first)s" data-second="%(second)s"><h1>Store</h1><main>%(main)s</main></html>"""
_HTMX = """<button hx-get="/first" hx-target="#place">First order</button>
<button hx-get="/second" hx-target="#place">Second order</button>
<button hx-get="/basket" hx-target="#place">Basket</button>
<button hx-get="/nothing" hx-target="#place">Hide</button>
<output hx-get="/heard" hx-trigger="checkout:status from:body"></output><div id="place"></div>"""
_EMBED = '<checkout-embed id="checkout" session-url="%s" label="Checkout"%s></checkout-embed>'


@dataclass
class FrameworkStore:
    """The store at the world's framing origin, built with `framework`, selling two orders."""

    world: World
    framework: str
    first: Purchase
    second: Purchase

    def opens_in(self, page: Page) -> None:
        # The page itself comes by the network: Chromium trusts no other to ask this machine for anything.
        self.world.framer.html, self.world.framer.policy = self._page(), self._policy()
        page.route(re.compile(f"^{self.world.framing}/."), self._serve)
        page.goto(self.world.framing)

    def _serve(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.path.endswith(".js"):
            script = _library(self.framework) if asked.path == "/library.js" else _script(self.framework)
            route.fulfill(body=script, content_type="text/javascript")
        else:
            route.fulfill(body=self._fragment(asked.path, asked.query), content_type="text/html")

    def _policy(self) -> str:
        checkout = self.world.checkout
        return f"default-src 'none'; script-src 'self' {checkout}; frame-src {checkout}; connect-src 'self'; img-src data:"

    def _page(self) -> str:
        values = {
            "checkout": self.world.checkout,
            "first": self.first.url,
            "second": self.second.url,
            "main": _HTMX if self.framework == "htmx" else "",
        }
        return _PAGE % values

    def _fragment(self, path: str, query: str) -> str:
        if path == "/heard":
            return escape(parse_qs(query)["status"][0])
        fragments = {
            "/first": _EMBED % (escape(self.first.url), ""),
            "/second": _EMBED % (escape(self.second.url), ""),
            "/basket": "<p>One mug</p>" + _EMBED % (escape(self.second.url), " hx-preserve"),
            "/nothing": "",
            "/thanks": "<h2>Thank you</h2>",
        }
        return fragments[path]


def _script(framework: str) -> str:
    return (_HERE / f"{framework}.js").read_text()


@cache
def _library(framework: str) -> str:
    """The framework as one module."""
    if not _PACKAGES.is_dir():
        pytest.fail("the frameworks are not installed: make test does it, or npm ci in e2e/frameworks")
    if framework in _ESM:
        return (_PACKAGES / _ESM[framework]).read_text()
    parts = [
        f"made[{json.dumps(name)}] = ((module, exports) => {{{(_PACKAGES / path).read_text()}\nreturn module.exports}})"
        "(...(() => { const module = { exports: {} }; return [module, module.exports]; })());"
        for name, path in _REACT.items()
    ]
    return "\n".join(
        [
            "const made = {};",
            "const require = (name) => made[name];",
            *parts,
            'export const { createElement, useState } = made["react"];',
            'export const { createRoot } = made["react-dom/client"];',
        ]
    )
