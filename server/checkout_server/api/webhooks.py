"""`POST /webhooks/{provider}`: 200 only when the nudge is committed."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import APIRouter, Request

from checkout_server import inbound
from checkout_server.api.access import Ctx
from checkout_server.api.answers import Received, errors
from checkout_server.errors import BadRequest, NotFound
from checkout_server.metrics import WEBHOOKS
from checkout_server.providers.base import WebhookRejected

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
# Each provider's own words, verified as raw bytes.
_RAW = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}
_log = structlog.get_logger(__name__)


@router.post(
    "/{provider}",
    response_model=Received,
    openapi_extra=_RAW,
    responses=errors(400, 404, 413, 503),
    summary="Webhooks of a provider",
)
async def receive(request: Request, ctx: Ctx, provider: str) -> dict[str, Any]:
    """The raw body is verified as it came. Duplicates answer 200 too."""
    if provider not in ctx.providers:
        raise NotFound("provider_unknown", "This provider is not configured.")
    try:
        fresh = await inbound.receive(ctx, provider, request.headers, await request.body())
    except WebhookRejected as error:
        WEBHOOKS.labels(provider, error.reason).inc()
        _log.warning("webhook.rejected", provider=provider, reason=error.reason)
        raise BadRequest("webhook_rejected", f"The webhook was rejected: {error.reason}.") from None
    WEBHOOKS.labels(provider, "accepted" if fresh else "duplicate").inc()
    return {"received": True, "duplicate": not fresh}
