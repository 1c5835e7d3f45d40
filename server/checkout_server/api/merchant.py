"""`/v1`: what a merchant's back end calls, with its key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from checkout_server import refresh, refunds, sessions
from checkout_server.api import replay
from checkout_server.api.access import Ctx, merchant
from checkout_server.api.answers import (
    Delivered,
    EventBody,
    PaymentList,
    ProviderList,
    Purged,
    RefundBody,
    SessionBody,
    SessionList,
    SessionWithEvents,
    errors,
)
from checkout_server.api.requests import (
    PurgeRequest,
    RefundRequest,
    RefundResolveRequest,
    ResolveRequest,
    SessionRequest,
)
from checkout_server.context import Context
from checkout_server.errors import InvalidField, NotFound
from checkout_server.present import event_json, refund_json, session_json
from checkout_server.record import Session
from checkout_server.store import jobs, ledger, messages
from checkout_server.store import purge as purging
from checkout_server.store import sessions as rows

router = APIRouter(prefix="/v1", dependencies=[Depends(merchant)], tags=["merchant"])

# How long an answer waits for the provider before it says "202, not yet".
PATIENCE = timedelta(seconds=3)
IdempotencyHeader = Annotated[
    str | None, Header(alias="Idempotency-Key", description="Replays the first answer.")
]


@router.post(
    "/sessions",
    status_code=201,
    response_model=SessionBody,
    responses=errors(400, 401, 409, 413, 422, 502, 503),
    summary="Create a session",
)
async def create_session(
    request: Request, ctx: Ctx, body: SessionRequest, idempotency_key: IdempotencyHeader = None
) -> Response:
    """Creates a session and its payment. Send the shopper to `url`.

    A provider that does not answer in time still gives 201: `provider_ref` is null, and the server goes on.
    """
    key = replay.read_key("POST /v1/sessions", idempotency_key, body.model_dump(mode="json"))

    async def work() -> dict[str, Any]:
        return session_json(ctx, await sessions.create(ctx, body.wanted(), key))

    return await replay.once(ctx, key, request.scope["request_id"], work, _as_it_stands(ctx))


@router.get(
    "/sessions",
    response_model=SessionList,
    responses=errors(401, 422, 503),
    summary="List sessions, newest first",
)
async def list_sessions(
    ctx: Ctx,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str | None, Query(max_length=64, description="`next` of the previous page.")] = None,
    status: Annotated[str | None, Query(max_length=32)] = None,
    provider: Annotated[str | None, Query(max_length=64)] = None,
    order_id: Annotated[str | None, Query(max_length=200)] = None,
    mode: Annotated[str | None, Query(max_length=8)] = None,
    provider_ref: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    filters = {
        "status": status,
        "provider": provider,
        "order_id": order_id,
        "mode": mode,
        "provider_ref": provider_ref,
    }
    async with ctx.database.read() as conn:
        found, following = await rows.page(conn, limit=limit, after=after, **filters)
        refunds_by_session = await ledger.refunds_by_session(conn, [session.id for session in found])
    data = [session_json(ctx, session, refunds_by_session[session.id]) for session in found]
    return {"data": data, "next": following}


@router.get(
    "/sessions/{session_id}",
    response_model=SessionWithEvents,
    responses=errors(401, 404, 503),
    summary="One session with its story",
)
async def get_session(ctx: Ctx, session_id: str) -> dict[str, Any]:
    body = await _body(ctx, session_id)
    async with ctx.database.read() as conn:
        events = [event_json(event) for event in await ledger.story(conn, session_id)]
    return {**body, "events": [EventBody.model_validate(event).model_dump() for event in events]}


@router.post(
    "/sessions/{session_id}/refresh",
    response_model=SessionBody,
    responses={
        **errors(401, 404, 413, 503),
        202: {"model": SessionBody, "description": "Not yet; the server goes on."},
    },
    summary="Look at the provider now",
)
async def refresh_session(ctx: Ctx, session_id: str) -> Response:
    await _body(ctx, session_id)
    _, fresh = await refresh.refresh_now(ctx, session_id, urgency=jobs.SHOPPER, within=PATIENCE)
    return JSONResponse(await _body(ctx, session_id), 200 if fresh else 202)


@router.post(
    "/sessions/{session_id}/cancel",
    response_model=SessionBody,
    responses=errors(401, 404, 409, 413, 502, 503),
    summary="Cancel an open session",
)
async def cancel_session(ctx: Ctx, session_id: str) -> dict[str, Any]:
    await sessions.cancel(ctx, session_id)
    return await _body(ctx, session_id)


@router.post(
    "/sessions/{session_id}/resolve",
    response_model=SessionBody,
    responses=errors(400, 401, 404, 409, 413, 422, 503),
    summary="Decide a session in review",
)
async def resolve_session(ctx: Ctx, session_id: str, body: ResolveRequest) -> dict[str, Any]:
    """Holds for as long as what was received, refunded and delivered is what it was made on."""
    await sessions.resolve(ctx, session_id, body.status, body.note)
    return await _body(ctx, session_id)


@router.post(
    "/sessions/{session_id}/refunds",
    status_code=201,
    response_model=RefundBody,
    responses=errors(400, 401, 404, 409, 413, 422, 502, 503),
    summary="Refund in full or in part",
)
async def create_refund(
    request: Request,
    ctx: Ctx,
    session_id: str,
    body: Annotated[RefundRequest | None, Body()] = None,
    idempotency_key: IdempotencyHeader = None,
) -> Response:
    """Needs an `Idempotency-Key`: money goes out."""
    wanted = body or RefundRequest()
    route = f"POST /v1/sessions/{session_id}/refunds"
    key = replay.read_key(route, idempotency_key, wanted.model_dump(mode="json"))
    if key is None:
        raise InvalidField(
            "idempotency_key_required", "A refund needs an Idempotency-Key.", param="Idempotency-Key"
        )

    async def work() -> dict[str, Any]:
        return refund_json(await refunds.refund(ctx, session_id, wanted.amount, wanted.reason, key))

    async def as_it_stands(refund_id: str) -> dict[str, Any]:
        async with ctx.database.read() as conn:
            found = await ledger.refund_by_id(conn, refund_id)
        if found is None:
            raise NotFound("refund_unknown", "There is no such refund.")
        return refund_json(found)

    return await replay.once(ctx, key, request.scope["request_id"], work, as_it_stands)


@router.post(
    "/sessions/{session_id}/refunds/{refund_id}/resolve",
    response_model=RefundBody,
    responses=errors(400, 401, 404, 409, 413, 422, 503),
    summary="Say what became of a refund that is unknown",
)
async def resolve_refund(
    ctx: Ctx, session_id: str, refund_id: str, body: RefundResolveRequest
) -> dict[str, Any]:
    """For a refund whose answer was lost and that no webhook names: a person looks at the provider's dashboard."""
    return refund_json(await refunds.resolve(ctx, session_id, refund_id, body.status))


@router.post(
    "/sessions/{session_id}/deliver",
    response_model=Delivered,
    responses=errors(401, 404, 413, 503),
    summary="Send a session's webhooks to the merchant again",
)
async def deliver_again(ctx: Ctx, session_id: str) -> dict[str, int]:
    await _body(ctx, session_id)
    async with ctx.database.write() as tx:
        return {"messages": await messages.deliver_again(tx, session_id, ctx.clock())}


@router.post(
    "/purge",
    response_model=Purged,
    responses=errors(400, 401, 413, 422, 503),
    summary="Delete sessions that are long over",
)
async def purge(ctx: Ctx, body: PurgeRequest) -> dict[str, int]:
    """With their events, attempts, refunds and webhooks. What is open, in review or still to be told is kept."""
    before = ctx.clock() - timedelta(days=body.older_than_days)
    total = 0
    while True:
        async with ctx.database.write() as tx:
            gone = await purging.purge(tx, before)
        total += gone
        if gone == 0:
            return {"sessions": total}


@router.get("/providers", response_model=ProviderList, responses=errors(401), summary="Configured providers")
async def list_providers(ctx: Ctx) -> dict[str, Any]:
    return {
        "data": [
            {
                "name": provider.name,
                "title": provider.title,
                "kind": provider.kind,
                "mode": provider.mode,
                "capabilities": sorted(provider.capabilities),
            }
            for provider in ctx.providers.values()
        ]
    }


@router.get(
    "/providers/{name}/payments",
    response_model=PaymentList,
    responses=errors(401, 404, 409, 502),
    summary="The provider's own list of payments, for reconciliation",
)
async def list_payments(
    ctx: Ctx, name: str, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> dict[str, Any]:
    """Newest first, as the provider holds them now; `session_id` is our own id that travels with each."""
    if name not in ctx.providers:
        raise NotFound("provider_unknown", "This provider is not configured.")
    return {"data": await sessions.payments(ctx.providers[name], limit)}


async def _body(ctx: Context, session_id: str) -> dict[str, Any]:
    async with ctx.database.read() as conn:
        session = _known(await rows.by_id(conn, session_id))
        return session_json(ctx, session, await ledger.refunds_of(conn, session_id))


def _known(session: Session | None) -> Session:
    if session is None:
        raise NotFound("session_unknown", "There is no such session.")
    return session


def _as_it_stands(ctx: Context) -> Callable[[str], Awaitable[dict[str, Any]]]:
    async def body(session_id: str) -> dict[str, Any]:
        return await _body(ctx, session_id)

    return body
