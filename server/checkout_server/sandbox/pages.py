"""The sandbox's own HTML: templates beside it, one stylesheet, and a strict policy on every page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.responses import HTMLResponse

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    leads_away: bool = False,
    framed: bool = False,
) -> HTMLResponse:
    """A page under a policy that runs only the sandbox's own files.

    Browsers hold a form's redirects to `form-action`, too, each of them: with `leads_away` a form may end at a
    store that sends the shopper on to who knows where. A component's page is `framed`, by whichever merchant it is.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self' http: https:" if leads_away else "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "http: https:" if framed else "'none'",
    }
    csp = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
    html = _templates().get_template(template).render(context)
    return HTMLResponse(html, status, {**_HEADERS, "Content-Security-Policy": csp})
