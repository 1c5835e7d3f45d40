"""The pages a shopper sees: from plain values to HTML and the headers it must travel with.

Knows neither the database nor the HTTP framework: whoever has a session fills a `PageSession`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from checkout_server.assets import Assets
from checkout_server.frontend import Frontend
from checkout_server.locale import SOURCE
from checkout_server.money import Money
from checkout_server.page_data import (
    CheckoutContext,
    ComponentPage,
    Contact,
    ErrorContext,
    ErrorKind,
    PageContext,
    ReturnContext,
    StatusContext,
    WarmContext,
    WebviewContext,
)
from checkout_server.policy import NOTHING_MORE, PageRules, View, headers
from checkout_server.providers.base import Kind, Policy
from checkout_server.selftest import CHECKS, FOREGROUND, RuleTest
from checkout_server.templating import component_template, environment, guard
from checkout_server.texts import Texts, texts_for, words
from checkout_server.theme import Theme, build
from checkout_ui import status as statuses

# How often ?view=status looks again: its loading is a budgeted nudge, so not too often.
REFRESH_SECONDS = 5
LIMITS = {"engine_ms": 8000, "mount_ms": 6000, "poll_ms": 3000}
_PAYABLE_PANELS = (statuses.OPEN, "declined")


@dataclass(frozen=True, slots=True)
class Site:
    """What is the same for every page of a deployment."""

    merchant: str  # name, as shoppers know it
    contact: str | None = None  # an e-mail address, a URL, or any text
    theme: Theme = field(default_factory=Theme)
    prefix: str = ""  # the sub-path we are mounted under, such as "/pay"; no slash at its end
    engine: str = "micropython"  # or "pyodide", "pyscript"
    test: bool = False  # sandboxes stand in for the providers
    hooks: tuple[str, ...] = ()  # the merchant's own modules within glue.json, by import name


@dataclass(frozen=True, slots=True)
class PageSession:
    """A session as far as its pages show it."""

    token: str
    reference: str  # "cs_…"
    snapshot: Mapping[str, Any]  # the body of GET /checkout/{token}/status
    provider: str
    provider_title: str
    amount: Money | None
    order_id: str
    expires_at: datetime
    kind: Kind = "payment"
    description: str | None = None
    locale: str | None = None
    test: bool = False  # the provider's key moves no real money
    hosted_url: str | None = None
    component: Mapping[str, Any] = field(default_factory=dict)  # the adapter's Created.public
    policy: Policy = NOTHING_MORE
    embed_origins: tuple[str, ...] = ()
    leave_to: tuple[str, ...] = ()  # cancel_url, or else return_url: what the leave form redirects to


@dataclass(frozen=True, slots=True)
class Page:
    """A response, but for its status code."""

    html: str
    headers: Mapping[str, str]  # names in lower case


class Pages:
    """Renders every page. Raises `MissingAsset` at once when the build left something out (`glue.json` is yours to add).

    Registers the theme's style sheet with `assets`; `corrections` says what had to be changed of the theme.
    """

    def __init__(
        self,
        site: Site,
        assets: Assets,
        *,
        nonce: Callable[[], str] = lambda: secrets.token_urlsafe(18),
    ) -> None:
        themed = build(site.theme)
        assets.add("theme.css", themed.css)
        self.corrections = themed.corrections
        self.site = site
        self.assets = assets
        self._files = Frontend(assets, site.prefix, site.engine)
        self._new_nonce = nonce

    def render_checkout(self, session: PageSession, view: View = "page") -> Page:
        """The page where one pays, for `page`, `embed`, `webview` or `popup`."""
        # A WebView seldom has windows. Where one is needed, the provider's own page takes the component's place.
        windows = view != "webview" or not session.hosted_url
        template = component_template(session.provider, session.component, windows=windows)
        nonce = self._new_nonce()
        values = self._session(session, view) | {
            "expires_at": session.expires_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "hosted_url": session.hosted_url,
        }
        if template:
            values["stylesheets"] = self._files.stylesheets_of(session.provider)
        beside = values | {"qr_url": f"{self._checkout_url(session)}/qr.svg"}
        context = CheckoutContext(
            **values,
            **self._scripted(session, view, nonce),
            provider=session.provider,
            component=session.component,
            component_template=template,
            page=ComponentPage(**{item.name: beside[item.name] for item in fields(ComponentPage)}),
            component_script=self._files.component(session.provider) if template else None,
        )
        return self._page("checkout.html", context, session, nonce)

    def render_return(self, session: PageSession) -> Page:
        """Where providers send the shopper back to."""
        nonce = self._new_nonce()
        context = ReturnContext(
            **self._session(session, "return"),
            **self._scripted(session, "return", nonce),
        )
        return self._page("return.html", context, session, nonce)

    def render_status(self, session: PageSession) -> Page:
        """The page without script, which loads itself again until all is final."""
        over = bool(session.snapshot["final"]) and not session.snapshot["telling"]
        context = StatusContext(
            **self._session(session, "status"),
            hosted_url=session.hosted_url,
            refresh_seconds=None if over else REFRESH_SECONDS,
        )
        return self._page("status.html", context, session, self._new_nonce())

    def render_error(self, error: ErrorKind, locale: str | None = None) -> Page:
        """For a link that leads to no checkout (`not_found`), or when we cannot answer (`busy`, `server`)."""
        context = ErrorContext(**self._common("error", texts_for(locale)), error=error)
        return self._page("error.html", context, None, self._new_nonce())

    def render_warm(self) -> str:
        """A page that shows nothing and fetches what every checkout will load."""
        context = WarmContext(ahead=self._files.ahead, script=self._files.warm)
        return (
            environment(SOURCE).get_template("warm.html").render(ahead=context.ahead, script=context.script)
        )

    def render_webview(self, rules: tuple[RuleTest, ...], *, opened: str | None, refused: str) -> str:
        """The self-test of an app's WebView, for developers: in English only."""
        context = WebviewContext(
            stylesheets=self._files.webview_stylesheets,
            script=self._files.webview,
            page_url=f"{self.site.prefix}/webview",
            server_url=f"{self.site.prefix}/healthz",
            events_url=f"{self.site.prefix}/webview/events",
            checks=CHECKS,
            foreground=FOREGROUND,
            rules=rules,
            opened=opened,
            refused=refused,
        )
        values = {item.name: getattr(context, item.name) for item in fields(context)}
        return environment(SOURCE).get_template("webview.html").render(values)

    def _page(self, name: str, context: PageContext, session: PageSession | None, nonce: str) -> Page:
        values = {item.name: getattr(context, item.name) for item in fields(context)}
        guard(values)
        html = environment(texts_for(context.lang).language).get_template(name).render(values)
        logo = self.site.theme.logo_url
        rules = PageRules(
            view=context.view,
            nonce=nonce,
            report_url=f"{self.site.prefix}/csp-report",
            provider=session.policy if session else NOTHING_MORE,
            embed_origins=session.embed_origins if session else (),
            images=_origins_of(logo),
            leave_to=session.leave_to if session else (),
        )
        return Page(
            html,
            {
                "content-type": "text/html; charset=utf-8",
                "content-language": context.lang,
                **headers(rules),
            },
        )

    def _common(self, view: View, texts: Texts, *, test: bool = False) -> dict[str, Any]:
        return {
            "lang": texts.tag,
            "dir": texts.direction,
            "view": view,
            "stylesheets": self._files.stylesheets,
            "merchant": texts.isolated(self.site.merchant),
            "logo_url": self.site.theme.logo_url,
            "contact": contact_of(self.site.contact),
            "test": test or self.site.test,
        }

    def _session(self, session: PageSession, view: View) -> dict[str, Any]:
        texts = texts_for(session.locale)
        snapshot = dict(session.snapshot)
        panel = statuses.panel(snapshot)
        url = self._checkout_url(session)
        return self._common(view, texts, test=session.test) | {
            "panel": panel,
            "all_panels": view != "status",
            "step": statuses.progress(str(snapshot["status"])),
            "payable": bool(snapshot["payable"]) and panel in _PAYABLE_PANELS,
            "text": snapshot["text"],
            "kind": session.kind,
            "provider_title": texts.isolated(session.provider_title),
            "amount": texts.amount(session.amount) if session.amount else "",
            "description": texts.isolated(session.description or ""),
            "order_id": session.order_id,
            "reference": session.reference,
            "redirect": snapshot["redirect"],
            "status_url": f"{url}?view=status",
            "leave_url": f"{url}/leave",
        }

    def _scripted(self, session: PageSession, view: View, nonce: str) -> dict[str, Any]:
        return {
            "nonce": nonce,
            "data": self._data(session, view),
            "bridge": self._files.bridge,
            "frames": self._files.frames,
            "boot": self._files.boot,
            "checkout_url": self._checkout_url(session),
        }

    def _data(self, session: PageSession, view: View) -> dict[str, Any]:
        url = self._checkout_url(session)
        shown = {"hosted_url": session.hosted_url, "locale": texts_for(session.locale).tag}
        return {
            "provider": session.provider,
            "engine": self.site.engine,
            "view": view,
            "urls": {name: f"{url}/{name}" for name in ("status", "events", "refresh", "leave")},
            "host_origins": list(session.embed_origins),
            "hooks": list(self.site.hooks),
            "snapshot": dict(session.snapshot),
            "component": dict(session.component) | shown,
            "limits": LIMITS,
            "words": words(session.locale, session.kind),
            "assets": self._files.addresses,
            # Whoever opens a page that is over already wants the receipt, and is not sent away from it.
            "left": bool(session.snapshot["final"]) and view != "return",
            # The payment was not there when this was rendered: once it is, the page has to be loaded again.
            "incomplete": not session.component,
        }

    def _checkout_url(self, session: PageSession) -> str:
        return f"{self.site.prefix}/checkout/{quote(session.token, safe='')}"


def contact_of(contact: str | None) -> Contact | None:
    """A merchant's contact with the link it deserves: e-mail and web addresses get one, other text none."""
    if not contact:
        return None
    if urlsplit(contact).scheme in ("https", "http"):
        return Contact(contact.partition("://")[2].rstrip("/"), contact)
    if "@" in contact and " " not in contact:
        address = contact.removeprefix("mailto:")
        return Contact(address, f"mailto:{quote(address, safe='@')}")
    return Contact(contact, "")


def _origins_of(url: str | None) -> tuple[str, ...]:
    parts = urlsplit(url or "")
    return (f"{parts.scheme}://{parts.netloc}",) if parts.netloc else ()
