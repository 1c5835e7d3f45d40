"""The pages in a real browser, under the very headers they are sent with."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from checkout_server.pages import Page, Pages
from tests.chromium import launch
from tests.pages.samples import PANELS, session

pytestmark = pytest.mark.browser

HEAR = "window.heard = []; addEventListener('securitypolicyviolation', e => heard.push(e.blockedURI + ' ' + e.violatedDirective))"


@dataclass
class Server:
    url: str
    pages: dict[str, Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def server(pages: Pages, engines: Path) -> Iterator[Server]:
    served: dict[str, Page] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            if name in served:
                return self.answer(served[name].headers, served[name].html.encode())
            asset = pages.assets.lookup(name.removeprefix("static/"))
            if asset:
                return self.answer(asset.headers, asset.content)
            self.send_error(404)
            return None

        def answer(self, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(200)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield Server(f"http://127.0.0.1:{http.server_port}", served)
        http.shutdown()
        thread.join()


@contextmanager
def tab(browser: Browser, width: int = 320, **options: Any) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": width, "height": 740}, **options)
    page = context.new_page()
    page.add_init_script(HEAR)
    page.route("https://**", lambda route: route.abort())
    yield page
    context.close()


@pytest.mark.parametrize("locale", ["en", "de", "ar"])
def test_nothing_is_blocked_and_nothing_overflows(
    browser: Browser, server: Server, pages: Pages, locale: str
) -> None:
    for panel in PANELS:
        server.pages[panel] = pages.render_checkout(session(panel, locale))
    server.pages["status"] = pages.render_status(session("open", locale))
    server.pages["error"] = pages.render_error("not_found", locale)
    with tab(browser) as page:
        for name in server.pages:
            page.goto(f"{server.url}/{name}")
            assert page.evaluate("heard") == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
            # The theme is in force, so both style sheets were let through.
            assert page.evaluate(
                "getComputedStyle(document.documentElement).getPropertyValue('--radius')"
            ) == ("12px")


def test_a_component_that_comes_late_moves_nothing(browser: Browser, server: Server, pages: Pages) -> None:
    server.pages["open"] = pages.render_checkout(session("open"))
    with tab(browser, 1280) as page:
        page.route("**/*.js", lambda route: route.abort())
        page.goto(f"{server.url}/open")
        before = page.locator("#leave").bounding_box()
        page.evaluate(
            """() => {
              const component = document.getElementById("component");
              component.append(Object.assign(document.createElement("button"), {textContent: "Pay"}));
              component.firstChild.style.height = "48px";
              component.dataset.state = "mounted";
              Object.assign(document.getElementById("countdown"), {textContent: "9:59", hidden: false});
            }"""
        )
        assert page.locator("#leave").bounding_box() == before


def test_without_javascript_the_way_is_open(browser: Browser, server: Server, pages: Pages) -> None:
    server.pages["open"] = pages.render_checkout(session("open"))
    with tab(browser, java_script_enabled=False) as page:
        page.goto(f"{server.url}/open")
        hosted = page.get_by_role("link", name="Continue to Crypto.com Pay")
        assert hosted.count() == 1
        assert hosted.get_attribute("href") == session().hosted_url
        assert page.get_by_role("link", name="See how the payment stands").is_visible()
        assert not page.locator("#component").is_visible()


def test_focus_is_seen_and_runs_in_order(browser: Browser, server: Server, pages: Pages) -> None:
    server.pages["declined"] = pages.render_checkout(session("declined"))
    with tab(browser, 1280) as page:
        page.route("**/*.js", lambda route: route.abort())
        page.goto(f"{server.url}/declined")
        for name in ("Continue to Crypto.com Pay", "Back to Nordlicht Books"):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent.trim()") == name
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize(
    "options", [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"reduced_motion": "reduce"}]
)
def test_the_settings_of_the_shopper(
    browser: Browser, server: Server, pages: Pages, options: dict[str, str]
) -> None:
    server.pages["open"] = pages.render_checkout(session("open"))
    with tab(browser, **options) as page:
        page.goto(f"{server.url}/open")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        duration = page.evaluate("getComputedStyle(document.getElementById('hosted')).transitionDuration")
    expected = {"dark": "rgb(14, 17, 21)", "active": "rgb(255, 255, 255)", "reduce": "rgb(245, 246, 248)"}
    (value,) = options.values()
    assert ground == expected[value]
    assert (duration == "0s") == ("reduced_motion" in options)
