"""Webhooks from providers: verified, kept, turned into a request to look. What they claim is never believed."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from checkout_server.context import Context
from checkout_server.providers.base import Nudge
from checkout_server.record import Session
from checkout_server.store import jobs, ledger, messages
from checkout_server.store import sessions as rows
from checkout_server.store.database import Transaction

_log = structlog.get_logger(__name__)


async def receive(ctx: Context, provider_name: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """Commits the nudge before it answers. False for one that was here before. Raises `WebhookRejected`."""
    now = ctx.clock()
    nudge = ctx.providers[provider_name].verify(headers, raw, now)
    async with ctx.database.write() as tx:
        session = await _session_of(tx, provider_name, nudge)
        if not await messages.receive(tx, provider_name, nudge, session.id if session else None, now):
            return False
        if session is None:
            _log.warning("webhook.orphan", provider=provider_name, ref=nudge.ref, type=nudge.type)
            return True
        if session.created_in_browser and session.provider_ref != nudge.ref:
            await ledger.plan_once(tx, session.id, "claim", now, ref=nudge.ref)
        if nudge.refund_ref is not None:
            await ledger.plan_once(tx, session.id, "refund_claim", now, ref=nudge.refund_ref)
        await jobs.request_refresh(tx, session.id, now, jobs.WEBHOOK)
    return True


async def _session_of(tx: Transaction, provider: str, nudge: Nudge) -> Session | None:
    """By the payment's id, or by our own that travels with it: then the payment may not be bound yet."""
    found = await rows.by_ref(tx.conn, provider, nudge.ref)
    if found is None and nudge.reference:
        found = await rows.by_id(tx.conn, nudge.reference)
    return found if found is not None and found.provider == provider else None
