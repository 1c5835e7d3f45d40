"""A session as the merchant sees it: in API answers and in webhooks. The one place that names its JSON fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from checkout_server.assets import Asset, folder
from checkout_server.context import Context
from checkout_server.money import Money
from checkout_server.record import Session
from checkout_server.settings import Settings
from checkout_server.store.ledger import Refund
from checkout_ui.status import is_final, is_paid

_SNIPPET = (
    '<script src="{src}" integrity="{integrity}" crossorigin="anonymous" defer></script>\n'
    '<checkout-embed session-url="{url}" label="{label}" allow="{allow}">'
    # What a shopper sees whose browser did not run the script.
    '<a href="{url}">{label}</a></checkout-embed>'
)


def moment(at: datetime | None) -> str | None:
    """UTC with milliseconds: `2026-11-21T10:00:00.000Z`."""
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def amount_text(money: Money | None) -> str | None:
    return None if money is None else money.text


def page_url(settings: Settings, session: Session, view: str | None = None) -> str:
    url = f"{settings.public_url}/checkout/{session.token}"
    return url if view is None else f"{url}?view={view}"


def embed_snippet(ctx: Context, session: Session) -> str:
    """HTML that puts the checkout into a store's page; only the session's `embed_origins` may frame it.

    The frame may use what the provider's component needs (`Policy.permissions`), and copy an address.
    """
    script = _embed_script()
    provider = ctx.providers.get(session.provider)
    allow = "; ".join((*(provider.policy.permissions if provider else ()), "clipboard-write"))
    values = {
        "src": f"{ctx.settings.public_url}/static/{script.hashed_name}",
        "integrity": script.integrity,
        "url": page_url(ctx.settings, session),
        "label": f"Checkout: {ctx.settings.merchant_name}",
        "allow": allow,
    }
    return _SNIPPET.format(**{name: escape(value, quote=True) for name, value in values.items()})


@cache
def _embed_script() -> Asset:
    return Asset.of("embed.js", (folder("static") / "embed.js").read_bytes())


def session_json(ctx: Context, session: Session, refunds: Sequence[Refund] = ()) -> dict[str, Any]:
    """Amounts are decimal text in major units, times are UTC. `version` orders what is told about one session."""
    settings, facts = ctx.settings, session.facts
    currency = session.amount or facts.received
    return {
        "id": session.id,
        "kind": facts.kind,
        "status": session.status,
        "final": is_final(session.status),
        "paid": is_paid(session.status),
        "version": session.version,
        "provider": session.provider,
        "mode": facts.mode,
        "provider_ref": facts.provider_ref,
        "amount": amount_text(session.amount),
        "currency": None if currency is None else currency.currency,
        "amount_received": amount_text(facts.received),
        "amount_refunded": amount_text(facts.refunded),
        "order_id": session.order_id,
        "description": session.description,
        "customer": None if session.email is None else {"email": session.email},
        "metadata": dict(session.metadata),
        "return_url": session.return_url,
        "cancel_url": session.cancel_url,
        "embed_origins": list(session.embed_origins),
        "locale": session.locale,
        "options": dict(session.options),
        "url": page_url(settings, session),
        "webview_url": page_url(settings, session, "webview"),
        "embed": embed_snippet(ctx, session),
        "delivery": facts.delivery.value if facts.delivery else None,
        "last_failure": None
        if facts.failure is None
        else {
            "code": facts.failure.code,
            "message": facts.failure.message,
            "retryable": facts.failure.retryable,
        },
        "review_reason": facts.review_reason,
        "resolution": None
        if facts.resolution is None
        else {
            "status": facts.resolution.status,
            "note": facts.resolution.note,
            "at": moment(facts.resolution.at),
        },
        "refunds": [refund_json(refund) for refund in refunds],
        "left_at": moment(session.left_at),
        "paid_at": moment(facts.paid_at),
        "created_at": moment(session.created_at),
        "expires_at": moment(session.expires_at),
    }


def refund_json(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.id,
        "session_id": refund.session_id,
        "status": "pending" if refund.state in ("planned", "sent") else refund.state,
        "amount": refund.amount.text,
        "currency": refund.amount.currency,
        "reason": refund.reason,
        "provider_ref": refund.ref,
        "error": refund.error,
        "created_at": moment(refund.created_at),
    }


def event_json(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "at": moment(event["at"])}
