"""What a shopper's page may know of a session: no secrets, no ids but those already in the URL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from checkout_server.change import paid_sibling
from checkout_server.context import Context
from checkout_server.hints import ReturnHint, add_hint
from checkout_server.present import moment
from checkout_server.record import Session
from checkout_server.sessions import SIGNAL_HOLDS
from checkout_server.settings import Settings
from checkout_server.store import ledger, messages
from checkout_server.store import sessions as rows
from checkout_server.texts import Told, snapshot_text
from checkout_ui import status as st

# How long the last panel is shown before the page leaves: long enough to read, short enough not to wait.
_SHOWN_FOR = {
    st.SUCCEEDED: 2500,
    st.APPROVED: 4000,
    st.CANCELLED: 2000,
    st.REVOKED: 3000,
    st.FAILED: 6000,
    st.EXPIRED: 8000,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A session with what else its page depends on."""

    session: Session
    paid_sibling: Session | None = None  # another session of the same order, already paid
    telling: bool = False  # the merchant has still to hear of this end
    creating: bool = False  # the payment does not exist yet
    create_error: str | None = None  # and the provider has failed to create it

    @property
    def payable(self) -> bool:
        """Whether the component or the hosted page may be offered; the clock has its own say."""
        return self.session.status == st.OPEN and self.paid_sibling is None and not self.creating


async def shown_by_token(ctx: Context, token: str) -> Shown | None:
    async with ctx.database.read() as conn:
        session = await rows.by_token(conn, token)
        if session is None:
            return None
        if st.is_final(session.status):
            return await _ended(ctx, conn, session)
        if session.status != st.OPEN:
            return Shown(session)
        sibling = await paid_sibling(conn, session)
        if session.provider_ref is not None or session.created_in_browser:
            return Shown(session, sibling)
        creates = await ledger.attempts_of(conn, session.id, "create")
        return Shown(session, sibling, creating=True, create_error=creates[0]["error"] if creates else None)


async def _ended(ctx: Context, conn: AsyncConnection, session: Session) -> Shown:
    sibling = await paid_sibling(conn, session) if session.status == st.CANCELLED else None
    telling = await messages.being_told(conn, session.id, ctx.clock() - ctx.settings.return_wait)
    return Shown(session, sibling, telling=telling)


def snapshot(settings: Settings, shown: Shown, now: datetime) -> dict[str, Any]:
    """The body of `GET /checkout/{token}/status` and of each event; `docs/browser-python.md` tells its fields."""
    session, facts = shown.session, shown.session.facts
    status = session.status
    final = st.is_final(status)
    leaves = final and shown.paid_sibling is None
    paid_at = (shown.paid_sibling or session).facts.paid_at
    told = Told(
        merchant=settings.merchant_name,
        amount=session.amount,
        received=facts.received,
        refunded=facts.refunded,
        confirmations=facts.confirmations,
        confirmations_needed=facts.confirmations_needed,
        failure=facts.failure,
        needs=facts.needs,
        delivery=facts.delivery,
        review_reason=facts.review_reason,
        paid_at=paid_at,
        expires_at=session.expires_at,
        telling=shown.telling,
    )
    return {
        "status": status,
        "final": final,
        "paid": st.is_paid(status),
        "version": session.version,
        "telling": shown.telling and leaves,
        "redirect": leave_url(settings, shown, now) if leaves and not shown.telling else None,
        "redirect_after_ms": _SHOWN_FOR.get(status, 0),
        "already_paid": shown.paid_sibling is not None,
        "checking": _checking(shown, now),
        "unavailable": shown.creating and shown.create_error is not None,
        "payable": shown.payable and now < session.expires_at,
        "failure": None
        if facts.failure is None
        else {"code": facts.failure.code, "message": facts.failure.message},
        "text": snapshot_text(told, now, session.locale),
        "expires_at": moment(session.expires_at),
        "now": moment(now),
    }


def leave_url(settings: Settings, shown: Shown, now: datetime) -> str:
    """Where the shopper goes from here, with the signed hint: unpaid ends to `cancel_url`, all else to `return_url`.

    Whoever paid the order in another tab is no deserter: the hint tells of the session that was paid.
    """
    session = shown.session
    if shown.paid_sibling is not None:
        return _hinted(settings, session.return_url, shown.paid_sibling, now)
    unpaid = st.goes_to_cancel_url(session.status) or session.status == st.OPEN
    url = session.cancel_url if unpaid and session.cancel_url else session.return_url
    return _hinted(settings, url, session, now)


def _hinted(settings: Settings, url: str, session: Session, now: datetime) -> str:
    if not settings.return_secrets:
        return url
    hint = ReturnHint(session.id, session.order_id, session.status, session.version, now)
    return add_hint(url, hint, settings.return_secrets[0].get_secret_value())


def _checking(shown: Shown, now: datetime) -> bool:
    """The shopper says to have paid and the provider has not confirmed it yet, or the payment is being made."""
    session = shown.session
    if shown.creating:
        return shown.create_error is None
    if session.signalled_at is None or session.status != st.OPEN:
        return False
    # While the provider cannot be asked, nothing has contradicted the shopper.
    return session.tries > 0 or now < session.signalled_at + SIGNAL_HOLDS


def same_but_time(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two snapshots say the same: then there is nothing to push."""
    # A redirect carries the time it was made at.
    return {**one, "now": "", "redirect": bool(one["redirect"])} == {
        **other,
        "now": "",
        "redirect": bool(other["redirect"]),
    }
