"""Webhooks to the merchant: Standard Webhooks, from the outbox, one signature for each secret, retried by its schedule."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import structlog
from standardwebhooks import Webhook

from checkout_server.context import Context
from checkout_server.retry_after import retry_after
from checkout_server.schedule import next_delivery
from checkout_server.store import jobs, ledger
from checkout_server.store.tables import outbox

_log = structlog.get_logger(__name__)
_TIMEOUT = httpx.Timeout(15.0, connect=5.0)
# The whole exchange ends before its lease does: otherwise somebody else would send it, too.
_DEADLINE = 20.0
_LONGEST_RETRY_AFTER = 86_400.0


def sign(secrets: list[str], message_id: str, at: datetime, payload: str) -> dict[str, str]:
    """The three headers of the specification; several signatures, one a secret, while secrets are rotated."""
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, at, payload) for secret in secrets),
    }


async def deliver(ctx: Context, row: Mapping[str, Any]) -> None:
    """Sends one message of the outbox and writes down what came of it."""
    url = ctx.settings.webhook_url
    if url is None:
        await _finish(ctx, row, error="no webhook_url")
        return
    secrets = [secret.get_secret_value() for secret in ctx.settings.webhook_secrets]
    headers = sign(secrets, row["id"], ctx.clock(), row["payload"])
    try:
        async with (
            asyncio.timeout(_DEADLINE),
            httpx.AsyncClient(transport=ctx.transport, timeout=_TIMEOUT, trust_env=False) as client,
        ):
            response = await client.post(url, content=row["payload"].encode(), headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        await _again(ctx, row, type(error).__name__)
        return
    if response.is_success:
        await _finish(ctx, row, delivered_at=ctx.clock())
    elif response.status_code == httpx.codes.GONE:
        # The specification's way to say "never again".
        await _finish(ctx, row, error="410")
    else:
        pause = retry_after(response.headers, most=_LONGEST_RETRY_AFTER)
        await _again(ctx, row, str(response.status_code), pause)


async def _again(ctx: Context, row: Mapping[str, Any], error: str, pause: float | None = None) -> None:
    next_at = next_delivery(row["tries"], ctx.clock(), pause)
    _log.warning(
        "webhook.undelivered",
        message=row["id"],
        session=row["session_id"],
        error=error,
        gave_up=next_at is None,
    )
    await _finish(ctx, row, error=error, next_at=next_at)


async def _finish(
    ctx: Context,
    row: Mapping[str, Any],
    *,
    error: str | None = None,
    next_at: datetime | None = None,
    delivered_at: datetime | None = None,
) -> None:
    async with ctx.database.write() as tx:
        values = {"last_error": error, "delivered_at": delivered_at or row["delivered_at"]}
        await jobs.finish(tx, outbox, row["id"], next_at=next_at, **values)
        if delivered_at is not None:
            data = {"message": row["id"], "type": row["type"]}
            await ledger.record(
                tx, row["session_id"], row["version"], "webhook.delivered", delivered_at, **data
            )
