"""Refunds: written down, sent once, and when the answer was lost never sent again by machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from checkout_server import refresh
from checkout_server.change import Change, load, transact, unchanged, write
from checkout_server.context import Context
from checkout_server.errors import Conflict, InvalidField, NotFound, ProviderFailed
from checkout_server.ids import new_id
from checkout_server.money import Money, MoneyError
from checkout_server.providers.base import (
    Capability,
    OutcomeUnknown,
    Provider,
    ProviderError,
    RefundAttempt,
    RefundObservation,
    RefundState,
    Refused,
)
from checkout_server.record import Session
from checkout_server.schedule import back_off, next_refund_look, when_less_busy
from checkout_server.sessions import IdempotencyKey
from checkout_server.store import idempotency, jobs, ledger
from checkout_server.store.database import Transaction
from checkout_server.store.ledger import Refund
from checkout_server.store.tables import refunds

_log = structlog.get_logger(__name__)
_DECIDED = (ledger.SUCCEEDED, ledger.FAILED)
# A refund that is still pending after so long is somebody's question, not a matter of waiting.
_FOLLOWED_FOR = timedelta(days=30)


async def refund(
    ctx: Context, session_id: str, amount: str | None, reason: str | None, key: IdempotencyKey
) -> Refund:
    """Refunds `amount` (decimal text; None: all that is left). The answer may be `unknown`: then look at the provider.

    Raises `Conflict` (`not_supported`, `not_refundable`), `InvalidField` (`refund_too_large`) or `ProviderFailed`.
    """

    async def reserve(tx: Transaction) -> tuple[Session, Refund]:
        session, now = await load(tx, session_id), ctx.clock()
        refund_id = new_id("re", now)
        # Before the amount is looked at: the repetition of a request must meet its key, not its own money.
        await idempotency.reserve(tx, key.key, key.fingerprint, refund_id, now)
        provider = ctx.provider(session.provider)
        given = await ledger.refunds_of(tx.conn, session_id)
        money = _amount(provider, session, given, amount)
        row = await ledger.add_refund(tx, refund_id, session_id, money, reason, now, sender=ctx.owner)
        data = {"refund": row.id, "amount": money.text}
        session = await write(ctx, tx, session, Change(unchanged(session.facts), "refund.requested", data))
        return session, row

    session, row = await transact(ctx, reserve)
    return await _send(ctx, session, row)


async def run(ctx: Context, row: Mapping[str, Any], session: Session) -> None:
    """The worker's turn with a refund that is due."""
    due = ledger.refund_of(row)
    provider = ctx.providers.get(session.provider)
    if provider is None or provider.account != session.account:
        await _write(ctx, due, due.state, error="not_configured", next_at=back_off(10, ctx.clock()))
    elif due.state == ledger.PLANNED:
        async with ctx.database.write() as tx:
            if not await ledger.mark_sent(tx, refunds, due.id):
                return
        try:
            await _send(ctx, session, due)
        except ProviderFailed as error:
            _log.warning("refund.refused", refund=due.id, error=error.message)
    elif due.state == ledger.PENDING and due.ref is not None:
        await _follow(ctx, provider, session, due, row["tries"])
    else:
        # It was sent and the answer is lost. Only evidence ends this: a webhook that names it, or a person.
        await _write(ctx, due, ledger.UNKNOWN, error=due.error or "answer_lost")


async def resolve(ctx: Context, session_id: str, refund_id: str, status: str) -> Refund:
    """A person has looked at the provider's dashboard and says what became of a refund that we cannot tell.

    Raises `NotFound`, `InvalidField` for the status, `Conflict` when the refund is decided or still being sent.
    """
    if status not in _DECIDED:
        raise InvalidField(
            "resolution_invalid", f"A refund is resolved as one of: {', '.join(_DECIDED)}.", param="status"
        )
    async with ctx.database.read() as conn:
        row = await ledger.refund_by_id(conn, refund_id)
    if row is None or row.session_id != session_id:
        raise NotFound("refund_unknown", "There is no such refund.")
    if row.state not in (ledger.UNKNOWN, ledger.PENDING):
        raise Conflict("not_resolvable", f"A refund that is {row.state} is not for a person to decide.")
    after = await _write(ctx, row, status, by="person", error=None)
    if after.state != status:
        raise Conflict("not_resolvable", f"The provider has just told: the refund {after.state}.")
    return after


async def recognise(ctx: Context, session: Session, refund_ref: str) -> None:
    """A webhook told of a refund: read it, and if it carries one of our ids, that refund has its answer."""
    seen = await ctx.providers[session.provider].fetch_refund(refund_ref)
    async with ctx.database.read() as conn:
        known = await ledger.refunds_of(conn, session.id)
    for mine in known:
        if mine.ref == seen.ref or (mine.ref is None and mine.id == seen.attempt_id):
            await _told(ctx, mine, seen)


def _amount(provider: Provider[Any], session: Session, given: Sequence[Refund], amount: str | None) -> Money:
    if Capability.REFUND not in provider.capabilities:
        raise Conflict("not_supported", f"{provider.title} cannot refund.")
    received = session.facts.received
    if received is None or session.provider_ref is None:
        raise Conflict("not_refundable", "Nothing was received that could be refunded.")
    left = refundable(session, given)
    if left.units == 0:
        raise Conflict("not_refundable", "Everything was refunded already.")
    try:
        money = left if amount is None else Money.parse(amount, received.currency)
    except MoneyError as error:
        raise InvalidField(error.code, str(error), param="amount") from None
    if money.units == 0:
        raise InvalidField("amount_not_positive", "An amount is more than zero.", param="amount")
    if money > left:
        raise InvalidField("refund_too_large", f"At most {left} is left to refund.", param="amount")
    if money != received and Capability.PARTIAL_REFUND not in provider.capabilities:
        raise Conflict("not_supported", f"{provider.title} refunds only in full.")
    return money


def refundable(session: Session, given: Sequence[Refund]) -> Money:
    """What was received, less the larger of what the provider says went back and what we have asked it to send back."""
    received = session.facts.received
    if received is None:
        raise ValueError("nothing was received")
    none = Money(0, received.currency)
    asked = sum((row.amount for row in given if row.state != ledger.FAILED), none)
    gone = max(session.facts.refunded or none, asked)
    return received - gone if gone < received else none


async def _send(ctx: Context, session: Session, row: Refund) -> Refund:
    provider = ctx.providers[session.provider]
    attempt = RefundAttempt(
        id=row.id,
        session_id=session.id,
        payment_ref=session.provider_ref or "",
        amount=row.amount,
        reason=row.reason,
    )
    try:
        seen = await provider.refund(attempt)
    except Refused as error:
        await _write(ctx, row, ledger.FAILED, error=error.code)
        raise ProviderFailed("provider_error", f"{provider.title} refused: {error}") from error
    except OutcomeUnknown as error:
        return await _write(ctx, row, ledger.UNKNOWN, error=error.code)
    except ProviderError as error:
        # Surely not carried out, so sending it again cannot pay twice.
        next_at = back_off(2, ctx.clock(), error.retry_after)
        return await _write(ctx, row, ledger.PLANNED, error=error.code, next_at=next_at)
    return await _told(ctx, row, seen)


async def _follow(ctx: Context, provider: Provider[Any], session: Session, row: Refund, tries: int) -> None:
    """Looks whether a pending refund has gone out; in the end a person has to."""
    now = ctx.clock()
    if now >= row.created_at + _FOLLOWED_FOR:
        await _write(ctx, row, ledger.UNKNOWN, error="never_confirmed")
    elif not await refresh.within_budget(ctx, session, jobs.RECONCILE, now):
        await _write(ctx, row, row.state, next_at=when_less_busy(now))
    else:
        try:
            seen = await provider.fetch_refund(row.ref or "")
        except ProviderError as error:
            next_at = next_refund_look(tries, now, error.retry_after)
            await _write(ctx, row, row.state, error=error.code, next_at=next_at)
            return
        await _told(ctx, row, seen, tries)


async def _told(ctx: Context, row: Refund, seen: RefundObservation, tries: int = 2) -> Refund:
    states = {RefundState.SUCCEEDED: ledger.SUCCEEDED, RefundState.FAILED: ledger.FAILED}
    state = states.get(seen.state, ledger.PENDING)
    next_at = next_refund_look(tries, ctx.clock()) if state == ledger.PENDING else None
    return await _write(ctx, row, state, ref=seen.ref, next_at=next_at)


async def _write(ctx: Context, row: Refund, state: str, *, by: str = "provider", **values: Any) -> Refund:
    """One step in a refund's life: with its line in the story, and a look at the payment whose total it moves."""
    now = ctx.clock()

    async def work(tx: Transaction) -> Refund:
        session = await load(tx, row.session_id)
        known = await ledger.refund_by_id(tx.conn, row.id)
        if known is not None and known.state in _DECIDED and state not in _DECIDED:
            return known  # the answer came while somebody else thought it lost
        if state in _DECIDED:
            values.setdefault("ended_at", now)
        await jobs.finish(tx, refunds, row.id, state=state, **values)
        if state != row.state:
            data = {"refund": row.id, "error": values.get("error"), "by": by}
            await ledger.record(tx, session.id, session.version, f"refund.{state}", now, **data)
            await jobs.request_refresh(tx, session.id, now, jobs.WEBHOOK)
        after = await ledger.refund_by_id(tx.conn, row.id)
        if after is None:
            raise LookupError(row.id)
        return after

    return await transact(ctx, work)
