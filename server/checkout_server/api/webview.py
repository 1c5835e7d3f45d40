"""`GET /webview`: a page that tells a developer what an app's WebView allows, and a stream for it to listen to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from checkout_server.api.access import Ctx
from checkout_server.api.encoding import encoded
from checkout_server.api.limits import Limiter
from checkout_server.errors import InvalidField
from checkout_server.pages import Pages
from checkout_server.selftest import rule_tests
from checkout_server.urls import check_return_url

router = APIRouter(include_in_schema=False)

# As strict as a checkout's, and of one kind for everybody: no nonce, no provider, nobody frames it.
_HEADERS = {
    "cache-control": "no-cache",  # may be kept for going back, which the page notices
    "content-language": "en",
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    # The checkout's own: it decides whether window.open has a window to give back.
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
# Longer than the page waits: a stream that ended by itself would come through whatever holds streams back.
_HELD_S = 6.0


@router.get("/webview")
async def page(
    request: Request,
    ctx: Ctx,
    back: Annotated[str | None, Query(alias="return")] = None,
    opened: str | None = None,
) -> Response:
    """`return` is tried as a session's return URL would be; `opened` marks what a press of the page opened."""
    pages: Pages = request.app.state.pages
    refused = ""
    if back is not None:
        try:
            check_return_url(back, ctx.settings.app_schemes, "return")
        except InvalidField as error:
            back, refused = None, error.message
    here = f"{ctx.settings.prefix}/webview"
    tests = rule_tests(here, f"{ctx.settings.public_url}/webview", back, ctx.clock())
    html = pages.render_webview(tests, opened=opened or None, refused=refused)
    return encoded(request, html.encode(), _HEADERS)


@router.get("/webview/events")
async def events(request: Request, ctx: Ctx) -> EventSourceResponse:
    """One snapshot, as a checkout's stream would send it. Raises `TooMany`: anybody may come, and each holds a connection."""
    limiter: Limiter = request.app.state.selftests
    limiter.check("all", ctx.clock())
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return EventSourceResponse(_one_snapshot(), headers=headers)


async def _one_snapshot() -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent("{}", event="snapshot")
    await asyncio.sleep(_HELD_S)
