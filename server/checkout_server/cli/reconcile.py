"""`checkout-ui sessions reconcile`: the provider's list against ours, and a fresh look wherever they differ."""

from __future__ import annotations

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


def reconcile(
    provider: Annotated[str, typer.Argument(help="Its name, such as crypto_com.")],
    key: KeyOption,
    url: UrlOption = LOCAL,
    limit: Annotated[
        int, typer.Option(min=1, max=1000, help="How many payments to compare, newest first.")
    ] = 100,
    as_json: JsonOption = False,
) -> None:
    """Compare the provider's payments with our sessions. Ends with status 1 when a difference remains.

    Example: checkout-ui sessions reconcile crypto_com --limit 500
    """
    with checkout(url, key) as client:
        payments = client.payments(provider, limit=limit)
        found = [row for payment in payments if (row := _compare(client, payment)) is not None]
    if as_json:
        print_json({"compared": len(payments), "differences": found})
    else:
        for row in found:
            typer.echo(
                "  ".join(
                    str(row[name] or "-")
                    for name in ("result", "provider_ref", "session_id", "theirs", "ours")
                )
            )
        typer.echo(f"{len(payments)} compared, {len(found)} different.")
    if any(row["result"] != "repaired" for row in found):
        raise typer.Exit(1)


def _compare(client: Checkout, payment: dict[str, Any]) -> dict[str, Any] | None:
    """None where both sides agree; else a row that says whether a fresh look repaired it."""
    row = {
        "provider_ref": payment.get("provider_ref"),
        "session_id": payment.get("session_id"),
        "theirs": payment.get("state"),
        "ours": None,
    }
    session = _session(client, payment.get("session_id"))
    if session is None:
        return {**row, "result": "unknown"}  # made elsewhere with the same account, or lost here
    if _agrees(session, payment):
        return None
    session = client.refresh(session.id)
    return {**row, "ours": session.status, "result": "repaired" if _agrees(session, payment) else "different"}


def _agrees(session: Session, payment: dict[str, Any]) -> bool:
    if session.provider_ref != payment.get("provider_ref"):
        return False
    return session.status == "review" or session.status in _AGREE.get(str(payment.get("state")), set())


def _session(client: Checkout, session_id: object) -> Session | None:
    if not isinstance(session_id, str):
        return None
    try:
        return client.get_session(session_id)
    except CheckoutApiError as error:
        if error.status == 404:
            return None
        raise
