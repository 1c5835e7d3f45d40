"""`checkout-ui sessions reconcile`: the provider's list against ours, both ways, and a fresh look wherever they differ."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Annotated, Any

import typer

from checkout_server.cli.common import JsonOption, print_json
from checkout_server.cli.sessions import LOCAL, KeyOption, UrlOption, checkout
from checkout_server.client import Checkout, CheckoutApiError, Session

# The statuses of ours that agree with a provider's state. A review agrees with all: a person has it in hand.
_AGREE: dict[str, set[str]] = {
    # Ours may expire first, and a payment that nobody will make stays open at some providers for ever.
    "open": {"open", "expired"},
    "processing": {"processing"},
    "succeeded": {"succeeded", "partially_refunded", "refunded"},
    "failed": {"failed"},
    "cancelled": {"cancelled"},
    "expired": {"expired"},
    "conflict": set(),
    "approved": {"approved"},
    "revoked": {"revoked"},
}
_COLUMNS = ("result", "what", "provider_ref", "session_id", "theirs", "ours")


def reconcile(
    provider: Annotated[str, typer.Option(help="Its name, such as crypto_com.")],
    key: KeyOption,
    url: UrlOption = LOCAL,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, help="How many payments to compare, newest first.")
    ] = 100,
    as_json: JsonOption = False,
) -> None:
    """Compare the provider's payments with our sessions. Ends with status 1 when a difference remains.

    A provider without a list is asked for each of our payments instead.

    Example: checkout-ui sessions reconcile --provider crypto_com --limit 500
    """
    with checkout(url, key) as client:
        compared, found = _differences(client, provider, limit)
    if as_json:
        print_json({"compared": compared, "differences": found})
    else:
        for row in found:
            typer.echo("  ".join(str(row[name] or "-") for name in _COLUMNS))
        typer.echo(f"{compared} compared, {len(found)} different.")
    if any(row["result"] != "repaired" for row in found):
        raise typer.Exit(1)


def _differences(client: Checkout, provider: str, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """How many payments were compared, and what differed."""
    try:
        theirs = client.payments(provider, limit=limit)
    except CheckoutApiError as error:
        if error.code != "not_supported":
            raise
        return _one_by_one(client, provider, limit)
    found = [row for payment in theirs if (row := _compare(client, provider, payment)) is not None]
    # A list that was cut off proves nothing about what is not in it.
    if len(theirs) < limit:
        found += _missing(client, provider, theirs, limit)
    return len(theirs), found


def _one_by_one(client: Checkout, provider: str, limit: int) -> tuple[int, list[dict[str, Any]]]:
    """Without a list: each of our own payments is looked at again, which also repairs what was missed."""
    ours = [each for each in islice(client.list_sessions(provider=provider), limit) if each.provider_ref]
    found = []
    for before in ours:
        after = client.refresh(before.id)
        if after.status != before.status:
            payment = {"provider_ref": before.provider_ref}
            found.append(_row("repaired", payment, before.id, ("status", after.status, before.status)))
    return len(ours), found


def _compare(client: Checkout, provider: str, payment: dict[str, Any]) -> dict[str, Any] | None:
    """None where both sides agree; else a row that says what differs, and whether a fresh look repaired it."""
    session = _session(client, provider, payment)
    if session is None:  # made elsewhere with the same account, or lost here
        return _row("unknown", payment, None, ("payment", payment.get("state"), None))
    difference = _difference(session, payment)
    if difference is None:
        return None
    fresh = client.refresh(session.id)
    after = _difference(fresh, payment)
    if after is None:
        what, theirs, _ = difference
        return _row("repaired", payment, session.id, (what, theirs, theirs))
    return _row("different", payment, session.id, after)


def _missing(
    client: Checkout, provider: str, theirs: list[dict[str, Any]], limit: int
) -> Iterator[dict[str, Any]]:
    """Payments of ours that the provider's whole list does not hold; those of the other mode have a list of their own."""
    listed = {payment.get("provider_ref") for payment in theirs}
    modes = {payment.get("mode") for payment in theirs} - {None}
    for session in islice(client.list_sessions(provider=provider), limit):
        other_mode = bool(modes) and session.mode not in modes
        if session.provider_ref is not None and session.provider_ref not in listed and not other_mode:
            payment = {"provider_ref": session.provider_ref}
            yield _row("missing", payment, session.id, ("payment", None, session.status))


def _row(
    result: str, payment: dict[str, Any], session_id: str | None, difference: tuple[str, Any, Any]
) -> dict[str, Any]:
    what, theirs, ours = difference
    return {
        "result": result,
        "what": what,
        "provider_ref": payment.get("provider_ref"),
        "session_id": session_id or payment.get("session_id"),
        "theirs": theirs,
        "ours": ours,
    }


def _difference(session: Session, payment: dict[str, Any]) -> tuple[str, Any, Any] | None:
    """(what, theirs, ours) of the first thing that differs. What the provider's list does not say is no difference."""
    if session.provider_ref != payment.get("provider_ref"):
        return "provider_ref", payment.get("provider_ref"), session.provider_ref
    if session.status == "review":
        return None
    if session.status not in _AGREE.get(str(payment.get("state")), set()):
        return "status", payment.get("state"), session.status
    for name in ("amount", "currency", "amount_refunded"):
        theirs, ours = payment.get(name), session.data.get(name)
        if theirs is not None and ours is not None and not _same(name, theirs, ours):
            return name, theirs, ours
    return None


def _same(name: str, theirs: str, ours: str) -> bool:
    return theirs == ours if name == "currency" else Decimal(theirs) == Decimal(ours)


def _session(client: Checkout, provider: str, payment: dict[str, Any]) -> Session | None:
    """By our id where the provider's list carries it, else by the provider's own."""
    session_id = payment.get("session_id")
    if not isinstance(session_id, str):
        ref = str(payment.get("provider_ref"))
        return next(client.list_sessions(provider=provider, provider_ref=ref), None)
    try:
        return client.get_session(session_id)
    except CheckoutApiError as error:
        if error.status == 404:
            return None
        raise
