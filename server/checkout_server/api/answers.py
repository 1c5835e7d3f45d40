"""What the API answers, errors among it, for OpenAPI. A test holds every answer against it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from checkout_server.api import examples
from checkout_server.api.requests import Customer


def _like(*samples: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": list(samples)})


class SessionBody(BaseModel):
    """A session. Amounts are decimal text in major units, times are UTC."""

    model_config = _like(examples.SESSION)

    id: str
    kind: str
    status: str
    final: bool
    paid: bool
    version: int = Field(description="Rises with every change; orders webhooks.")
    provider: str
    mode: str
    provider_ref: str | None
    amount: str | None
    currency: str | None
    amount_received: str | None
    amount_refunded: str | None
    order_id: str
    description: str | None
    customer: Customer | None
    metadata: dict[str, str]
    return_url: str
    cancel_url: str | None
    embed_origins: list[str]
    locale: str
    options: dict[str, Any]
    url: str = Field(description="Send the shopper here.")
    webview_url: str
    embed: str = Field(description="An HTML snippet that frames the checkout.")
    delivery: str | None
    last_failure: dict[str, Any] | None
    review_reason: str | None
    resolution: dict[str, Any] | None
    refunds: list[RefundBody]
    left_at: str | None
    paid_at: str | None
    created_at: str
    expires_at: str


class RefundBody(BaseModel):
    """A refund; `unknown` asks a person to look at the provider's dashboard, for it is never sent again by machine."""

    model_config = _like(examples.REFUND)

    id: str
    session_id: str
    status: str
    amount: str
    currency: str
    reason: str | None
    provider_ref: str | None
    error: str | None
    created_at: str


class EventBody(BaseModel):
    seq: int
    type: str
    version: int
    at: str
    data: dict[str, Any]


class SessionWithEvents(SessionBody):
    model_config = _like({**examples.SESSION, "events": [examples.EVENT]})

    events: list[EventBody]


class SessionList(BaseModel):
    model_config = _like({"data": [examples.SESSION], "next": None})

    data: list[SessionBody]
    next: str | None = Field(description="Pass as `after` for the next page; null at the end.")


class ProviderBody(BaseModel):
    name: str
    title: str
    kind: str
    mode: str
    capabilities: list[str]


class ProviderList(BaseModel):
    model_config = _like({"data": [examples.PROVIDER]})

    data: list[ProviderBody]


class PaymentBody(BaseModel):
    """A payment as the provider holds it; `session_id` is our own id, when it carries one."""

    provider_ref: str
    session_id: str | None
    state: str
    mode: str | None
    amount: str | None
    currency: str | None
    amount_refunded: str | None


class PaymentList(BaseModel):
    model_config = _like({"data": [examples.PAYMENT]})

    data: list[PaymentBody]


class Delivered(BaseModel):
    """How many webhooks are on their way again."""

    model_config = _like({"messages": 2})

    messages: int


class Purged(BaseModel):
    """How many sessions were deleted."""

    model_config = _like({"sessions": 7})

    sessions: int


class Received(BaseModel):
    """A provider's webhook was taken; `duplicate` when it had been before."""

    model_config = _like({"received": True, "duplicate": False})

    received: bool
    duplicate: bool


class Health(BaseModel):
    model_config = _like({"status": "ok"})

    status: str


class Accepted(BaseModel):
    model_config = _like({"accepted": True})

    accepted: bool


class Left(BaseModel):
    """What a script is told that takes the shopper away."""

    model_config = _like({"accepted": True, "redirect": "https://shop.example/cart?checkout_session=cs_…"})

    accepted: bool
    redirect: str


class Snapshot(BaseModel):
    """What a shopper's page may know: no secrets. `text` is ready to show, in the session's language."""

    model_config = _like(examples.SNAPSHOT)

    status: str
    final: bool
    paid: bool
    version: int
    telling: bool = Field(description="It is final, and the merchant's webhook is still on its way.")
    redirect: str | None = Field(
        description="Where the shopper goes now that it is final, with the signed hint."
    )
    redirect_after_ms: int
    already_paid: bool = Field(description="Another session of the same order is paid.")
    checking: bool
    unavailable: bool
    payable: bool
    failure: dict[str, str] | None
    text: dict[str, str]
    expires_at: str
    now: str = Field(description="The server's clock: count down by it, never by the device's.")


class ErrorDetail(BaseModel):
    type: str = Field(description="Who must act: request, key, provider or server.", examples=["request"])
    code: str = Field(examples=["amount_sub_unit"])
    message: str = Field(examples=["USD has 2 digits after the point."])
    param: str | None = Field(None, examples=["amount"])
    request_id: str = Field(examples=["req_5f0c2c7e9b1d4a36"])


class ErrorBody(BaseModel):
    error: ErrorDetail


# What each error status means, with one that a caller will meet: (description, type, code, message, param).
_ERRORS: dict[int, tuple[str, str, str, str, str | None]] = {
    400: ("The request cannot be read.", "request", "not_json", "The body is a JSON object.", None),
    401: ("No key, or a wrong one.", "key", "key_invalid", "Send `Authorization: Bearer <key>`.", None),
    404: ("No such object.", "request", "session_unknown", "There is no such session.", None),
    409: (
        "Not now, or not with this provider.",
        "request",
        "not_supported",
        "This provider cannot cancel a payment.",
        None,
    ),
    413: ("The body is too large.", "request", "too_large", "A body has at most 256 kB.", None),
    422: (
        "A field; `param` names it.",
        "request",
        "amount_sub_unit",
        "USD has 2 digits after the point.",
        "amount",
    ),
    429: ("Too many requests; see `Retry-After`.", "request", "too_many", "Slow down.", None),
    502: ("The provider refused.", "provider", "provider_error", "The provider refused.", None),
    503: ("Busy; nothing was lost.", "server", "busy", "Nothing was lost. Try again.", None),
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for OpenAPI. 422 is always among them, or FastAPI would document its own shape."""
    return {status: _error(status) for status in sorted({*statuses, 422})}


def _error(status: int) -> dict[str, Any]:
    description, type_, code, message, param = _ERRORS[status]
    error = {
        "type": type_,
        "code": code,
        "message": message,
        "param": param,
        "request_id": "req_5f0c2c7e9b1d4a36",
    }
    example = {"error": {name: value for name, value in error.items() if value is not None}}
    return {
        "model": ErrorBody,
        "description": description,
        "content": {"application/json": {"example": example}},
    }
