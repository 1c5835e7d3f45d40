"""The life of a session, as its use cases: create, signal, leave, cancel, resolve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from checkout_server import creation, decide, refresh, withdraw
from checkout_server.change import Change, change, load, transact, unchanged, write
from checkout_server.context import Context
from checkout_server.errors import Conflict, InvalidField, NotFound, ProviderFailed
from checkout_server.facts import Facts
from checkout_server.ids import new_id, new_token
from checkout_server.money import Money, MoneyError
from checkout_server.providers.base import (
    Capability,
    InvalidOption,
    OutcomeUnknown,
    Provider,
    ProviderError,
    Refused,
)
from checkout_server.record import Session
from checkout_server.store import idempotency, jobs, ledger
from checkout_server.store import sessions as rows
from checkout_server.store.database import Transaction
from checkout_server.urls import check_origin, check_return_url
from checkout_ui import status as st

EXPIRES_IN = (timedelta(minutes=1), timedelta(days=30))
# How long a shopper's "I have paid" keeps the page on "Checking your payment" while the provider still says no.
SIGNAL_HOLDS = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """What a merchant asks for: `POST /v1/sessions`, already of the right types, not yet of the right values."""

    provider: str
    amount: str | None
    currency: str | None
    order_id: str
    return_url: str
    cancel_url: str | None = None
    description: str | None = None
    email: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    embed_origins: tuple[str, ...] = ()
    locale: str | None = None
    expires_in: int | None = None  # seconds
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The merchant's key, made ours by route and account, with the fingerprint of the request it came with."""

    key: str
    fingerprint: str


async def create(ctx: Context, wanted: NewSession, key: IdempotencyKey | None = None) -> Session:
    """Creates the session, then the payment. A provider that does not answer leaves the session open, without a payment.

    Raises `InvalidField` before anything is stored or sent, and `ProviderFailed` when the provider refuses.
    """
    provider = ctx.provider(wanted.provider)
    session = _new_session(ctx, provider, wanted)
    try:
        provider.check(creation.attempt_for(session, "", ctx.settings.public_url))
    except InvalidOption as error:
        raise InvalidField("option_invalid", str(error), param=error.param) from None
    except MoneyError as error:
        raise InvalidField(error.code, str(error), param="amount") from None
    async with ctx.database.write() as tx:
        await rows.insert(tx, session)
        attempt_id = await ledger.plan(tx, session.id, "create", session.created_at, sender=ctx.owner)
        await ledger.record(tx, session.id, session.version, "session.created", session.created_at)
        if key is not None:
            await idempotency.reserve(tx, key.key, key.fingerprint, session.id, session.created_at)
    try:
        return await creation.send(ctx, session, attempt_id, heard=True)
    except Refused as error:
        raise ProviderFailed("provider_error", f"{provider.title} refused: {error}") from error


async def signal(ctx: Context, session: Session, ref: str | None) -> None:
    """The shopper's browser says that something happened. With `ref`, that a payment of this id was approved."""
    now = ctx.clock()
    async with ctx.database.write() as tx:
        if ref is not None:
            await rows.mark_signal(tx, session.id, now)
            if session.created_in_browser and session.provider_ref != ref:
                await ledger.plan_once(tx, session.id, "claim", now, ref=ref)
        await jobs.request_refresh(tx, session.id, now, jobs.SHOPPER)


async def leave(ctx: Context, session: Session, *, refuses: bool = False) -> Session:
    """The shopper walked away. That is all it is: the payment stays as it was and can still be paid.

    Who `refuses` an approval takes it off the table: it is withdrawn at the provider. A payment cannot be refused.
    """
    now = ctx.clock()

    def left(fresh: Session) -> Change | None:
        if fresh.left_at is not None or st.is_final(fresh.status):
            return None
        return Change(unchanged(fresh.facts), "shopper.left", fields={"left_at": now})

    after = await change(ctx, session.id, left)
    if refuses and after.facts.kind == "approval" and after.provider_ref is not None:
        async with ctx.database.write() as tx:
            await ledger.plan_once(tx, after.id, withdraw.REFUSE, now, ref=after.provider_ref)
    return after


async def resolve(ctx: Context, session_id: str, status: str, note: str) -> Session:
    """A person's decision about a session in review. Raises `Conflict` when it is not, `InvalidField` for the status."""
    now = ctx.clock()

    def resolved(fresh: Session) -> Change:
        known = decide.RESOLUTIONS[fresh.facts.kind]
        if status not in known:
            raise InvalidField(
                "resolution_invalid",
                f"A review of this kind is resolved as one of: {', '.join(known)}.",
                param="status",
            )
        try:
            decision = decide.resolve(fresh.facts, status, note, now)
        except decide.NotResolvable as error:
            raise Conflict("not_in_review", str(error)) from None
        return Change(decision, f"session.{decision.status}", {"by": "person"})

    return await change(ctx, session_id, resolved)


async def cancel(ctx: Context, session_id: str) -> Session:
    """Cancels at the provider. `cancelled` is only what the provider then says; money that came first wins."""
    async with ctx.database.read() as conn:
        session = await rows.by_id(conn, session_id)
    if session is None:
        raise NotFound("session_unknown", "There is no such session.")
    if session.status in (st.CANCELLED, st.REVOKED):
        return session
    approval = session.facts.kind == "approval"
    revoking = session.status == st.APPROVED or (approval and session.status == st.REVIEW)
    if session.status != st.OPEN and not revoking:
        raise Conflict("not_cancellable", f"A session that is {session.status} cannot be cancelled.")
    if session.provider_ref is None:
        return await _cancel_unborn(ctx, session)
    provider = ctx.provider(session.provider)
    if (Capability.REVOKE if revoking else Capability.CANCEL) not in provider.capabilities:
        raise Conflict("not_supported", f"{provider.title} cannot {'revoke' if revoking else 'cancel'} this.")
    return await _cancel_at(ctx, provider, session, session.provider_ref)


async def _cancel_at(ctx: Context, provider: Provider[Any], session: Session, ref: str) -> Session:
    started = ctx.clock()
    async with ctx.database.write() as tx:
        attempt_id = await ledger.plan(tx, session.id, "cancel", started, sender=ctx.owner)
    try:
        seen = await provider.cancel(ref)
    except Refused as error:
        await ledger.end_attempt(ctx.database, attempt_id, ledger.REFUSED, error.code, ctx.clock())
        await refresh.refresh_now(ctx, session.id, urgency=jobs.SHOPPER, within=timedelta(seconds=3))
        raise Conflict("not_cancellable", f"{provider.title} refused: {error}") from None
    except ProviderError as error:
        # Whether it was carried out or not, looking tells; cancelling twice would do no harm, but a person may
        # have changed their mind by then.
        state = ledger.UNKNOWN if isinstance(error, OutcomeUnknown) else ledger.ABANDONED
        await ledger.end_attempt(ctx.database, attempt_id, state, error.code, ctx.clock())
        after, _ = await refresh.refresh_now(
            ctx, session.id, urgency=jobs.SHOPPER, within=timedelta(seconds=3)
        )
        if after.status in (st.CANCELLED, st.REVOKED):
            return after
        raise ProviderFailed("provider_unavailable", f"{provider.title} did not answer; try again.") from None
    await ledger.end_attempt(ctx.database, attempt_id, ledger.DONE, None, ctx.clock())
    return await refresh.observe(ctx, session.id, seen, started)


async def _cancel_unborn(ctx: Context, session: Session) -> Session:
    """No payment is known. If one may exist all the same, its fate comes first."""
    now = ctx.clock()

    async def work(tx: Transaction) -> Session:
        fresh = await load(tx, session.id)
        creates = await ledger.attempts_of(tx.conn, session.id, "create")
        if fresh.provider_ref is not None or any(
            row["state"] in (ledger.SENT, ledger.UNKNOWN) for row in creates
        ):
            raise Conflict("still_creating", "The payment is being created; try again in a moment.")
        await ledger.abandon(tx, session.id, "create", now)
        decision = replace(unchanged(replace(fresh.facts, ended=st.CANCELLED)), notify=True)
        return await write(ctx, tx, fresh, Change(decision, "session.cancelled"))

    return await transact(ctx, work)


async def payments(provider: Provider[Any], limit: int) -> list[dict[str, Any]]:
    """The provider's own list, newest first, for comparing with ours."""
    if Capability.LIST not in provider.capabilities:
        raise Conflict("not_supported", f"{provider.title} has no list of payments.")
    found: list[dict[str, Any]] = []
    try:
        async for seen in provider.list():
            found.append(
                {
                    "provider_ref": seen.ref,
                    "session_id": seen.reference or None,
                    "state": seen.state.value,
                    "mode": seen.mode,
                    "amount": seen.amount.text if seen.amount else None,
                    "currency": seen.currency,
                    "amount_refunded": seen.refunded.text if seen.refunded else None,
                }
            )
            if len(found) >= limit:
                break
    except ProviderError as error:
        raise ProviderFailed("provider_unavailable", f"{provider.title} did not answer: {error}") from None
    return found


def _new_session(ctx: Context, provider: Provider[Any], wanted: NewSession) -> Session:
    now = ctx.clock()
    session_id = new_id("cs", now)
    expires_at = now + _life(ctx, wanted.expires_in)
    schemes = ctx.settings.app_schemes
    cancel_url = wanted.cancel_url
    return Session(
        id=session_id,
        token=new_token(),
        provider=provider.name,
        account=provider.account,
        order_id=wanted.order_id,
        return_url=check_return_url(wanted.return_url, schemes, "return_url"),
        cancel_url=None if cancel_url is None else check_return_url(cancel_url, schemes, "cancel_url"),
        locale=wanted.locale or ctx.settings.locale,
        created_at=now,
        watch_until=expires_at + ctx.settings.watch_for,
        facts=Facts(
            session_id=session_id,
            kind=provider.kind,
            mode=provider.mode,
            expected=_price(provider, wanted),
            expires_at=expires_at,
        ),
        description=wanted.description,
        email=wanted.email,
        metadata=dict(wanted.metadata),
        embed_origins=tuple(check_origin(origin, "embed_origins") for origin in wanted.embed_origins),
        options=dict(wanted.options),
    )


def _life(ctx: Context, seconds: int | None) -> timedelta:
    if seconds is None:
        return ctx.settings.expires_in
    shortest, longest = EXPIRES_IN
    if not shortest.total_seconds() <= seconds <= longest.total_seconds():
        raise InvalidField(
            "expires_in_range", "A session lives between a minute and 30 days.", param="expires_in"
        )
    return timedelta(seconds=seconds)


def _price(provider: Provider[Any], wanted: NewSession) -> Money | None:
    open_price = provider.kind == "approval" or Capability.OPEN_PRICE in provider.capabilities
    if wanted.amount is None and open_price:
        if wanted.currency is not None:
            raise InvalidField("amount_missing", "A currency needs an amount.", param="amount")
        return None
    try:
        price = Money.parse(wanted.amount, wanted.currency)
    except MoneyError as error:
        param = "currency" if error.code == "currency_unknown" else "amount"
        raise InvalidField(error.code, str(error), param=param) from None
    if price.units == 0:
        raise InvalidField("amount_not_positive", "An amount is more than zero.", param="amount")
    return price
