"""`/checkout/{token}`: the page and what it calls. The token may nudge; nothing here changes money."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from checkout_server import refresh, sessions
from checkout_server.api.access import ByToken, Ctx
from checkout_server.api.answers import Accepted, Left, Snapshot, errors
from checkout_server.api.encoding import encoded
from checkout_server.api.limits import Limiter
from checkout_server.api.presence import Presence
from checkout_server.context import Context
from checkout_server.errors import BadRequest, InvalidField, TooMany
from checkout_server.pages import Page, Pages, PageSession
from checkout_server.policy import View
from checkout_server.present import page_url
from checkout_server.providers.base import Policy
from checkout_server.qr import qr_svg
from checkout_server.snapshot import Shown, leave_url, shown_by_token, snapshot
from checkout_server.store import jobs
from checkout_server.theme import Theme, look_of
from checkout_ui import status as st

router = APIRouter(prefix="/checkout", tags=["shopper"])

# A provider's redirect waits at most so long for the truth before the waiting page shows.
_PATIENCE = timedelta(seconds=3)
_VIEWS: tuple[View, ...] = ("embed", "webview", "popup")


class Signal(BaseModel):
    """What the browser may add to a nudge: the id of a payment that its component reported."""

    model_config = ConfigDict(extra="ignore")

    ref: Annotated[str, Field(strict=True, min_length=1, max_length=128, pattern=r"^[\w.:-]+$")] | None = None


class Departure(BaseModel):
    """How the shopper walks away; `refuse`, with whatever text, from an approval that they do not give."""

    model_config = ConfigDict(extra="ignore")

    refuse: Annotated[str, Field(max_length=16)] | None = None

    @classmethod
    def of(cls, raw: bytes) -> Departure:
        """Nothing is a departure, too. Raises `BadRequest`."""
        try:
            return cls.model_validate_json(raw) if raw.strip() else cls()
        except ValidationError:
            raise BadRequest("not_json", "The body is empty, a form or a JSON object.") from None


_SIGNAL = Signal.model_json_schema() | {"examples": [{"ref": "fa176d2e-8f58-419d-a531-e2c8e4dc3fa9"}]}


@router.get("/{token}", response_class=Response, responses=errors(404, 503), summary="The checkout page")
async def page(
    request: Request, ctx: Ctx, token: str, view: Annotated[str, Query(max_length=16)] = "page"
) -> Response:
    pages: Pages = request.app.state.pages
    shown = await shown_by_token(ctx, token)
    if shown is None:
        return _html(request, pages.render_error("not_found", _language(request)), 404)
    presence: Presence = request.app.state.presence
    if view == "status":
        # The page without script: its loading is its nudge.
        await presence.notice(ctx, shown.session)
        return _html(request, pages.render_status(page_session(ctx, shown)))
    chosen: View = next((known for known in _VIEWS if known == view), "page")
    return _html(request, pages.render_checkout(page_session(ctx, shown), chosen))


@router.get(
    "/{token}/status", response_model=Snapshot, responses=errors(404, 503), summary="A snapshot for the page"
)
async def status(request: Request, ctx: Ctx, shown: ByToken) -> JSONResponse:
    """Answers from the database alone. That somebody asks is noted, and may lead to a look at the provider."""
    presence: Presence = request.app.state.presence
    await presence.notice(ctx, shown.session)
    body = snapshot(ctx.settings, shown, ctx.clock())
    return JSONResponse(body, headers={"cache-control": "no-store"})


@router.post(
    "/{token}/refresh",
    status_code=202,
    response_model=Accepted,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": _SIGNAL}}}},
    responses=errors(400, 404, 413, 422, 429, 503),
    summary="A nudge",
)
async def nudge(request: Request, ctx: Ctx, shown: ByToken) -> JSONResponse:
    """202 at once; the truth comes by `/events` or `/status`."""
    limiter: Limiter = request.app.state.nudges
    limiter.check(shown.session.id, ctx.clock())
    raw = await request.body()
    try:
        signal = Signal.model_validate_json(raw) if raw.strip() else Signal()
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise BadRequest("not_json", "The body is empty or a JSON object.") from None
        raise InvalidField("ref_invalid", "This is no id of a payment.", param="ref") from None
    await sessions.signal(ctx, shown.session, signal.ref)
    return JSONResponse({"accepted": True}, 202)


@router.post(
    "/{token}/leave",
    status_code=303,
    response_class=Response,
    responses={**errors(400, 404, 413, 429, 503), 202: {"model": Left, "description": "For a script."}},
    summary="Back to the store",
)
async def leave(request: Request, ctx: Ctx, shown: ByToken) -> Response:
    """Notes that the shopper walked away. It cancels nothing: whoever comes back may still pay.

    With a field `refuse`, an approval (and nothing else) is withdrawn at the provider. A form is redirected to the
    store; a script, whose body is JSON or nothing, is told where that is.
    """
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    raw = await request.body()
    refuses = b"refuse" in dict(parse_qsl(raw)) if is_form else Departure.of(raw).refuse is not None
    if refuses:
        limiter: Limiter = request.app.state.nudges
        limiter.check(shown.session.id, ctx.clock())
    if refuses or _may_nudge(
        request, ctx, shown
    ):  # who leaves too often is let go all the same, only not noted
        shown = replace(shown, session=await sessions.leave(ctx, shown.session, refuses=refuses))
    url = leave_url(ctx.settings, shown, ctx.clock())
    return RedirectResponse(url, 303) if is_form else JSONResponse({"accepted": True, "redirect": url}, 202)


@router.get(
    "/{token}/return", response_class=Response, responses=errors(404, 503), summary="Back from the provider"
)
async def returned(
    request: Request, ctx: Ctx, token: str, outcome: Annotated[str, Query(max_length=32)] = "return"
) -> Response:
    """Looks for at most three seconds. The page that answers finds out what holds it, and leaves accordingly."""
    pages: Pages = request.app.state.pages
    shown = await shown_by_token(ctx, token)
    if shown is None:
        return _html(request, pages.render_error("not_found", _language(request)), 404)
    waits = not st.is_final(shown.session.status) and shown.session.provider_ref is not None
    if waits and _may_nudge(request, ctx, shown):
        if outcome != "cancel":
            await sessions.signal(ctx, shown.session, shown.session.provider_ref)
        await refresh.refresh_now(ctx, shown.session.id, urgency=jobs.SHOPPER, within=_PATIENCE)
        shown = await shown_by_token(ctx, token) or shown
    session = page_session(ctx, shown, gave_up=outcome == "cancel")
    return _html(request, pages.render_return(session))


@router.get(
    "/{token}/qr.svg", response_class=Response, responses=errors(404, 503), summary="A QR code to pay by"
)
async def qr(ctx: Ctx, shown: ByToken) -> Response:
    """What a wallet reads to pay, where the provider gives that (`qr` of `Created.public`) and for as long as it may be
    paid; else this page's own address, to go on with a phone."""
    to_pay = shown.session.public.get("qr") if shown.payable else None
    data = to_pay or page_url(ctx.settings, shown.session)
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(qr_svg(data), media_type="image/svg+xml", headers=headers)


def page_session(ctx: Context, shown: Shown, *, gave_up: bool = False) -> PageSession:
    """A session as the templates want it. With `gave_up`, a shopper who cancelled at the provider goes back to the store."""
    session, now = shown.session, ctx.clock()
    provider = ctx.providers.get(session.provider)
    look = look_of(Theme(accent=ctx.settings.accent))
    body: dict[str, Any] = snapshot(ctx.settings, shown, now)
    leads_to = leave_url(ctx.settings, shown, now)
    if gave_up and session.status == st.OPEN and not body["checking"]:
        body["redirect"] = leads_to
    return PageSession(
        token=session.token,
        reference=session.id,
        snapshot=body,
        provider=session.provider,
        provider_title=provider.title if provider else session.provider,
        amount=session.amount,
        order_id=session.order_id,
        expires_at=session.expires_at,
        kind=session.facts.kind,
        description=session.description,
        locale=session.locale,
        test=session.facts.mode == "test",
        hosted_url=session.hosted_url,
        component=provider.page_values(session.public, look) if provider else session.public,
        policy=provider.policy if provider else Policy(),
        embed_origins=session.embed_origins,
        leave_to=(leads_to,),
    )


def _may_nudge(request: Request, ctx: Context, shown: Shown) -> bool:
    """A page is shown to whoever comes too often, too; only the provider is not asked for them."""
    limiter: Limiter = request.app.state.nudges
    try:
        limiter.check(shown.session.id, ctx.clock())
    except TooMany:
        return False
    return True


def _language(request: Request) -> str:
    return request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()


def _html(request: Request, page: Page, status: int = 200) -> Response:
    return encoded(request, page.html.encode(), page.headers, status=status)


def error_page(request: Request, status: int) -> Response:
    """For a shopper: a problem of ours in words instead of JSON."""
    pages: Pages = request.app.state.pages
    return _html(
        request, pages.render_error("busy" if status == 503 else "server", _language(request)), status
    )
