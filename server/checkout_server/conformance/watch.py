"""Every call of the adapter is watched: what leaves it is in the words of the contract, or the case is broken."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from checkout_server.providers.base import (
    Observation,
    OutcomeUnknown,
    Provider,
    ProviderError,
    WebhookRejected,
)

_READS = ("fetch", "fetch_refund")
_CALLS = ("create", "find", "cancel", "refund", *_READS)


def watch(provider: Provider[Any], leaks: list[str], seen: list[Observation]) -> None:
    """Notes in `leaks` what the contract does not allow to come out, and in `seen` what was observed."""
    for name in _CALLS:
        setattr(provider, name, _watched(name, getattr(provider, name), leaks, seen))
    verify = provider.verify

    @functools.wraps(verify)
    def verified(*given: Any) -> Any:
        with _noting(leaks, "verify", WebhookRejected):
            return verify(*given)

    setattr(provider, "verify", verified)  # noqa: B010 - a method of this very object, like those above


def _watched(
    name: str, call: Callable[..., Awaitable[Any]], leaks: list[str], seen: list[Observation]
) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(call)
    async def watched(*given: Any) -> Any:
        with _noting(leaks, name, ProviderError):
            answer = await call(*given)
        if isinstance(answer, Observation):
            seen.append(answer)
        return answer

    return watched


@contextmanager
def _noting(leaks: list[str], name: str, allowed: type[Exception]) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        read = name in _READS and isinstance(error, OutcomeUnknown)
        if read or not isinstance(error, allowed):
            leaks.append(f"{name} raises {type(error).__name__}: {error}")
        raise
