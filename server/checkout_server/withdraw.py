"""Cancelling at the provider without being asked by the merchant: what must not be paid any more, and what was refused.

`supersede`: an order was paid, and another payment of it is still open. Our own pages stop offering it at once
(`snapshot`); a provider's page in another tab does not know of that. `refuse`: the shopper said no to an approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checkout_server import refresh
from checkout_server.change import load, paid_sibling
from checkout_server.context import Context
from checkout_server.providers.base import Capability, Provider, ProviderError, Refused
from checkout_server.record import Session
from checkout_server.schedule import back_off
from checkout_server.store import jobs, ledger
from checkout_server.store.tables import attempts
from checkout_ui import status as st

SUPERSEDE, REFUSE = "supersede", "refuse"
KINDS = (SUPERSEDE, REFUSE)
_STORY = {SUPERSEDE: "session.superseded", REFUSE: "session.refused"}
# Cancelling twice does no harm, so an answer that was lost is asked for again; but not for ever.
_TRIES = 8


async def run(ctx: Context, row: Mapping[str, Any], session: Session) -> None:
    """The worker's turn with one of them."""
    provider = ctx.providers.get(session.provider)
    why = await _why(ctx, row["kind"], session)
    if (
        why is None
        or session.status != st.OPEN
        or session.provider_ref is None
        or not _can(provider, session)
    ):
        await ledger.end_attempt(ctx.database, row["id"], ledger.ABANDONED, None, ctx.clock())
        return
    started = ctx.clock()
    try:
        seen = await ctx.providers[session.provider].cancel(session.provider_ref)
    except Refused as error:
        # Most likely it was paid in the meantime: looking tells, and a second payment goes to a person.
        await _look(ctx, session)
        await ledger.end_attempt(ctx.database, row["id"], ledger.REFUSED, error.code, ctx.clock())
        return
    except ProviderError as error:
        now = ctx.clock()
        next_at = back_off(row["tries"], now, error.retry_after) if row["tries"] < _TRIES else None
        async with ctx.database.write() as tx:
            await jobs.finish(tx, attempts, row["id"], next_at=next_at, error=error.code)
        return
    async with ctx.database.write() as tx:
        fresh = await load(tx, session.id)
        await ledger.record(tx, session.id, fresh.version, _STORY[row["kind"]], ctx.clock(), **why)
    await refresh.observe(ctx, session.id, seen, started)
    await ledger.end_attempt(ctx.database, row["id"], ledger.DONE, None, ctx.clock())


async def _why(ctx: Context, kind: str, session: Session) -> dict[str, str] | None:
    """What the story shall tell of it; None when there is no reason any more."""
    if kind == REFUSE:
        return {"by": "shopper"} if session.facts.kind == "approval" else None
    async with ctx.database.read() as conn:
        other = await paid_sibling(conn, session)
    return None if other is None else {"by": other.id}


async def _look(ctx: Context, session: Session) -> None:
    async with ctx.database.write() as tx:
        await jobs.request_refresh(tx, session.id, ctx.clock(), jobs.SHOPPER)


def _can(provider: Provider[Any] | None, session: Session) -> bool:
    """Another account's key knows nothing of this payment, or, worse, something else by the same name."""
    if provider is None or provider.account != session.account:
        return False
    return Capability.CANCEL in provider.capabilities
