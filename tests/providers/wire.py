"""The network of an adapter's tests: a function from request to answer that keeps what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx


class Wire:
    """Answers with what is queued, in turn, the last one for ever; keeps every request."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._answers: list[Callable[[httpx.Request], httpx.Response]] = []

    def answers(self, *bodies: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        for body in bodies:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self._answers.append(
                lambda _, content=content: httpx.Response(status, content=content, headers=headers)
            )

    def fails(self, error: Exception) -> None:
        def fail(_: httpx.Request) -> httpx.Response:
            raise error

        self._answers.append(fail)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer(request)

    @property
    def sent(self) -> httpx.Request:
        """The one request there was."""
        (request,) = self.requests
        return request

    @property
    def body(self) -> Any:
        return json.loads(self.sent.content)
