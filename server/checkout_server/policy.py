"""The security headers of every page the shopper sees (docs: "The page's policy"). Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from checkout_server.providers.base import Policy

View = Literal["page", "embed", "webview", "popup", "status", "return", "error"]

# A host source and nothing else: no space, no semicolon, no path, no keyword can come through it.
_ORIGIN = re.compile(
    r"(?:https?|wss?)://(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::[0-9]{1,5})?",
    re.ASCII,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.ASCII)
_FEATURE = re.compile(r"[a-z][a-z-]*", re.ASCII)
# Schemes whose "navigation" runs code or shows what an attacker wrote.
_NEVER = frozenset({"javascript", "data", "blob", "file", "filesystem", "about", "vbscript"})

# Switched off for us and for every frame, unless the provider's component asks for one by name.
_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_SCRIPTED: frozenset[View] = frozenset({"page", "embed", "webview", "popup", "return"})
# Only these hold the provider's component; the others need nothing of the provider's.
_WITH_COMPONENT: frozenset[View] = frozenset({"page", "embed", "webview", "popup"})

NOTHING_MORE = Policy()


class UnsafeSource(ValueError):
    """A source that is not plainly an origin, and might smuggle a directive into the policy."""


@dataclass(frozen=True, slots=True)
class PageRules:
    """What the policy of one response depends on."""

    view: View
    nonce: str  # of this response alone
    report_url: str  # path or URL that takes violation reports
    provider: Policy = NOTHING_MORE
    embed_origins: tuple[str, ...] = ()  # origins that may frame the page, exactly as the session has them
    images: tuple[str, ...] = ()  # origins of the merchant's logo
    leave_to: tuple[str, ...] = ()  # URLs that the form "back to the store" is redirected to


def headers(rules: PageRules) -> dict[str, str]:
    """The headers of one HTML response, names in lower case. Raises `UnsafeSource`."""
    return {
        "content-security-policy": content_security_policy(rules),
        "reporting-endpoints": f'csp="{rules.report_url}"',
        "permissions-policy": permissions_policy(_policy_of(rules)),
        "cross-origin-opener-policy": opener_policy(rules.view),
        "referrer-policy": "strict-origin",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }


def content_security_policy(rules: PageRules) -> str:
    provider = _policy_of(rules)
    directives: dict[str, Iterable[str]] = {"default-src": ["'none'"]}
    if rules.view in _SCRIPTED:
        directives["script-src"] = [
            "'self'",
            f"'nonce-{_nonce(rules.nonce)}'",
            "'wasm-unsafe-eval'",
            *origins(provider.script),
        ]
        directives["connect-src"] = ["'self'", *origins(provider.connect)]
    inline = ["'unsafe-inline'"] if provider.inline_style else []
    directives["style-src"] = ["'self'", *inline, *origins(provider.style)]
    directives["img-src"] = ["'self'", "data:", *origins((*provider.img, *rules.images))]
    directives["font-src"] = origins(provider.font)
    # With ourselves, for a provider's frame may come back inside ours: /return.
    frames = origins(provider.frame)
    directives["frame-src"] = ["'self'", *frames] if frames else []
    directives["base-uri"] = ["'none'"]
    directives["form-action"] = form_targets(rules.leave_to)
    directives["frame-ancestors"] = frame_ancestors(rules.view, rules.embed_origins)
    directives["report-uri"] = [_report(rules.report_url)]
    directives["report-to"] = ["csp"]
    # An empty list of fonts or frames is left to default-src.
    return "; ".join(" ".join([name, *values]) for name, values in directives.items() if list(values))


def origins(sources: Iterable[str]) -> list[str]:
    """The sources, each checked to be an origin (`https://js.example.com`, `https://*.example.com`), once each."""
    found: dict[str, None] = {}
    for source in sources:
        if not _ORIGIN.fullmatch(source):
            raise UnsafeSource(f"not an origin: {source!r}")
        found[source] = None
    return list(found)


def frame_ancestors(view: View, embed_origins: Sequence[str]) -> list[str]:
    """Who may frame the page. `'self'` on /return and ?view=status: a provider's frame may come back inside ours."""
    allowed = origins(embed_origins)
    if any("*" in origin for origin in allowed):
        raise UnsafeSource("an origin that embeds the checkout is named in full")
    if view == "embed":
        return allowed or ["'none'"]
    if view in ("return", "status"):
        return ["'self'", *allowed]
    return ["'none'"]


def form_targets(leave_to: Iterable[str]) -> list[str]:
    """Where the one form of the page may lead.

    Browsers apply the list to redirects too. Stores often redirect once more (to `www.`, to a language), so
    any HTTPS target is allowed; a plain HTTP store or an app's scheme is allowed by name.
    """
    found = {"'self'": None, "https:": None}
    for url in leave_to:
        parts = urlsplit(url)
        if parts.scheme == "http":
            found[origins([f"http://{parts.netloc}".lower()])[0]] = None
        elif not _SCHEME.fullmatch(parts.scheme) or parts.scheme in _NEVER:
            raise UnsafeSource(f"not a place to go: {url!r}")
        elif parts.scheme != "https":
            found[f"{parts.scheme}:"] = None
    return list(found)


def opener_policy(view: View) -> str:
    """`unsafe-none` where the window that opened us must stay reachable."""
    return "unsafe-none" if view in ("return", "popup") else "same-origin-allow-popups"


def permissions_policy(provider: Policy) -> str:
    allowed = " ".join(["self", *(f'"{origin}"' for origin in origins(provider.frame))])
    wanted = dict.fromkeys(_FEATURES, "()")
    for feature in provider.permissions:
        if not _FEATURE.fullmatch(feature):
            raise UnsafeSource(f"not a feature of the browser: {feature!r}")
        wanted[feature] = f"({allowed})"
    return ", ".join(f"{feature}={who}" for feature, who in sorted(wanted.items()))


def _policy_of(rules: PageRules) -> Policy:
    return rules.provider if rules.view in _WITH_COMPONENT else NOTHING_MORE


def _nonce(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_=+/-]{16,}", value):
        raise UnsafeSource("a nonce is base64 of at least 12 random bytes")
    return value


def _report(url: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_./:~%-]+", url):
        raise UnsafeSource(f"not an address for reports: {url!r}")
    return url
