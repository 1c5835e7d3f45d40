"""What every sandbox is: a provider's paths, and the levers that a test pulls behind its back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.routing import BaseRoute

from checkout_server.sandbox.delivery import Deliveries, WebhookMode
from checkout_server.sandbox.faults import FaultBook, Surface
from checkout_server.sandbox.log import Log
from checkout_server.sandbox.settings import SandboxSettings

# What every sandbox is asked in the same words. A provider's own turns (a delivery that fails, an identity to be
# checked) are words of its own, listed in its `can` beside these.
Do = str
DO: tuple[Do, ...] = (
    "pay",
    "detect",
    "underpay",
    "overpay",
    "cancel",
    "expire",
    "fail",
    "refund",
    "approve",
)


class Action(BaseModel):
    """The body of a control request. `amount` is text in major units of the payment's currency.

    It is all that arrives (`underpay`, `overpay`) or goes back (`refund`); left out, the sandbox picks a sum.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    do: Do
    webhook: WebhookMode = "send"
    delay_ms: int = Field(default=1000, ge=0, le=600_000)
    amount: str | None = None


class UnknownPayment(LookupError):
    """The sandbox holds nothing under this reference."""


class CannotDo(Exception):
    """An action that this payment does not allow now. `code` is stable, `param` the field at fault, if one is."""

    def __init__(self, code: str, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.param = param


@dataclass(frozen=True, slots=True)
class Summary:
    """A payment as the console lists it. `amount` is for people: `25.00 USD`."""

    ref: str
    amount: str
    status: str
    description: str
    order: str
    url: str | None


class Sandbox(ABC):
    """One provider's stand-in. A module of this package that sets `SANDBOX` to a subclass is mounted by being there.

    `can` lists what the provider can do; the rest answers 422. A webhook that is not accepted is repeated after each
    of the `retry_delays`, in seconds, with its first signature or, with `signs_again`, a new one each time.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    can: ClassVar[tuple[Do, ...]]
    retry_delays: ClassVar[tuple[float, ...]] = (5.0,) * 5
    webhooks: ClassVar[bool] = True  # whether the provider sends any
    signs_again: ClassVar[bool] = False

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.url = settings.provider_url(self.name)
        self.log = Log(settings.clock)
        self.faults = FaultBook()
        self.deliveries = Deliveries(
            url=settings.webhook_url(self.name),
            sign=self.sign,
            log=self.log,
            sleep=settings.sleep,
            retry_delays=[delay * settings.retry_pace for delay in self.retry_delays],
            accepts=self.accepts,
            signs_again=self.signs_again,
            transport=settings.transport,
        )

    @property
    def own_settings(self) -> Mapping[str, Any]:
        """This provider's part of the settings, without what all providers share."""
        own = self.settings.providers.get(self.name, {})
        return {key: value for key, value in own.items() if key != "webhook_url"}

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """What the provider answers under `/<name>/`."""

    @abstractmethod
    def surface_of(self, path: str) -> Surface | None:
        """Which surface a path under `/<name>` belongs to, for faults."""

    @abstractmethod
    def failure(self, status: int) -> Response:
        """The provider's own way to answer with an error status."""

    @abstractmethod
    def sign(self, raw: bytes, wrong: bool) -> Mapping[str, str]:
        """The headers that sign a webhook; with `wrong`, a signature that must not verify."""

    def accepts(self, status: int) -> bool:
        """Whether the provider takes this answer to a webhook for "received"."""
        return status == 200

    @abstractmethod
    def act(self, ref: str, action: Action) -> list[str]:
        """Does it and sends its webhooks. Returns the types of the events that it tells.

        Raises `UnknownPayment` and `CannotDo`.
        """

    @abstractmethod
    def payments(self) -> list[Summary]:
        """All payments, newest first."""

    @abstractmethod
    def payment(self, ref: str) -> dict[str, Any]:
        """The payment as the provider would return it. Raises `UnknownPayment`."""

    @abstractmethod
    def tamper(self, ref: str, fields: Mapping[str, Any]) -> None:
        """From now on the provider returns these raw fields in place of its own; none at all undoes it."""
