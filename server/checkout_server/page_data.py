"""What the templates are given: one frozen dataclass a page, each field with a line of help.

A test compares these fields with the names that the templates use, both ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from checkout_server.policy import View
from checkout_server.providers.base import Kind
from checkout_server.selftest import Check, RuleTest

ErrorKind = Literal["not_found", "busy", "server"]


@dataclass(frozen=True, slots=True)
class Link:
    """A file that the page loads."""

    url: Annotated[str, "path under /static/, with the hash in its name"]
    integrity: Annotated[str, "sha384-… of the file, or empty where the browser checks none"] = ""


@dataclass(frozen=True, slots=True)
class WarmContext:
    """warm.html: nothing to see, everything to fetch."""

    ahead: Annotated[tuple[str, ...], "paths under /static/ of what every checkout will load"]
    script: Annotated[Link, "warm.js, which fetches them"]


@dataclass(frozen=True, slots=True)
class WebviewContext:
    """webview.html: what an app's WebView allows."""

    stylesheets: Annotated[tuple[Link, ...], "page.css and webview.css"]
    script: Annotated[Link, "webview.js, which checks and reports"]
    page_url: Annotated[str, "path of this page"]
    server_url: Annotated[str, "path that answers any request with 200"]
    events_url: Annotated[str, "path of a stream that sends one snapshot"]
    checks: Annotated[tuple[Check, ...], "what the page finds out by itself"]
    foreground: Annotated[Check, "what it finds out when the app is left and resumed"]
    rules: Annotated[tuple[RuleTest, ...], "what a person presses, in the order of the table"]
    opened: Annotated[str | None, "the key of the press that opened this page; None: the page itself"]
    refused: Annotated[str, "why the URL of ?return= cannot be tried; empty when it can"]


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the merchant."""

    text: Annotated[str, "as shown: an address, a telephone number, a page"]
    href: Annotated[str, "where it leads; empty when it is only text"]


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every page has."""

    lang: Annotated[str, "BCP 47 tag of the words on the page"]
    dir: Annotated[str, "which way they run: ltr or rtl"]
    view: Annotated[View, "which host the page is made for"]
    stylesheets: Annotated[tuple[Link, ...], "checkout.css, the theme, a provider's own rules"]
    merchant: Annotated[str, "the merchant's name, ready for a sentence"]
    logo_url: Annotated[str | None, "the merchant's logo, shown 32 px high"]
    contact: Annotated[Contact | None, "how to reach the merchant"]
    test: Annotated[bool, "no real money moves: shown as TEST on every page"]


@dataclass(frozen=True, slots=True)
class SessionContext(PageContext):
    """What every page of a session has."""

    panel: Annotated[str, "the panel to show, a word of checkout_ui.status.panel"]
    all_panels: Annotated[bool, "render the hidden panels too, for the scripts to switch to"]
    step: Annotated[int, "how many of the three steps are done, 0 to 3"]
    payable: Annotated[bool, "whether paying is on offer now"]
    text: Annotated[Mapping[str, str], "the sentences of checkout_server.texts.snapshot_text"]
    kind: Annotated[Kind, "a payment, or an approval of later ones"]
    provider_title: Annotated[str, "the provider as a shopper knows it, ready for a sentence"]
    amount: Annotated[str, "the amount as text in the shopper's language; empty when not yet set"]
    description: Annotated[str, "what is bought, ready for a sentence; empty when not said"]
    order_id: Annotated[str, "the merchant's order number"]
    reference: Annotated[str, "the session's id, cs_…: what merchant and shopper quote"]
    redirect: Annotated[str | None, "where the shopper goes once all is final"]
    status_url: Annotated[str, "the page without script"]
    leave_url: Annotated[str, "takes the form that leads back to the store"]


@dataclass(frozen=True, slots=True)
class ScriptedContext(SessionContext):
    """What a page with scripts has."""

    nonce: Annotated[str, "of this response's policy"]
    data: Annotated[Mapping[str, Any], "the object that bridge and glue read"]
    bridge: Annotated[Link, "bridge.js, which is there before Python"]
    frames: Annotated[Link, "frames.js, which knows the windows around this one"]
    boot: Annotated[Link, "the module that starts the engine"]
    checkout_url: Annotated[str, "the page where one pays, by itself"]


@dataclass(frozen=True, slots=True)
class ComponentPage:
    """What a provider's template may say around its component: `page`, the second argument of `container`."""

    lang: Annotated[str, "BCP 47 tag of the words on the page"]
    dir: Annotated[str, "which way they run: ltr or rtl"]
    view: Annotated[View, "which host the page is made for"]
    merchant: Annotated[str, "the merchant's name, ready for a sentence"]
    provider_title: Annotated[str, "the provider as a shopper knows it, ready for a sentence"]
    amount: Annotated[str, "the amount as text in the shopper's language; empty when not yet set"]
    description: Annotated[str, "what is bought, ready for a sentence; empty when not said"]
    order_id: Annotated[str, "the merchant's order number"]
    reference: Annotated[str, "the session's id, cs_…: what merchant and shopper quote"]
    text: Annotated[Mapping[str, str], "the sentences of checkout_server.texts.snapshot_text"]
    test: Annotated[bool, "no real money moves"]
    expires_at: Annotated[str, "when the offer ends, ISO 8601 in UTC"]
    hosted_url: Annotated[str | None, "the provider's own page"]
    qr_url: Annotated[str, "an image of the QR code to pay by"]


@dataclass(frozen=True, slots=True)
class CheckoutContext(ScriptedContext):
    """checkout.html: the page where one pays."""

    provider: Annotated[str, "the provider's name in code, such as crypto_com"]
    expires_at: Annotated[str, "when the offer ends, ISO 8601 in UTC"]
    hosted_url: Annotated[str | None, "the provider's own page"]
    component: Annotated[Mapping[str, Any], "what the adapter lets the page see"]
    component_template: Annotated[str | None, "providers/<name>.html; None: only a hosted page"]
    page: Annotated[ComponentPage, "what that template may say around the component"]
    component_script: Annotated[Link | None, "the script that mounts the provider's component"]


@dataclass(frozen=True, slots=True)
class ReturnContext(ScriptedContext):
    """return.html: where providers send the shopper back; waits, then leaves."""


@dataclass(frozen=True, slots=True)
class StatusContext(SessionContext):
    """status.html: how it stands, without script."""

    hosted_url: Annotated[str | None, "the provider's own page"]
    refresh_seconds: Annotated[int | None, "looks again after so long; None once it is final"]


@dataclass(frozen=True, slots=True)
class ErrorContext(PageContext):
    """error.html: a link that leads to no checkout, or a server that cannot answer."""

    error: Annotated[ErrorKind, "which sentence to show"]
