"""The whole page part in real browsers under the real policy: every engine, and no engine at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser_python.browsers import BROWSERS, TIMEOUT_S, Window
from tests.browser_python.site import Site

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ["micropython", pytest.param("pyodide", marks=pytest.mark.slow), "pyscript"]


@pytest.fixture(scope="module", params=BROWSERS)
def window(request: pytest.FixtureRequest) -> Iterator[Window]:
    with BROWSERS[request.param]() as window:
        yield window


def text(window: Window, selector: str) -> str:
    return window.run(f"document.querySelector('{selector}').textContent")


def assert_contained(window: Window, site: Site) -> None:
    """Nothing was blocked by the policy, because nothing tried; nothing left our origin."""
    assert window.run("violations") == []
    urls = window.run("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [url for url in urls if not url.startswith(site.origin)] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_queued_before_python_ends_as_a_paid_page(window: Window, engine: str) -> None:
    with Site(engine) as site:
        window.open(site.origin)
        window.wait_for("main[data-panel=succeeded]")

        assert window.run("document.documentElement.dataset.live"), "Python never attached"
        assert site.refs == ["pay_1"]
        assert text(window, "section[data-panel=succeeded]:not([hidden]) b") == "25.00 USD"
        assert window.run("[...document.querySelectorAll('section')].filter((s) => !s.hidden).length") == 1
        assert window.run("document.querySelector('#pay').hidden")
        assert text(window, "#announce") == "succeeded. About 25.00 USD"
        assert_contained(window, site)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_shopper_leaves_for_the_store(window: Window, engine: str) -> None:
    with Site(engine, redirect="/done") as site:
        window.open(site.origin)
        window.wait_for("#done")

        assert len([request for request in site.requests if request == "GET /done"]) == 1


@pytest.mark.parametrize("engine", ["micropython", "pyscript"])
@pytest.mark.parametrize("missing", ["/static/vendor/", "/static/boot/", "/glue.json"])
def test_without_an_engine_the_bridge_finishes(window: Window, engine: str, missing: str) -> None:
    with Site(engine, broken=frozenset([missing])) as site:
        window.open(site.origin)
        window.wait_for("main[data-panel=succeeded]")

        assert not window.run("document.documentElement.dataset.live")
        assert site.refs == ["pay_1"]
        assert text(window, "#announce") == "succeeded"
        assert_contained(window, site)


def test_python_that_comes_late_takes_over(window: Window) -> None:
    with Site("micropython", engine_ms=0, redirect="/done") as site:
        window.open(site.origin)
        window.wait_for("#done")

        assert len([request for request in site.requests if request == "GET /done"]) == 1
        assert set(site.refs) == {"pay_1"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_refused_stream_is_replaced_by_polling(window: Window, engine: str) -> None:
    with Site(engine, broken=frozenset(["/events"])) as site:
        window.open(site.origin)
        window.wait_for("main[data-panel=succeeded]")

        assert "GET /status" in site.requests
        assert_contained(window, site)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_frame_speaks_to_the_store_around_it(window: Window, engine: str) -> None:
    with Site(engine, view="embed", redirect="https://store.example/") as site:
        window.open(f"{site.store}/store")
        window.wait_for("html[data-heard_ready]")
        window.wait_for("html[data-heard_redirect]")

        heard = window.run("({...document.documentElement.dataset})")
        assert heard["heard_status"] == f"{site.origin} succeeded"
        assert heard["heard_redirect"] == f"{site.origin} https://store.example/"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_native_app_is_told(window: Window, engine: str) -> None:
    with Site(engine, view="webview") as site:
        window.open(site.origin)
        window.wait_for("html[data-app_ready]")
        window.wait_for("main[data-panel=succeeded]")

        status = json.loads(window.run("document.documentElement.dataset.app_status"))
        assert status == {
            "v": 1,
            "type": "status",
            "status": "succeeded",
            "paid": True,
            "final": True,
            "version": 2,
        }


@pytest.mark.parametrize("engine", ENGINES)
def test_the_hooks_of_the_guide_do_what_it_says(window: Window, engine: str) -> None:
    guide = (ROOT / "docs" / "hooks.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    with Site(engine, hooks={f"guide_{n}.py": block for n, block in enumerate(blocks)}) as site:
        window.open(site.origin)
        window.wait_for("main[data-panel=succeeded]")
        assert text(window, "#note:not([hidden])") == "Thank you. We are packing already."
        counted = [site.collected.get(timeout=TIMEOUT_S) for _ in range(2)]
        assert counted == ["checkout open", "checkout succeeded"]
        assert_contained(window, site)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_merchants_hook_runs_and_a_broken_one_breaks_nothing(window: Window, engine: str) -> None:
    hooks = {
        "broken_hooks.py": "from checkout_ui.hooks import on\non('status', lambda snapshot: 1 / 0)\n",
        "shop_hooks.py": (
            "import js\nfrom checkout_ui.hooks import on\n\n"
            "@on('succeeded')\n"
            "async def thank(snapshot):\n"
            "    js.document.documentElement.setAttribute('data-thanked', snapshot['status'])\n"
        ),
        "wrong_hooks.py": "import no_such_module\n",
    }
    with Site(engine, hooks=hooks) as site:
        window.open(site.origin)
        window.wait_for("html[data-thanked=succeeded]")
        window.wait_for("main[data-panel=succeeded]")
        assert_contained(window, site)
