"""What a store may ask for by keyword: the fields of a new session, and what lists are filtered by."""

# No postponed annotations here: as text, `Required` would not be seen at run time.
from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict


class Customer(TypedDict, total=False):
    email: str


class SessionFields(TypedDict, total=False):
    """The body of `POST /v1/sessions`. None is the same as left out.

    `amount` is text in major units of `currency`, such as `"25.00"`, and absent where nothing is charged yet;
    `expires_in` is in seconds; `options` is what only this provider takes.
    """

    provider: Required[str]
    order_id: Required[str]
    return_url: Required[str]
    amount: str | None
    currency: str | None
    cancel_url: str | None
    description: str | None
    customer: Customer | None
    metadata: Mapping[str, str]
    embed_origins: Sequence[str]
    locale: str | None
    expires_in: int | None
    options: Mapping[str, Any]


class Filters(TypedDict, total=False):
    """The query of `GET /v1/sessions`: each must match exactly. `mode` is `test` or `live`."""

    status: str
    provider: str
    order_id: str
    mode: str
    provider_ref: str
