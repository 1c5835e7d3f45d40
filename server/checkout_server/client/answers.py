"""From what came of a request to what a method returns, or to the one error that it raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import httpx

from checkout_server.client.errors import CheckoutApiError
from checkout_server.client.session import Malformed

T = TypeVar("T")

# What a try ends in: an answer, or httpx's reason why there is none.
Outcome = httpx.Response | httpx.RequestError


def read(outcome: Outcome, reader: Callable[[dict[str, Any]], T]) -> T:
    """The answer as `reader` makes it of a JSON object. Raises `CheckoutApiError`, nothing else."""
    if isinstance(outcome, httpx.DecodingError):
        raise _unreadable("its compression is broken") from outcome
    if isinstance(outcome, httpx.RequestError):
        raise _unreachable(outcome) from outcome
    body: Any = None
    with suppress(ValueError, RecursionError):  # not JSON: told apart below
        body = outcome.json()
    if not outcome.is_success:
        raise CheckoutApiError.from_answer(outcome.status_code, body, outcome.headers.get("x-request-id"))
    if not isinstance(body, dict):
        raise _unreadable("not a JSON object")
    try:
        return reader(body)
    except Malformed as error:
        raise _unreadable(str(error)) from None


def number(name: str) -> Callable[[Mapping[str, Any]], int]:
    """Reads an answer that is a count under `name`."""

    def reader(body: Mapping[str, Any]) -> int:
        value = body.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Malformed(f"{name} is missing")
        return value

    return reader


def items(body: Mapping[str, Any]) -> list[Any]:
    """The list in an answer that is one. Raises `Malformed`."""
    found = body.get("data")
    if not isinstance(found, list):
        raise Malformed("data is missing")
    return found


def objects(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same of JSON objects only."""
    found = items(body)
    if not all(isinstance(each, dict) for each in found):
        raise Malformed("data is not a list of objects")
    return found


def _unreachable(error: httpx.RequestError) -> CheckoutApiError:
    message = f"The checkout cannot be reached ({type(error).__name__})."
    return CheckoutApiError(message, type="network", code="unreachable")


def _unreadable(why: str) -> CheckoutApiError:
    return CheckoutApiError(
        f"The checkout's answer cannot be read: {why}.", type="answer", code="malformed_answer"
    )
