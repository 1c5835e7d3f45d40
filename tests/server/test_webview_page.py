"""The self-test page of an app's WebView: as strict as a checkout, and complete by the table of rules."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from checkout_server.hints import ReturnRejected, verify_hint
from checkout_server.selftest import CHECKS, FOREGROUND
from checkout_server.webview import RULES, decide
from tests.api.shape import is_problem
from tests.api.stream import stream
from tests.pages.markup import Document, Element
from tests.world import RETURN_SECRET, World

ROOT = Path(__file__).parents[2]
SCRIPT = (ROOT / "static/webview.js").read_text()
BACK = "shop://done?order=7"


async def test_its_policy_is_strict_and_its_files_are_ours(lite: World) -> None:
    answer = await lite.http.get("/webview")
    assert answer.status_code == 200
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers

    page = Document(answer.text)
    assert "noindex" in str(page.all("meta", name="robots")[0].attrs["content"])
    assert not page.all("style")
    for element in page.elements:
        assert not [name for name in element.attrs if name == "style" or name.startswith("on")], element
    (script,) = page.all("script")
    assert not script.text.strip()
    files = [
        str(script.attrs["src"]),
        *(str(each.attrs["href"]) for each in page.all("link", rel="stylesheet")),
    ]
    assert len(files) == 3
    for file in [*files, str(script.attrs["data-server"])]:
        assert (await lite.http.get(file)).status_code == 200, file


async def test_every_check_and_every_rule_has_its_line(lite_url: str) -> None:
    async with _app(lite_url) as world:
        page = Document((await world.http.get("/webview", params={"return": BACK})).text)
    lines = _lines(page)
    assert {check.key for check in (*CHECKS, FOREGROUND)} <= lines.keys()
    # What the script shows by itself is what the page has a line for.
    automatic = re.findall(
        r"^    (\w+)(?:,|:)", SCRIPT.partition("const AUTOMATIC = {")[2].partition("\n  };")[0], re.MULTILINE
    )
    assert set(automatic) == {check.key for check in CHECKS if check.result == "todo"}

    pressed = {
        rule.key: [line for line in lines.values() if line.attrs.get("data-rule") == rule.key]
        for rule in RULES
    }
    for rule in RULES:
        assert pressed[rule.key], rule.key
    left_out = {key for key, (line, *_) in pressed.items() if line.attrs["data-result"] != "todo"}
    assert left_out == {"code", "web"}
    assert "policy stops such links" in lines["code"].text
    assert "this page is one" in lines["web"].text


async def test_each_link_is_a_case_of_its_rule(lite_url: str) -> None:
    async with _app(lite_url) as world:
        page = Document((await world.http.get("/webview", params={"return": BACK})).text)
    rules = {key: line.attrs["data-rule"] for key, line in _lines(page).items() if "data-rule" in line.attrs}
    seen = set()
    for control in [item for item in page.elements if "data-press" in item.attrs]:
        link = str(control.attrs.get("href") or control.attrs["data-url"])
        window = control.tag == "button" or control.attrs.get("target") == "_blank"
        link = f"http://checkout.test{link}" if link.startswith("/") else link
        key = str(control.attrs["data-press"])
        assert decide(link, returns=[BACK], window=window).rule == rules[key], link
        seen.add(key)
    assert seen == {"return", "intent", "window", "window_open", "wallet", "wc"}


async def test_the_return_link_is_as_in_life_and_proves_nothing(lite_url: str) -> None:
    async with _app(lite_url) as world:
        page = Document((await world.http.get("/webview", params={"return": BACK})).text)
    (link,) = page.all("a", data_press="return")
    href = str(link.attrs["href"])
    assert href.startswith(f"{BACK}&checkout_session=cs_selftest&")
    with pytest.raises(ReturnRejected, match="signature"):
        verify_hint(href, [RETURN_SECRET])


@pytest.mark.parametrize(
    "back",
    [
        "other://done",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://name@evil.example/",
        'shop://"><script>alert(1)</script>',
        "",
        "https://" + "a" * 2000,
    ],
)
async def test_where_nobody_may_return_is_said_and_not_linked(lite_url: str, back: str) -> None:
    async with _app(lite_url) as world:
        answer = await world.http.get("/webview", params={"return": back})
    assert answer.status_code == 200
    page = Document(answer.text)
    assert "is not tried" in page.all("p", **{"class": "refused"})[0].text
    assert not page.all("a", data_press="return")
    assert not back or back not in answer.text
    assert len(page.all("script")) == 1


@pytest.mark.parametrize("public", ["https://pay.test/pay", "http://pay.test/pay"])
async def test_under_a_sub_path_and_with_a_fallback_that_counts(lite_url: str, public: str) -> None:
    async with _app(lite_url, public_url=public) as world:
        page = Document((await world.http.get("/pay/webview")).text)
    (script,) = page.all("script")
    paths = [str(script.attrs[name]) for name in ("src", "data-server", "data-events")]
    paths.append(str(page.all("a", data_press="window")[0].attrs["href"]))
    assert [path for path in paths if not path.startswith("/pay/")] == []
    (intent,) = page.all("a", data_press="intent")
    assert quote(public, safe="") in str(intent.attrs["href"])
    fallback = decide(str(intent.attrs["href"])).fallback
    counts = public.startswith("https:")
    assert fallback == (f"{public}/webview?opened=intent" if counts else None)
    assert ("must be https" in str(_lines(page)["intent"].attrs["data-stayed"])) == (not counts)


async def test_the_stream_sends_one_snapshot_and_stays(lite: World) -> None:
    async with stream(lite.app, "/webview/events") as live:
        assert live.headers["content-type"].partition(";")[0] == "text/event-stream"
        assert live.headers["x-accel-buffering"] == "no"
        assert (await live.event())["event"] == "snapshot"
        # One that ended at once would come through whatever holds streams back.
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await live.ended()


async def test_anybody_may_listen_but_not_many_at_once(lite: World) -> None:
    for _ in range(20):
        async with stream(lite.app, "/webview/events") as live:
            assert live.status == 200
    is_problem(await lite.http.get("/webview/events"), 429, "too_many")
    lite.clock.forward(seconds=1)
    async with stream(lite.app, "/webview/events") as live:
        assert live.status == 200


def test_it_looks_for_the_apps_that_a_checkout_tells() -> None:
    runtime = (
        (ROOT / "checkout_ui/runtime.py").read_text().partition("def tell_app")[2].partition("def log")[0]
    )
    told = re.findall(r'"([\w.]+)"', runtime.partition("for path in (")[2].partition(")")[0])
    told += re.findall(r'_look_up\("(\w+)"\)', runtime)
    (flutter,) = re.findall(r'const FLUTTER = "(\w+)"', SCRIPT)
    looked_for = re.findall(r'"([\w.]+)"', SCRIPT.partition("const APPS = [")[2].partition("]")[0])
    assert [*looked_for, flutter] == told


@asynccontextmanager
async def _app(url: str, **settings: str) -> AsyncIterator[World]:
    async with World.open(url, app_schemes=["shop"], **settings) as world:
        yield world


def _lines(page: Document) -> dict[str, Element]:
    return {str(item.attrs["data-check"]): item for item in page.elements if "data-check" in item.attrs}
