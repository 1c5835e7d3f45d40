from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from checkout_server.policy import PageRules, UnsafeSource, View, headers
from checkout_server.providers.base import Policy

NONCE = "bm9uY2Utb2YtdGVzdHM"
PROVIDER = Policy(
    script=("https://js.pay.example",),
    connect=("https://api.pay.example", "wss://live.pay.example"),
    frame=("https://js.pay.example",),
    img=("https://*.pay.example",),
    font=("https://js.pay.example",),
    style=("https://js.pay.example",),
    permissions=("payment", "clipboard-write"),
)
STORE = "https://store.example"


def rules(view: View, **changes: object) -> PageRules:
    made = PageRules(
        view=view, nonce=NONCE, report_url="/csp-report", provider=PROVIDER, embed_origins=(STORE,)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def directives(view: View, **changes: object) -> dict[str, list[str]]:
    policy = headers(rules(view, **changes))["content-security-policy"]
    parts = [part.split() for part in policy.split("; ")]
    names = [part[0] for part in parts]
    assert len(names) == len(set(names))
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize("view", get_args(View))
def test_what_holds_for_every_view(view: View) -> None:
    found = directives(view)
    assert found["default-src"] == ["'none'"]
    assert found["base-uri"] == ["'none'"]
    assert found["report-uri"] == ["/csp-report"]
    assert found["report-to"] == ["csp"]
    assert "'unsafe-eval'" not in str(found)
    assert "'unsafe-inline'" not in str(found)
    others = headers(rules(view))
    assert others["reporting-endpoints"] == 'csp="/csp-report"'
    assert others["referrer-policy"] == "strict-origin"
    assert others["x-content-type-options"] == "nosniff"
    assert others["cache-control"] == "no-store"


@pytest.mark.parametrize("view", ["page", "embed", "webview", "popup"])
def test_pages_with_a_component(view: View) -> None:
    found = directives(view)
    assert found["script-src"] == [
        "'self'",
        f"'nonce-{NONCE}'",
        "'wasm-unsafe-eval'",
        "https://js.pay.example",
    ]
    assert found["connect-src"] == ["'self'", "https://api.pay.example", "wss://live.pay.example"]
    assert found["style-src"] == ["'self'", "https://js.pay.example"]
    assert found["img-src"] == ["'self'", "data:", "https://*.pay.example"]
    assert found["frame-src"] == ["'self'", "https://js.pay.example"]
    permissions = headers(rules(view))["permissions-policy"]
    assert 'payment=(self "https://js.pay.example")' in permissions
    assert "camera=()" in permissions


def test_the_return_page_runs_python_and_nothing_of_the_provider() -> None:
    found = directives("return")
    assert found["script-src"] == ["'self'", f"'nonce-{NONCE}'", "'wasm-unsafe-eval'"]
    assert "pay.example" not in str(found)


@pytest.mark.parametrize("view", ["status", "error"])
def test_pages_without_script_allow_none(view: View) -> None:
    found = directives(view)
    assert not {"script-src", "connect-src", "frame-src"} & set(found)
    assert "payment=()" in headers(rules(view))["permissions-policy"]


@pytest.mark.parametrize(
    ("view", "ancestors", "opener"),
    [
        ("page", ["'none'"], "same-origin-allow-popups"),
        ("webview", ["'none'"], "same-origin-allow-popups"),
        ("popup", ["'none'"], "unsafe-none"),
        ("embed", [STORE], "same-origin-allow-popups"),
        ("return", ["'self'", STORE], "unsafe-none"),
        ("status", ["'self'", STORE], "same-origin-allow-popups"),
        ("error", ["'none'"], "same-origin-allow-popups"),
    ],
)
def test_who_may_hold_the_page(view: View, ancestors: list[str], opener: str) -> None:
    assert directives(view)["frame-ancestors"] == ancestors
    assert headers(rules(view))["cross-origin-opener-policy"] == opener


def test_an_embed_without_origins_is_framed_by_nobody() -> None:
    assert directives("embed", embed_origins=())["frame-ancestors"] == ["'none'"]


def test_inline_styles_for_one_provider_alone() -> None:
    loose = replace(PROVIDER, inline_style=True)
    assert directives("page", provider=loose)["style-src"] == [
        "'self'",
        "'unsafe-inline'",
        "https://js.pay.example",
    ]
    assert directives("return", provider=loose)["style-src"] == ["'self'"]


def test_where_the_form_may_lead() -> None:
    targets = (
        "https://store.example/cart?x=1",
        "http://127.0.0.1:8002/cart",
        "myshop://back",
    )
    assert directives("page", leave_to=targets)["form-action"] == [
        "'self'",
        "https:",
        "http://127.0.0.1:8002",
        "myshop:",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "https://a.example; script-src *",
        "https://a.example 'unsafe-inline'",
        "https://a.example\nx",
        "https://a.example,https://b.example",
        "https://a.example/path",
        "'unsafe-eval'",
        "*",
        "https:",
        "data:",
        "javascript:alert(1)",
        "https://",
        "https://a..example",
        "",
    ],
)
def test_nothing_but_an_origin_comes_through(source: str) -> None:
    for field in ("script", "connect", "frame", "img", "font", "style"):
        with pytest.raises(UnsafeSource):
            headers(rules("page", provider=replace(PROVIDER, **{field: (source,)})))
    with pytest.raises(UnsafeSource):
        headers(rules("embed", embed_origins=(source,)))
    with pytest.raises(UnsafeSource):
        headers(rules("page", images=(source,)))


@pytest.mark.parametrize(
    "changes",
    [
        {"embed_origins": ("https://*.example",)},
        {"nonce": "short"},
        {"nonce": "with'quote-and-more-x"},
        {"report_url": "/csp; script-src *"},
        {"report_url": '/csp", x="'},
        {"leave_to": ("javascript:alert(1)",)},
        {"leave_to": ("http://a.example;x/",)},
        {"leave_to": ("/relative",)},
        {"provider": replace(PROVIDER, permissions=("camera=*, usb",))},
    ],
)
def test_what_else_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(UnsafeSource):
        headers(rules("page", **changes))
