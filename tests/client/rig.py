"""What a checkout answers, as the API documents it, and a client that gets these answers from a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
from standardwebhooks import Webhook

from checkout_server.client import Checkout

SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
OTHER_SECRET = "whsec_" + "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Ro"


def session(**changes: Any) -> dict[str, Any]:
    """The JSON of an open session for 25.00 USD."""
    return {
        "id": "cs_1",
        "kind": "payment",
        "status": "open",
        "final": False,
        "paid": False,
        "version": 1,
        "provider": "crypto_com",
        "mode": "test",
        "provider_ref": "pay_1",
        "amount": "25.00",
        "currency": "USD",
        "amount_received": None,
        "amount_refunded": None,
        "order_id": "order-1",
        "metadata": {"shelf": "7"},
        "url": "http://localhost:8000/checkout/t0ken",
        "review_reason": None,
        "refunds": [],
        "created_at": "2026-11-21T10:00:00.000Z",
        "expires_at": "2026-11-21T10:30:00.000Z",
        **changes,
    }


def refund(**changes: Any) -> dict[str, Any]:
    return {
        "id": "re_1",
        "session_id": "cs_1",
        "status": "pending",
        "amount": "10.00",
        "currency": "USD",
        "reason": None,
        "provider_ref": None,
        "error": None,
        "created_at": "2026-11-21T10:00:00.000Z",
        **changes,
    }


class Server:
    """Gives one answer after the other and keeps the requests. An answer may be an error to raise."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    def client(self) -> Checkout:
        return Checkout(
            "https://pay.example/sub/", "k-123", httpx.MockTransport(self._answer), sleep=self.pauses.append
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def call(client: Checkout, use: Callable[[Checkout], Any]) -> Any:
    with client:
        return use(client)


def signed(
    body: bytes | dict[str, Any],
    *,
    secret: str = SECRET,
    at: datetime | None = None,
    message_id: str = "msg_1",
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a webhook, signed by the reference library."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    moment = at or datetime.now(UTC)
    signature = Webhook(secret).sign(message_id, moment, raw.decode())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    return headers, raw


def event(**changes: Any) -> dict[str, Any]:
    """A webhook's body; the changes are the session's."""
    data = session(**changes)
    return {"type": f"session.{data['status']}", "timestamp": "2026-11-21T10:00:00.000Z", "data": data}
