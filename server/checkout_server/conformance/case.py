"""A case: an async function over a bench, with what it needs of a provider to make sense."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from checkout_server.conformance.profile import Profile
from checkout_server.providers.base import Capability, Kind, Provider

if TYPE_CHECKING:
    from checkout_server.conformance.bench import Bench

Run = Callable[["Bench"], Awaitable[None]]


class Broken(AssertionError):
    """A provider that does not do what every provider has to do. The text says what, and what it did instead."""


def same(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Broken(f"{what}: {found!r}, and should be {wanted!r}")


def holds(what: str, value: object) -> None:
    if not value:
        raise Broken(what)


def answered(answer: httpx.Response) -> tuple[int, str | None]:
    """An answer of the server as `(HTTP status, the error's code, or the status of the thing that it is)`."""
    body = answer.json()
    error = body.get("error")  # a refund has one, too: why it failed, in a word
    return answer.status_code, error["code"] if isinstance(error, dict) else body.get("status")


@dataclass(frozen=True, slots=True)
class Case:
    """`kinds` it is for, `can`: levers that its sandbox must have, `has` and `lacks`: what the adapter declares.

    `webhooks` is for providers that send some. `secret` is what the adapter's webhook secrets are: see `Bench.open`.
    """

    name: str
    run: Run
    kinds: frozenset[Kind]
    can: tuple[str, ...]
    has: Capability | None
    lacks: Capability | None
    webhooks: bool
    secret: str | None

    def concerns(self, provider: type[Provider[Any]], profile: Profile) -> bool:
        """Whether it is about something that there is: this kind, a lever of the sandbox, webhooks at all."""
        return (
            provider.kind in self.kinds
            and self.lacks not in provider.capabilities
            and all(lever in profile.sandbox.can for lever in self.can)
            and (profile.webhooks or not self.webhooks)
        )

    def skipped(self, provider: type[Provider[Any]]) -> str | None:
        """Why the provider need not hold it, or None when it has to: only what its adapter does not declare."""
        if self.has is not None and self.has not in provider.capabilities:
            return f"the adapter declares no {self.has}"
        return None


def case(
    *,
    name: str = "",
    kinds: Iterable[Kind] = ("payment", "approval"),
    can: tuple[str, ...] = (),
    has: Capability | None = None,
    lacks: Capability | None = None,
    webhooks: bool = False,
    secret: str | None = None,
) -> Callable[[Run], Case]:
    """Makes a function a case."""

    def made(run: Run) -> Case:
        return Case(
            name=name or getattr(run, "__name__", ""),
            run=run,
            kinds=frozenset(kinds),
            can=can,
            has=has,
            lacks=lacks,
            webhooks=webhooks,
            secret=secret,
        )

    return made
