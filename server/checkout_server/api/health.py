"""For whoever runs it: alive, ready, measured."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from checkout_server.api.access import Ctx, matches
from checkout_server.api.answers import Health, errors
from checkout_server.errors import Busy, NotFound, Unauthorized
from checkout_server.migrations import is_current

router = APIRouter(tags=["operation"])


@router.get("/healthz", response_model=Health, summary="The process answers")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get(
    "/readyz", response_model=Health, responses=errors(503), summary="The database answers and is up to date"
)
async def readyz(ctx: Ctx) -> dict[str, str]:
    if not await is_current(ctx.database):
        raise Busy(
            "not_migrated", "The database is not up to date: run `checkout-ui migrate`.", retry_after=10
        )
    return {"status": "ok"}


@router.get(
    "/metrics",
    response_class=Response,
    responses=errors(401, 404),
    summary="Prometheus metrics, by key",
)
async def metrics(request: Request, ctx: Ctx) -> Response:
    key = ctx.settings.metrics_key
    if key is None:
        raise NotFound("not_found", "No metrics key is set.")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not matches(given, [key]):
        raise Unauthorized("key_invalid", "Send `Authorization: Bearer <metrics key>`.")
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
