"""What a session may say for this provider only, and the `order_info` that travels with its order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from checkout_server.providers.base import CreateAttempt, InvalidOption

SESSION = "checkout_session"  # our session's id within `order_info`
ORDER = "order_id"  # the merchant's order number
_OURS = (SESSION, ORDER)
_MAX_INFO = 4096
_OPENING = re.compile(r"\s*\{\s*")

_Word = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Options(BaseModel):
    """`blockchain`: the network's slug, where it is not the one of the settings. `order_info`: a JSON object as text, which
    goes to the provider with our session and the order number added."""

    model_config = ConfigDict(extra="forbid", strict=True)

    blockchain: _Word | None = None
    order_info: str | None = None


def read(attempt: CreateAttempt) -> Options:
    """Raises `InvalidOption` with the option's path."""
    try:
        options = Options.model_validate(dict(attempt.options))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = first["loc"][0] if first["loc"] else ""
        raise InvalidOption(f"options.{name}".rstrip("."), first["msg"]) from None
    if options.order_info is not None:
        _checked(options.order_info)
    return options


def order_info(attempt: CreateAttempt) -> str:
    """JSON text. The merchant's part is taken over as it is written, so that no number in it changes."""
    own = json.dumps({SESSION: attempt.session_id, ORDER: attempt.order_id}, separators=(",", ":"))
    more = read(attempt).order_info
    if more is None or not _checked(more):
        return own
    opening = _OPENING.match(more)
    return f"{own[:-1]},{more[opening.end() if opening else 0 :].rstrip()}"


def session_in(info: Any) -> str | None:
    """Our session's id in an `order_info`, as text or as an object; None where there is none."""
    if isinstance(info, str):
        try:
            info = json.loads(info, parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            return None
    found = info.get(SESSION) if isinstance(info, dict) else None
    return found if isinstance(found, str) and len(found) <= 255 and found.isprintable() else None


def _checked(text: str) -> Mapping[str, Any]:
    """The merchant's object. Raises `InvalidOption` unless it is one that every reader of JSON reads alike."""
    try:
        if len(text.encode()) > _MAX_INFO:
            raise InvalidOption("options.order_info", f"At most {_MAX_INFO} bytes.")
        info = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
        json.dumps(info, ensure_ascii=False, default=str).encode()
    except InvalidOption:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidOption("options.order_info", f"This is not valid JSON: {error}.") from None
    if not isinstance(info, dict):
        raise InvalidOption("options.order_info", "This is JSON, but not an object.")
    taken = [name for name in _OURS if name in info]
    if taken:
        raise InvalidOption("options.order_info", f"{taken[0]} is set by the checkout itself.")
    return info


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
