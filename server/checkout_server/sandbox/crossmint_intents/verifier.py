"""What the shopper's browser meets: the verifier's script, and the place it calls when the shopper has agreed.

The provider's own verifier is a package for React. This one keeps the toolkit's contract for any of them
(docs/crossmint_intents.md): an element `checkout-verifier` that is given `verificationConfig` and fires one event.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from checkout_server.sandbox.crossmint_intents.bodies import Bodies
from checkout_server.sandbox.crossmint_intents.errors import ApiError
from checkout_server.sandbox.crossmint_intents.ledger import Ledger
from checkout_server.sandbox.faults import Fault

_SCRIPTS = Path(__file__).parent / "scripts"
_HOSTILE = Path(__file__).parents[1] / "scripts" / "hostile.js"


class Verifier:
    def __init__(self, *, ledger: Ledger, bodies: Bodies) -> None:
        self._ledger = ledger
        self._bodies = bodies

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/verifier.js", self.script),
            Route("/verify", self.verify, methods=["POST"]),
        ]

    async def script(self, request: Request) -> Response:
        fault: Fault | None = request.scope.get("state", {}).get("fault")
        files = [_SCRIPTS / "verifier.js"]
        if fault is not None and fault.never_mounts:
            files = [_SCRIPTS / "never_mounts.js"]
        if fault is not None and fault.hostile:
            files.append(_HOSTILE)
        text = "\n".join(file.read_text("utf-8") for file in files)
        return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-store"})

    async def verify(self, request: Request) -> Response:
        """Takes the `verificationConfig` as the API gave it. What it answers proves nothing to a merchant."""
        try:
            config = json.loads(await request.body())
        except (ValueError, RecursionError):
            config = None
        if not isinstance(config, dict):
            return ApiError(400, "invalid", "The body is not an object").response()
        try:
            intent = self._ledger.verify(str(config.get("agentId")), str(config.get("instructionId")))
        except ApiError as error:
            return error.response()
        return JSONResponse({"instructionId": intent.instruction})
