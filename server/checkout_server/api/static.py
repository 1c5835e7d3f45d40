"""`/static/…`: hashed names that may be kept for ever; those of earlier deploys come from the database."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from checkout_server.api.access import Ctx
from checkout_server.api.encoding import encoded
from checkout_server.assets import IMMUTABLE, Assets, media_type
from checkout_server.errors import NotFound
from checkout_server.store import assets as kept

router = APIRouter(tags=["static"], include_in_schema=False)
_UNKNOWN = "There is no such file."


@router.get("/static/{name:path}")
async def static(request: Request, ctx: Ctx, name: str) -> Response:
    assets: Assets = request.app.state.assets
    asset = assets.lookup(name)
    if asset is not None:
        return encoded(request, asset.content, asset.headers, gzipped=asset.gzipped)
    path = assets.vendored(name)
    if path is not None:
        squeezed = path.with_name(path.name + ".br")
        headers = {**IMMUTABLE, "vary": "accept-encoding"}
        if assets.vendored(f"{name}.br") and "br" in request.headers.get("accept-encoding", ""):
            return FileResponse(
                squeezed, headers={**headers, "content-encoding": "br"}, media_type=media_type(name)
            )
        return FileResponse(path, headers=headers, media_type=media_type(name))
    async with ctx.database.read() as conn:
        found = await kept.find(conn, name)
    if found is None:
        raise NotFound("not_found", _UNKNOWN)
    return Response(found[1], headers={**IMMUTABLE, "content-type": found[0]})
