"""Who may: the merchant by key, the shopper by token."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr

from checkout_server.context import Context
from checkout_server.errors import NotFound, Unauthorized
from checkout_server.snapshot import Shown, shown_by_token

_bearer = HTTPBearer(auto_error=False, description="A key of `CHECKOUT_API_KEYS`.")


async def context(request: Request) -> Context:
    # Not a plain function: those go through the thread pool, at every request.
    found = request.app.state.context
    assert isinstance(found, Context)  # noqa: S101 - set by create_app before any request
    return found


Ctx = Annotated[Context, Depends(context)]


async def merchant(
    ctx: Ctx, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    """Every configured key is compared, in constant time, so that neither length nor position can be measured."""
    given = credentials.credentials if credentials else ""
    if not matches(given, ctx.settings.api_keys):
        raise Unauthorized("key_invalid", "Send `Authorization: Bearer <key>` with a key of this checkout.")


def matches(given: str, keys: list[SecretStr]) -> bool:
    digest = hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest()
    found = False
    for key in keys:
        wanted = hashlib.sha256(key.get_secret_value().encode()).digest()
        found |= hmac.compare_digest(digest, wanted)
    return found and bool(given)


async def shopper(ctx: Ctx, token: str) -> Shown:
    """The session behind a shopper's link. An unknown one is told as such, never what else there may be."""
    found = await shown_by_token(ctx, token)
    if found is None:
        raise NotFound("checkout_unknown", "This checkout link is not known here.")
    return found


ByToken = Annotated[Shown, Depends(shopper)]
