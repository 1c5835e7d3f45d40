"""What an order is for: one of three kinds of locator, with what belongs to it (`providers/crossmint.md`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair: no encoding has it


def _exact(value: Any) -> Any:
    """JSON without floats, at any depth: a fraction is text, or it is somebody else's rounding."""
    if isinstance(value, float):
        raise ValueError('a fraction is text, such as "0.5", never a number')
    if isinstance(value, str) and not value.isascii() and _HALF.search(value):
        raise ValueError("text that cannot be written down")
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _exact(each)
    return value


Exact = Annotated[dict[str, Any], AfterValidator(_exact)]
_Locator = Annotated[str, StringConstraints(min_length=1, max_length=512)]


class CamelModel(BaseModel):
    """In the provider's own words: `collectionLocator`, not `collection_locator`."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, alias_generator=to_camel
    )

    def sent(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True)


class LineItem(CamelModel):
    """`{collectionLocator, callData?}`, `{tokenLocator, executionParameters?}` or `{productLocator}`."""

    collection_locator: _Locator | None = None
    call_data: Exact | None = None
    token_locator: _Locator | None = None
    execution_parameters: Exact | None = None
    product_locator: _Locator | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        kinds = [self.collection_locator, self.token_locator, self.product_locator]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("name one of collectionLocator, tokenLocator and productLocator")
        if self.call_data is not None and self.collection_locator is None:
            raise ValueError("callData goes with collectionLocator")
        if self.execution_parameters is not None and self.token_locator is None:
            raise ValueError("executionParameters goes with tokenLocator")
        return self


def only_or_all(items: Sequence[LineItem]) -> dict[str, Any] | list[dict[str, Any]]:
    """One item as an object, several as a list: the API takes both."""
    sent = [item.sent() for item in items]
    return sent[0] if len(sent) == 1 else sent


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """`{name}` replaced in every text of a configured item. Raises `KeyError` for a name that has no value."""
    if isinstance(value, str):
        for name in ("amount", "currency", "order_id"):
            mark = "{%s}" % name  # noqa: UP031 - clearer than four braces
            if mark in value:
                value = value.replace(mark, values[name])
        return value
    if isinstance(value, Mapping):
        return {key: filled(item, values) for key, item in value.items()}
    return [filled(item, values) for item in value] if isinstance(value, list) else value
