"""The provider contract: what an adapter is given, what it answers, and how it fails.

An adapter knows one provider's protocol and nothing of our store or of HTTP servers. All that it can say
ends in an `Observation`; `decide` alone turns observations into a session's status.

    ProviderError
    ├── Unreachable       the request was not carried out: sending it again is safe
    │   └── RateLimited   the same, and the provider says when to come back
    ├── OutcomeUnknown    it may have been carried out: look before doing anything again
    └── Refused           the provider said no; the same request will be refused again
        ├── NotFound      there is no such object
        └── SerialTaken   only the attempt's number was refused: another attempt, with a new one, may do
    WebhookRejected       all that `verify` ever raises
    InvalidOption         what `check` raises: a field of the request this provider cannot take
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, Literal, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict

from checkout_server.money import Money

Kind = Literal["payment", "approval"]
Mode = Literal["test", "live"]
Clock = Callable[[], datetime]


class Capability(StrEnum):
    """What a provider can do beyond `create`, `fetch` and `verify`. What is absent answers 409 `not_supported`."""

    CANCEL = "cancel"
    REVOKE = "revoke"  # an approval can be taken back through `cancel`
    REFUND = "refund"
    PARTIAL_REFUND = "partial_refund"
    LIST = "list"
    FIND = "find"  # a payment can be found by our reference after a crash
    HOSTED = "hosted"  # the provider has a page of its own
    BROWSER_CREATE = "browser_create"
    OPEN_PRICE = "open_price"  # the provider or the shopper sets the price


class State(StrEnum):
    """What a provider says of a payment, in our words. A state an adapter does not know is `OPEN`."""

    OPEN = "open"
    PROCESSING = "processing"  # money was seen and is not final
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CONFLICT = "conflict"  # the provider itself cannot decide: a person must
    APPROVED = "approved"
    REVOKED = "revoked"


class Delivery(StrEnum):
    """What became of the goods, where the provider delivers them."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


class Need(StrEnum):
    """What a provider waits for from the shopper before it takes a payment: told in `texts`."""

    EMAIL = "email"
    RECIPIENT = "recipient"  # who receives the goods, or where
    IDENTITY = "identity"  # a check of who pays
    IDENTITY_REVIEW = "identity_review"  # the provider looks at the papers; only waiting helps
    WALLET = "wallet"
    FUNDS = "funds"
    NEW_QUOTE = "new_quote"  # the price is being made again
    PAYMENT_METHOD = "payment_method"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a payment did not go through: a stable code and a sentence a shopper may read."""

    code: str
    message: str
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class CreateAttempt:
    """One intended payment. It is written down before `create` is called and is all that `find` has after a crash."""

    id: str
    serial: int  # microseconds since 1970, rising, never given twice: for providers that want such a number
    session_id: str  # travels as the provider's reference wherever one exists
    amount: Money | None  # None where the provider sets the price
    order_id: str
    description: str | None
    email: str | None
    metadata: Mapping[str, str]
    locale: str
    return_url: str  # ours, never the merchant's
    cancel_url: str
    expires_at: datetime
    created_at: datetime
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Created:
    """The provider's payment. `ref` is None when the shopper's browser is the one to create it.

    `public` is what the page may see: it reaches HTML, so no secret ever goes there. `terms` are what must never
    change afterwards, in the provider's own words, such as `{"blockchain": "base"}`: they are kept, and an
    `Observation` that says another word under the same name is a mismatch.
    """

    ref: str | None
    public: Mapping[str, Any]
    hosted_url: str | None = None
    expires_at: datetime | None = None
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Observation:
    """What the provider said when it was asked. None means that it said nothing of it.

    `currency` is the provider's own word, kept even when `amount` could not be built from it.
    """

    ref: str
    state: State
    amount: Money | None = None
    currency: str | None = None
    mode: Mode | None = None
    reference: str | None = None  # our session id, as the provider holds it
    received: Money | None = None  # what arrived so far
    refunded: Money | None = None  # what went back so far
    delivery: Delivery | None = None
    failure: Failure | None = None
    confirmations: int | None = None
    confirmations_needed: int | None = None
    needs: Need | None = None  # what the provider waits for before it can be paid
    transaction: str | None = None  # the transfer on its network: one transfer settles one payment
    terms: Mapping[str, str] = field(default_factory=dict)  # see `Created.terms`
    final: bool = False  # the provider will not change it by itself
    at: datetime | None = None  # when the provider says that this became so


@dataclass(frozen=True, slots=True)
class Nudge:
    """A verified webhook: which payment to look at. What else it claims is not believed."""

    ref: str
    dedupe_key: str
    type: str
    reference: str | None = None
    refund_ref: str | None = None


class RefundState(StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RefundAttempt:
    """One intended refund of `amount`. Its `id` travels in the description, so that a lost answer can be matched."""

    id: str
    session_id: str
    payment_ref: str
    amount: Money
    reason: str | None


@dataclass(frozen=True, slots=True)
class RefundObservation:
    """A refund as the provider holds it. `attempt_id` is ours, when the provider still carries it."""

    ref: str
    payment_ref: str
    state: RefundState
    amount: Money | None = None
    attempt_id: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the page's Content-Security-Policy must allow for this provider: origins, one list a directive."""

    script: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    img: tuple[str, ...] = ()
    font: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    inline_style: bool = False
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """How the page around a component looks: the merchant's accent on light and on dark, corners in CSS pixels."""

    accent: str  # "#rrggbb", readable on the page's light surfaces
    accent_dark: str
    radius: int


@dataclass(frozen=True, slots=True)
class PollBudget:
    """How often one account may be asked, in reads a minute, shared by all sessions and processes."""

    per_minute: int


class ProviderError(Exception):
    """A provider that did not do what it was asked. The text is for logs and merchants and holds no secret."""

    def __init__(
        self, message: str, *, code: str = "provider_error", retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after


class Unreachable(ProviderError):
    """Not carried out (no connection, or a read that failed): sending it again is safe."""


class RateLimited(Unreachable):
    """Asked to slow down; `retry_after` in seconds when the provider says so."""


class OutcomeUnknown(ProviderError):
    """A write that may or may not have happened: time-out, 5xx, an answer nobody can read."""


class Refused(ProviderError):
    """The provider said no. `code` is the provider's own, `param` the field it complains about."""

    def __init__(self, message: str, *, code: str = "refused", param: str | None = None) -> None:
        super().__init__(message, code=code)
        self.param = param


class NotFound(Refused):
    """The provider knows no such object."""


class SerialTaken(Refused):
    """The provider has met this attempt's `serial` before. Nothing was created by this request."""


class WebhookRejected(Exception):
    """A webhook that is not from the provider, or not for us. `reason` is a stable word for logs and metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidOption(ValueError):
    """A field of the session that this provider cannot take; `param` is its path, such as `options.create`."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message)
        self.param = param


class ProviderSettings(BaseModel):
    """What a provider needs to be present. `base_url` points at the real host unless a sandbox stands in."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    base_url: str = ""


S = TypeVar("S", bound=ProviderSettings)


class Provider(ABC, Generic[S]):
    """One provider's protocol. Subclasses set the class attributes and implement what their capabilities promise."""

    name: ClassVar[str]
    title: ClassVar[str]  # as a shopper knows it
    kind: ClassVar[Kind] = "payment"
    modes: ClassVar[tuple[Mode, ...]] = ("test", "live")
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    webhooks: ClassVar[bool] = True  # whether it sends any
    settings_model: ClassVar[type[ProviderSettings]]

    def __init__(
        self, settings: S, *, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.transport = transport

    @property
    @abstractmethod
    def mode(self) -> Mode:
        """Whether the configured key moves real money."""

    @property
    @abstractmethod
    def account(self) -> str:
        """A stable, non-secret name for the account behind the key: budgets and sessions belong to it."""

    @property
    def poll(self) -> PollBudget:
        """How often the account may be asked; a guess where the provider does not say."""
        return PollBudget(per_minute=120)

    @property
    def policy(self) -> Policy:
        """What the page must allow for this provider's component, from its settings."""
        return Policy()

    def page_values(self, public: Mapping[str, Any], look: Look) -> Mapping[str, Any]:
        """`Created.public` as the page gets it: what depends on the merchant's theme is added as it is shown."""
        return public

    def check(self, attempt: CreateAttempt) -> None:
        """Raises `InvalidOption` or `MoneyError` for what can be refused before anything is sent."""

    @abstractmethod
    async def create(self, attempt: CreateAttempt) -> Created:
        """Creates the payment. Never retried blindly: see the errors above for what each one allows."""

    @abstractmethod
    async def fetch(self, ref: str) -> Observation:
        """Reads the payment. Fails with `Unreachable`, `RateLimited`, `Refused` or `NotFound` only."""

    @abstractmethod
    def verify(self, headers: Mapping[str, str], raw: bytes, now: datetime) -> Nudge:
        """Checks a webhook's signature over the raw bytes. Raises `WebhookRejected`, nothing else.

        `headers` has lower-case names.
        """

    async def find(self, attempt: CreateAttempt) -> Created | None:
        """The payment that `create` made before its answer was lost, or None when there surely is none."""
        raise NotImplementedError

    async def cancel(self, ref: str) -> Observation:
        raise NotImplementedError

    async def refund(self, attempt: RefundAttempt) -> RefundObservation:
        raise NotImplementedError

    async def fetch_refund(self, ref: str) -> RefundObservation:
        raise NotImplementedError

    def list(self) -> AsyncIterator[Observation]:
        """The account's payments, newest first."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Closes what the adapter holds open."""
