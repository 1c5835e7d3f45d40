"""`GET /docs`: the API's description as a page of our own. Ready-made ones load scripts from elsewhere."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response

from checkout_server.api.encoding import encoded
from checkout_server.assets import Assets
from checkout_server.page_data import Link
from checkout_server.templating import environment

router = APIRouter(include_in_schema=False)
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@router.get("/docs")
async def docs(request: Request) -> Response:
    assets: Assets = request.app.state.assets
    prefix: str = request.app.state.context.settings.prefix
    sheet = assets.get("reference.css")
    spec: dict[str, Any] = request.app.openapi()
    html = (
        environment("en")
        .get_template("reference.html")
        .render(
            spec=spec,
            operations=_operations(spec),
            openapi_url=f"{prefix}/openapi.json",
            stylesheet=Link(f"{prefix}/static/{sheet.hashed_name}", sheet.integrity),
        )
    )
    return encoded(request, html.encode(), _HEADERS)


def _operations(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "description": operation.get("description", ""),
            "parameters": [
                {"name": "", "in": "", "required": False, "description": "", **parameter}
                for parameter in operation.get("parameters", [])
            ],
            "example": _example(spec, operation),
            "responses": operation["responses"],
        }
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
    ]


def _example(spec: dict[str, Any], operation: dict[str, Any]) -> str:
    """The first example of a request's body, as JSON."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    choices = [schema, *schema.get("anyOf", [])]
    for name in (choice["$ref"].rpartition("/")[2] for choice in choices if "$ref" in choice):
        for example in spec["components"]["schemas"][name].get("examples", []):
            return json.dumps(example, indent=2, ensure_ascii=False)
    return ""
