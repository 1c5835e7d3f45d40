"""What shoppers meet: the hosted page, and the component with what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_beans.sandbox.ledger import ApiError, Ledger

# `format` of Markup escapes what is put in.
_PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="{root}/_static/sandbox.css"></head>
<body class="hosted"><header class="bar"><span class="brand">Bean Counter</span>
<span class="badge">Sandbox · no money moves</span></header>
<main class="card"><h1 class="amount">{title}</h1><p class="description">{memo}</p>{rest}</main></body></html>""")
_BUTTON = Markup('<form method="post" class="buttons"><button class="primary">Pay</button></form>')
_BACK = Markup('<p>This invoice is {status}.</p><p class="back"><a href="{url}">Return to the store</a></p>')
# A store may send the shopper on to who knows where, and a browser holds each redirect of a form to this.
_POLICY = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' http: https:; frame-ancestors 'none'"


class Pages:
    """`pay` is what the shopper's button does; it tells of it by webhook."""

    def __init__(self, ledger: Ledger, pay: Callable[[str], object]) -> None:
        self._ledger = ledger
        self._pay = pay

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/counter.js", self.script),
            Route("/component/{id}", self.show, methods=["GET"]),
            Route("/component/{id}", self.press, methods=["POST"]),
            Route("/pay/{id}", self.hosted, methods=["GET"]),
            Route("/pay/{id}", self.pay_there, methods=["POST"]),
        ]

    async def script(self, request: Request) -> Response:
        """The component, with the faults that a test may ask for."""
        fault = request.scope.get("state", {}).get("fault")
        script = files("checkout_beans.sandbox").joinpath("counter.js").read_text("utf-8")
        if fault is not None and fault.never_mounts:
            script = ""
        if fault is not None and fault.hostile:
            script += files("checkout_server.sandbox").joinpath("scripts", "hostile.js").read_text("utf-8")
        return Response(script, media_type="text/javascript", headers={"cache-control": "no-store"})

    async def show(self, request: Request) -> Response:
        """Whoever knows the id may see what is to be paid, and nothing else of the invoice."""
        try:
            invoice = self._ledger.invoice(request.path_params["id"])
        except ApiError as error:
            return JSONResponse(error.body, error.status)
        return JSONResponse({"price": invoice.price, "status": invoice.status})

    async def press(self, request: Request) -> Response:
        try:
            self._pay(request.path_params["id"])
        except ApiError as error:
            return JSONResponse(error.body, error.status)
        return await self.show(request)

    async def hosted(self, request: Request) -> Response:
        try:
            invoice = self._ledger.invoice(request.path_params["id"])
        except ApiError:
            return self._page(request, "There is no such invoice", "", Markup(""), 404)
        back = _BACK.format(status=invoice.status, url=invoice.return_url)
        return self._page(request, invoice.price, invoice.memo, _BUTTON if invoice.status == "open" else back)

    async def pay_there(self, request: Request) -> Response:
        try:
            self._pay(request.path_params["id"])
            return RedirectResponse(self._ledger.invoice(request.path_params["id"]).return_url, 303)
        except ApiError:
            return await self.hosted(request)

    def _page(self, request: Request, title: str, memo: str, rest: Markup, status: int = 200) -> Response:
        root = request.scope.get("root_path", "").removesuffix("/beans")
        html = _PAGE.format(title=title, root=root, memo=memo, rest=rest)
        headers = {"content-security-policy": _POLICY, "cache-control": "no-store"}
        return HTMLResponse(html, status, headers)
