"""`POST /csp-report`: what browsers say they blocked, counted and logged."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Request, Response

from checkout_server.api.access import Ctx
from checkout_server.api.limits import Limiter
from checkout_server.errors import TooMany
from checkout_server.metrics import VIOLATIONS

router = APIRouter(tags=["shopper"], include_in_schema=False)
_log = structlog.get_logger(__name__)
_DIRECTIVES = frozenset(
    [
        "default-src",
        "script-src",
        "script-src-elem",
        "script-src-attr",
        "style-src",
        "style-src-elem",
        "style-src-attr",
        "img-src",
        "font-src",
        "connect-src",
        "frame-src",
        "frame-ancestors",
        "form-action",
        "base-uri",
        "worker-src",
    ]
)


@router.post("/csp-report", status_code=204, response_class=Response)
async def report(request: Request, ctx: Ctx) -> Response:
    """Anyone may post here, so nothing of it is believed beyond a bounded count and a short log line."""
    limiter: Limiter = request.app.state.reports
    try:
        limiter.check("all", ctx.clock())
        body: Any = json.loads(await request.body())
    except (TooMany, ValueError, RecursionError):
        return Response(status_code=204)
    for entry in (body if isinstance(body, list) else [body])[:10]:
        said = _said(entry)
        named = (
            said.get("effective-directive")
            or said.get("effectiveDirective")
            or said.get("violated-directive")
        )
        directive = named if isinstance(named, str) and named in _DIRECTIVES else "other"
        VIOLATIONS.labels(directive).inc()
        _log.warning("policy.violation", directive=directive, blocked=_origin(said))
    return Response(status_code=204)


def _said(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        return {}
    inner = entry.get("csp-report") or entry.get("body") or {}
    return inner if isinstance(inner, dict) else {}


def _origin(said: dict[str, Any]) -> str:
    """What was blocked, without path and query: those may carry the shopper's link away, also into our log."""
    blocked = str(said.get("blocked-uri") or said.get("blockedURL") or "")[:2000]
    try:
        parts = urlsplit(blocked)
    except ValueError:
        return "unreadable"
    return f"{parts.scheme}://{parts.netloc}"[:200] if parts.netloc else (parts.scheme or parts.path)[:20]
