"""The bodies that the merchant API takes, for validation and for OpenAPI."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from checkout_server.sessions import NewSession


def _plain(text: str) -> str:
    """Text that every database, log and page can hold: no control characters, no halves of surrogate pairs."""
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
        raise ValueError("control characters are not text")
    return text


def _length(most: int, least: int = 1) -> Any:
    return Field(strict=True, min_length=least, max_length=most)


Short = Annotated[str, _length(200), AfterValidator(_plain)]
Description = Annotated[str, _length(500), AfterValidator(_plain)]
Note = Annotated[str, _length(1000, 0), AfterValidator(_plain)]
Url = Annotated[str, _length(2000), AfterValidator(_plain)]
_MetadataKey = Annotated[str, _length(40), AfterValidator(_plain)]
_MetadataValue = Annotated[str, _length(500, 0), AfterValidator(_plain)]
Metadata = Annotated[dict[_MetadataKey, _MetadataValue], Field(max_length=50)]
Locale = Annotated[str, Field(strict=True, max_length=35, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")]
Email = Annotated[
    str, Field(strict=True, max_length=254, pattern=r"^[^\s@]+@[^\s@]+$"), AfterValidator(_plain)
]
_PRICE = Field(
    strict=True,
    max_length=64,
    description='Decimal text in major units, never a JSON number: `"25.00"`.',
    examples=["25.00"],
)


class Customer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Email | None = None


class SessionRequest(BaseModel):
    """What a merchant asks for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "provider": "crypto_com",
                    "amount": "25.00",
                    "currency": "USD",
                    "order_id": "order-1001",
                    "description": "Crypto.com Tee (Unisex)",
                    "return_url": "https://shop.example/orders/1001/done",
                    "cancel_url": "https://shop.example/cart",
                }
            ]
        },
    )

    provider: Short
    amount: Annotated[str, _PRICE] | None = None
    currency: Annotated[str, Field(strict=True, max_length=16, examples=["USD"])] | None = None
    order_id: Short
    return_url: Url
    cancel_url: Url | None = None
    description: Description | None = None
    customer: Customer | None = None
    metadata: Metadata = Field(default_factory=dict)
    embed_origins: list[Url] = Field(default_factory=list, max_length=20)
    locale: Locale | None = None
    expires_in: Annotated[int, Field(strict=True, description="Seconds.", examples=[1800])] | None = None
    options: dict[str, Any] = Field(default_factory=dict, description="What only this provider takes.")

    def wanted(self) -> NewSession:
        values = self.model_dump(exclude={"customer", "embed_origins"})
        email = self.customer.email if self.customer else None
        return NewSession(**values, email=email, embed_origins=tuple(self.embed_origins))


class ResolveRequest(BaseModel):
    """A person's decision about a session in review."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"status": "succeeded", "note": "Goods sent."}]}
    )

    status: Short
    note: Note = ""


class RefundRequest(BaseModel):
    """Without an amount, all that is left."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"amount": "10.00", "reason": "requested_by_customer"}]},
    )

    amount: Annotated[str, _PRICE] | None = None
    reason: Short | None = None


class RefundResolveRequest(BaseModel):
    """What a person found at the provider: `succeeded` or `failed`."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"status": "succeeded"}]})

    status: Short


class PurgeRequest(BaseModel):
    """How long a session has to be over, and no longer watched, to be deleted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"older_than_days": 365}]})

    older_than_days: Annotated[int, Field(strict=True, ge=30, le=36500)]
