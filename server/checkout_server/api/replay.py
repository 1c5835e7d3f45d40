"""Idempotency keys on HTTP: the first answer, word for word, for every repetition of the same request."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from fastapi import Response
from sqlalchemy.exc import IntegrityError

from checkout_server.api import problems
from checkout_server.context import Context
from checkout_server.errors import CheckoutError, Conflict, InvalidField
from checkout_server.sessions import IdempotencyKey
from checkout_server.store import idempotency
from checkout_server.store.idempotency import Kept

# Longer than any create takes: then the first request is known to have died, and its work is told as it stands.
_FIRST_TAKES = timedelta(seconds=30)
_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)


def read_key(route: str, key: str | None, body: Any) -> IdempotencyKey | None:
    """The key of a request. Raises `InvalidField` for one that is not 1 to 255 printable ASCII characters."""
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise InvalidField(
            "idempotency_key_invalid", "A key is 1 to 255 printable characters.", param="Idempotency-Key"
        )
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return IdempotencyKey(
        f"{route} {key}", hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
    )


async def once(
    ctx: Context,
    key: IdempotencyKey | None,
    request_id: str,
    work: Callable[[], Awaitable[Any]],
    unfinished: Callable[[str], Awaitable[Any]],
) -> Response:
    """Answers `work()` with 201, or replays. `unfinished(target)` tells what a first request that died has made."""
    if key is None:
        return _created(json.dumps(await work(), ensure_ascii=False))
    kept = await _look_up(ctx, key)
    if kept is None:
        try:
            return await _first(ctx, key, request_id, work)
        except IntegrityError:
            # Two at once: the other one's row was first, and ours was rolled back whole.
            kept = await _look_up(ctx, key)
            if kept is None:
                raise
    return await _again(ctx, key, kept, unfinished)


async def _first(
    ctx: Context, key: IdempotencyKey, request_id: str, work: Callable[[], Awaitable[Any]]
) -> Response:
    try:
        response = _created(json.dumps(await work(), ensure_ascii=False))
    except CheckoutError as error:
        response = problems.of(error, request_id)
    async with ctx.database.write() as tx:
        # Refused before anything was stored: no row, so the corrected request may use the key again.
        body = bytes(response.body).decode()
        await idempotency.answer(tx, key.key, key.fingerprint, response.status_code, body)
    return response


async def _again(
    ctx: Context, key: IdempotencyKey, kept: Kept, unfinished: Callable[[str], Awaitable[Any]]
) -> Response:
    if kept.fingerprint != key.fingerprint:
        raise Conflict(
            "idempotency_conflict", "This key was used for another request.", param="Idempotency-Key"
        )
    deadline = ctx.clock() + _FIRST_TAKES
    while kept.body is None and not kept.is_over(ctx.clock(), _FIRST_TAKES) and ctx.clock() < deadline:
        await asyncio.sleep(0.1)
        kept = await _look_up(ctx, key) or kept
    if kept.body is None:
        return _created(json.dumps(await unfinished(kept.target), ensure_ascii=False), replayed=True)
    return _raw(kept.body, kept.status or 201, replayed=True)


async def _look_up(ctx: Context, key: IdempotencyKey) -> Kept | None:
    async with ctx.database.read() as conn:
        return await idempotency.look_up(conn, key.key)


def _created(body: str, *, replayed: bool = False) -> Response:
    return _raw(body, 201, replayed=replayed)


def _raw(body: str, status: int, *, replayed: bool) -> Response:
    headers = {"idempotent-replayed": "true"} if replayed else None
    return Response(body, status, headers=headers, media_type="application/json")
