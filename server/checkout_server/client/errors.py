"""How the client fails: one error for everything the checkout refuses, one for webhooks that are not from it."""

from __future__ import annotations

from typing import Any


class CheckoutApiError(Exception):
    """The checkout said no, or could not be reached.

    `type` says who must act (`request`, `key`, `provider`, `server`; `network` when no answer came, `answer` when
    it could not be read), `code` is stable, `message` is safe to show, `param` is the path of the field at fault.
    `status` is the HTTP status, None when there was none. `request_id` is what the checkout's log knows it by.
    """

    def __init__(
        self,
        message: str,
        *,
        type: str,  # noqa: A002 - the name on the wire
        code: str,
        param: str | None = None,
        request_id: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.type = type
        self.code = code
        self.param = param
        self.request_id = request_id
        self.status = status

    def __str__(self) -> str:
        where = f" ({self.param})" if self.param else ""
        return f"{self.code}{where}: {self.message}"

    @classmethod
    def from_answer(cls, status: int, body: Any, request_id: str | None) -> CheckoutApiError:
        """Reads `{"error": {…}}`; whatever else came (a proxy's page, say) is named by its status."""
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict):
            return cls(
                f"The checkout answered with status {status}.",
                type="server" if status >= 500 else "request",
                code="unexpected_answer",
                request_id=request_id,
                status=status,
            )

        def text(name: str) -> str | None:
            value = error.get(name)
            return value if isinstance(value, str) else None

        return cls(
            text("message") or f"The checkout answered with status {status}.",
            type=text("type") or "server",
            code=text("code") or "unexpected_answer",
            param=text("param"),
            request_id=text("request_id") or request_id,
            status=status,
        )


class WebhookRejected(Exception):
    """A webhook that is not from the checkout. All that `verify_webhook` raises.

    `reason` is `headers`, `time`, `signature`, `secret` (one of ours cannot be used) or `payload`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the webhook was rejected: {reason}")
        self.reason = reason
