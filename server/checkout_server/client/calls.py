"""Each call to the checkout, described once: what is sent, whether it may be sent twice, and how its answer is read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from checkout_server.client import answers
from checkout_server.client.errors import CheckoutApiError
from checkout_server.client.session import Refund, Session
from checkout_server.client.wanted import Filters, SessionFields

T = TypeVar("T")
_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """`path` hangs under `/v1/`, `key` is the idempotency key. `read` raises `Malformed` for an answer that is none."""

    method: Literal["GET", "POST"]
    path: str
    read: Callable[[dict[str, Any]], T]
    query: Mapping[str, str] | None = None
    body: Mapping[str, Any] | None = None
    key: str | None = None

    @property
    def repeatable(self) -> bool:
        """Whether it does no more when it arrives twice."""
        return self.method == "GET" or self.key is not None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list. `after` is where the next part begins, None at the end."""

    sessions: list[Session]
    after: str | None

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Page:
        after = body.get("next")
        sessions = [Session.from_json(data) for data in answers.items(body)]
        return cls(sessions, after if isinstance(after, str) else None)


def create_session(fields: SessionFields, key: str | None) -> Call[Session]:
    _check_amount(fields.get("amount"))
    return Call("POST", "sessions", Session.from_json, body=fields, key=_key(key))


def get_session(session_id: str) -> Call[Session]:
    return Call("GET", _path(session_id), Session.from_json)


def list_sessions(filters: Filters, page_size: int) -> Call[Page]:
    query = {name: str(value) for name, value in filters.items()}
    return Call("GET", "sessions", Page.from_json, query={**query, "limit": str(page_size)})


def following(call: Call[Page], page: Page) -> Call[Page] | None:
    """The call for what comes after `page`."""
    return None if page.after is None else replace(call, query={**(call.query or {}), "after": page.after})


def refresh(session_id: str) -> Call[Session]:
    return Call("POST", _path(session_id, "refresh"), Session.from_json)


def cancel(session_id: str) -> Call[Session]:
    return Call("POST", _path(session_id, "cancel"), Session.from_json)


def resolve(session_id: str, status: str, note: str) -> Call[Session]:
    body = {"status": status, "note": note}
    return Call("POST", _path(session_id, "resolve"), Session.from_json, body=body)


def refund(session_id: str, amount: str | None, reason: str | None, key: str | None) -> Call[Refund]:
    _check_amount(amount)
    wanted = {"amount": amount, "reason": reason}
    body = {name: value for name, value in wanted.items() if value is not None}
    return Call("POST", _path(session_id, "refunds"), Refund.from_json, body=body, key=_key(key))


def resolve_refund(session_id: str, refund_id: str, status: str) -> Call[Refund]:
    path = f"{_path(session_id, 'refunds')}/{_part('refund_id', refund_id)}/resolve"
    return Call("POST", path, Refund.from_json, body={"status": status})


def deliver(session_id: str) -> Call[int]:
    return Call("POST", _path(session_id, "deliver"), answers.number("messages"))


def purge(older_than_days: int) -> Call[int]:
    return Call("POST", "purge", answers.number("sessions"), body={"older_than_days": older_than_days})


def providers() -> Call[list[dict[str, Any]]]:
    return Call("GET", "providers", answers.objects)


def payments(provider: str, limit: int) -> Call[list[dict[str, Any]]]:
    path = f"providers/{_part('provider', provider)}/payments"
    return Call("GET", path, answers.objects, query={"limit": str(limit)})


def _path(session_id: str, *further: str) -> str:
    return "/".join(("sessions", _part("session_id", session_id), *further))


def _part(name: str, value: str) -> str:
    """One segment of a path, whatever is in it. The three that lead elsewhere are nobody's id."""
    if value in ("", ".", ".."):
        raise _refused("id_invalid", f"{value!r} is no {name}.", name)
    return quote(value, safe="")


def _key(given: str | None) -> str:
    if given is None:
        return secrets.token_urlsafe(24)
    if not _KEY.fullmatch(given):
        message = "A key is 1 to 255 printable ASCII characters without spaces."
        raise _refused("idempotency_key_invalid", message, "idempotency_key")
    return given


def _check_amount(amount: object) -> None:
    # Text alone is exact on its way: a float is not, and a Decimal may be written with an exponent.
    if amount is not None and not isinstance(amount, str):
        raise _refused("amount_format", 'An amount is text, such as "25.00".', "amount")


def _refused(code: str, message: str, param: str) -> CheckoutApiError:
    return CheckoutApiError(message, type="request", code=code, param=param)
