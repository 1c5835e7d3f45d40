"""What a store's page loads of us: `/embed.js` under its stable name, and `/warm`, a frame that fetches ahead."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from checkout_server.api.encoding import encoded
from checkout_server.assets import Assets
from checkout_server.pages import Pages

router = APIRouter(include_in_schema=False)

# A store that pins nothing gets a new release within minutes; the snippet of a session names a hash instead.
_SCRIPT = {
    "cache-control": "public, max-age=300",
    "content-type": "text/javascript; charset=utf-8",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}
# It knows no session and shows nothing, so anybody may frame it.
_WARM = {
    "cache-control": "public, max-age=300",
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors *"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@router.get("/embed.js")
async def script(request: Request) -> Response:
    assets: Assets = request.app.state.assets
    asset = assets.get("embed.js")
    return encoded(request, asset.content, _SCRIPT, gzipped=asset.gzipped)


@router.get("/warm")
async def warm(request: Request) -> Response:
    """Loaded by `embed.js` in a hidden frame when a shopper comes near a button: caches are kept for each site apart."""
    pages: Pages = request.app.state.pages
    return encoded(request, pages.render_warm().encode(), _WARM)
