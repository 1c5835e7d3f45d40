"""What the merchant's page loads: the button's script, and what that script may read of a payment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.crypto_com.bodies import Bodies
from checkout_server.sandbox.crypto_com.errors import ApiError
from checkout_server.sandbox.crypto_com.ledger import Ledger
from checkout_server.sandbox.faults import Fault

_SCRIPTS = Path(__file__).parent / "scripts"
_HOSTILE = Path(__file__).parents[1] / "scripts" / "hostile.js"
_PUBLIC = (
    "id",
    "amount",
    "currency",
    "crypto_amount",
    "crypto_currency",
    "description",
    "recipient",
    "live_mode",
    "status",
    "expired",
    "payment_url",
)


class Sdk:
    def __init__(self, *, ledger: Ledger, bodies: Bodies) -> None:
        self._ledger = ledger
        self._bodies = bodies

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/sdk", self.script),
            Route("/sdk/payments/{id}", self.payment),
        ]

    async def script(self, request: Request) -> Response:
        """`?publishable-key=` is read by the script itself, from its own address."""
        fault: Fault | None = request.scope.get("state", {}).get("fault")
        files = [_SCRIPTS / "sdk.js"]
        if fault is not None and fault.never_mounts:
            files = [_SCRIPTS / "never_mounts.js"]
        if fault is not None and fault.hostile:
            files.append(_HOSTILE)
        text = "\n".join(file.read_text("utf-8") for file in files)
        return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-store"})

    async def payment(self, request: Request) -> Response:
        """`data_url`: whoever knows the id may see what is to be paid, and nothing that the merchant attached."""
        try:
            payment = self._ledger.payment(request.path_params["id"])
        except ApiError as error:
            return error.response()
        body = self._bodies.payment(payment)
        return JSONResponse({key: body[key] for key in _PUBLIC})
