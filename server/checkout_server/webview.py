"""What an app's WebView does with a link: one table, from which docs/webview.md and its host code are made, which the
self-test page shows, and which a real WebView is tested with.

Standard library only: the host program of the tests imports it outside our environment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

# Browsers overlook these, wherever they stand.
_UNREAD = dict.fromkeys(map(ord, "\t\r\n"))

Action = Literal["finish", "refuse", "intent", "stay", "browser", "system"]


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule that fits decides. `schemes` empty: any; `window`: for a window of its own only."""

    key: str
    what: str  # the links, in words
    do: Action
    does: str  # what the app does, in words
    why: str
    schemes: tuple[str, ...] = ()
    window: bool = False


RULES: tuple[Rule, ...] = (
    Rule(
        "return",
        "the session's `return_url` or `cancel_url`, whatever its query",
        "finish",
        "closes the view; the app asks its own back end how the order stands",
        "The shopper is done here. The query is a hint and proves nothing.",
    ),
    Rule(
        "code",
        "`javascript:`, `data:`, `blob:`, `file:`, `filesystem:`, `content:`, `vbscript:`",
        "refuse",
        "nothing",
        "They would run or show what an attacker wrote, with the app's rights.",
        ("javascript", "data", "blob", "file", "filesystem", "content", "vbscript"),
    ),
    Rule(
        "intent",
        "`intent:`",
        "intent",
        "opens the app that it names; without one, its `S.browser_fallback_url` in the browser if that is https",
        "Android's way to name a wallet with a fallback. Only what a browser may start: no component, no selector.",
        ("intent",),
    ),
    Rule(
        "window",
        "`https:` or `http:` in a window of its own (`target=_blank`, `window.open`)",
        "browser",
        "opens it in the system's browser",
        "A view has one window. The way out, *Open in browser*, comes by here; the checkout needs no popup.",
        ("https", "http"),
        window=True,
    ),
    Rule(
        "web",
        "other `https:`, `http:` and `about:`",
        "stay",
        "loads it in the view",
        "The checkout, the provider's page and its frames.",
        ("https", "http", "about"),
    ),
    Rule(
        "wallet",
        "every other scheme: `ethereum:`, `bitcoin:`, `wc:`, `solana:`, `mailto:`, …",
        "system",
        "hands it to the system; if no app takes it, the page stays as it is",
        "A wallet opens itself; the page shows the address and the code beside the link.",
    ),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with `url`, which for an intent is the link within it. `fallback` is an https address or None."""

    do: Action
    url: str
    rule: str
    fallback: str | None = None


def decide(url: str, *, returns: Sequence[str] = (), window: bool = False) -> Decision:
    """`returns` are the session's `return_url` and `cancel_url`. Never raises: a link that cannot be read is refused."""
    read = url.translate(_UNREAD).strip()  # as a browser reads it
    try:
        scheme = urlsplit(read).scheme
    except ValueError:
        scheme = ""
    back = _place(read) in [_place(known) for known in returns]
    if not scheme:
        return Decision("refuse", url, "code")
    rule = next(rule for rule in RULES if _fits(rule, scheme, back=back, window=window))
    if rule.do == "intent":
        return _intent(read, rule)
    return Decision(rule.do, url, rule.key)


def _fits(rule: Rule, scheme: str, *, back: bool, window: bool) -> bool:
    if rule.do == "finish":
        return back
    return (not rule.schemes or scheme in rule.schemes) and (window or not rule.window)


def _place(url: str) -> str:
    """Up to the query, which is the hint that the checkout appended; without regard to case, as in every host."""
    return url.partition("#")[0].partition("?")[0].rstrip("/").lower()


def _intent(url: str, rule: Rule) -> Decision:
    """`intent://pay?x=1#Intent;scheme=ethereum;package=…;S.browser_fallback_url=…;end` is `ethereum://pay?x=1`."""
    link, _, extras = url.partition("#Intent;")
    named = dict(part.partition("=")[::2] for part in extras.split(";"))
    fallback = unquote(named.get("S.browser_fallback_url", ""))
    inner = named.get("scheme", "") + link[len("intent") :]
    if decide(inner).do not in ("system", "stay"):
        inner = ""
    return Decision("intent", inner, rule.key, fallback if fallback.startswith("https://") else None)
