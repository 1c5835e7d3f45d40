"""`checkout-ui sessions …`: what support does, through the merchant API like any back end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Annotated, Any

import typer

from checkout_server.cli.common import JsonOption, fail, print_json
from checkout_server.client import Checkout, CheckoutApiError, Session

app = typer.Typer(help="Look at sessions and act on them, through the API.", no_args_is_help=True)

UrlOption = Annotated[
    str, typer.Option("--url", envvar="CHECKOUT_PUBLIC_URL", help="Where the checkout answers.")
]
KeyOption = Annotated[
    str,
    typer.Option(
        "--key", envvar=["CHECKOUT_API_KEY", "CHECKOUT_API_KEYS"], help="A merchant key; the first of a list."
    ),
]
Id = Annotated[str, typer.Argument(help="The session, cs_…", metavar="SESSION")]
LOCAL = "http://localhost:8000"


@contextmanager
def checkout(url: str, key: str) -> Iterator[Checkout]:
    """A client whose errors end the command in one line. `key` may be a list while keys are rotated."""
    with Checkout(url, key.split(",")[0].strip()) as client:
        try:
            yield client
        except CheckoutApiError as error:
            where = f" [{error.request_id}]" if error.request_id else ""
            fail(f"{error}{where}")


@app.command("list")
def list_(
    key: KeyOption,
    url: UrlOption = LOCAL,
    status: Annotated[str | None, typer.Option(help="Only of this status, such as review.")] = None,
    order: Annotated[str | None, typer.Option(help="Only of this order.")] = None,
    provider: Annotated[str | None, typer.Option(help="Only of this provider.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """The newest sessions, one a line.

    Example: checkout-ui sessions list --status review
    """
    wanted = {"status": status, "order_id": order, "provider": provider}
    filters = {name: value for name, value in wanted.items() if value is not None}
    with checkout(url, key) as client:
        found = list(islice(client.list_sessions(page_size=min(limit, 100), **filters), limit))
    if as_json:
        print_json([session.data for session in found])
        return
    for session in found:
        typer.echo(
            f"{session.id}  {session.status:<18}  {_price(session):>24}  {session.provider:<12}  {session.order_id}"
        )


@app.command()
def show(session: Id, key: KeyOption, url: UrlOption = LOCAL, as_json: JsonOption = False) -> None:
    """One session and its story.

    Example: checkout-ui sessions show cs_0k3v… --json
    """
    with checkout(url, key) as client:
        _show(client.get_session(session), as_json)


@app.command()
def refresh(session: Id, key: KeyOption, url: UrlOption = LOCAL, as_json: JsonOption = False) -> None:
    """Ask the provider now.

    Example: checkout-ui sessions refresh cs_0k3v…
    """
    with checkout(url, key) as client:
        _show(client.refresh(session), as_json)


@app.command()
def cancel(session: Id, key: KeyOption, url: UrlOption = LOCAL, as_json: JsonOption = False) -> None:
    """Cancel an open session at the provider. Money that came first wins.

    Example: checkout-ui sessions cancel cs_0k3v…
    """
    with checkout(url, key) as client:
        _show(client.cancel(session), as_json)


@app.command()
def resolve(
    session: Id,
    status: Annotated[str, typer.Argument(help="What a person decided, such as succeeded or failed.")],
    key: KeyOption,
    note: Annotated[str, typer.Option(help="Why; kept with the session.")],
    url: UrlOption = LOCAL,
    as_json: JsonOption = False,
) -> None:
    """Decide a session in review.

    Example: checkout-ui sessions resolve cs_0k3v… succeeded --note "Short by a cent; goods sent."
    """
    with checkout(url, key) as client:
        _show(client.resolve(session, status, note), as_json)


@app.command()
def refund(
    session: Id,
    key: KeyOption,
    idempotency_key: Annotated[
        str, typer.Option(help="A word of yours for this one refund: the same word never refunds twice.")
    ],
    amount: Annotated[
        str | None, typer.Option(help="Major units, such as 10.00; all that is left otherwise.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Goes to the provider.")] = None,
    url: UrlOption = LOCAL,
    as_json: JsonOption = False,
) -> None:
    """Give money back, all or a part.

    Example: checkout-ui sessions refund cs_0k3v… --amount 10.00 --idempotency-key ticket-881
    """
    with checkout(url, key) as client:
        given = client.refund(session, amount, reason, idempotency_key=idempotency_key)
    if as_json:
        print_json(given.data)
    else:
        typer.echo(f"{given.id}  {given.status}  {given.data['amount']} {given.currency}")
        if given.status == "unknown":
            typer.echo("Its fate is not known. Look at the provider before you refund again.", err=True)


@app.command("resolve-refund")
def resolve_refund(
    session: Id,
    refund: Annotated[str, typer.Argument(help="The refund's id, re_…")],
    status: Annotated[str, typer.Argument(help="What the provider's dashboard says: succeeded or failed.")],
    key: KeyOption,
    url: UrlOption = LOCAL,
    as_json: JsonOption = False,
) -> None:
    """Say what became of a refund that is unknown.

    Example: checkout-ui sessions resolve-refund cs_0k3v… re_0k3w… succeeded
    """
    with checkout(url, key) as client:
        given = client.resolve_refund(session, refund, status)
    if as_json:
        print_json(given.data)
    else:
        typer.echo(f"{given.id}  {given.status}  {given.data['amount']} {given.currency}")


@app.command()
def deliver(session: Id, key: KeyOption, url: UrlOption = LOCAL, as_json: JsonOption = False) -> None:
    """Send a session's webhooks to your back end again.

    Example: checkout-ui sessions deliver cs_0k3v…
    """
    with checkout(url, key) as client:
        count = client.deliver(session)
    if as_json:
        print_json({"messages": count})
    else:
        typer.echo(f"{count} on their way again.")


def _price(session: Session) -> str:
    """As the API wrote it: a `Decimal` would be as exact, but might print an exponent."""
    amount = session.data.get("amount")
    return f"{amount} {session.currency}" if amount else "open price"


def _show(session: Session, as_json: bool) -> None:
    if as_json:
        print_json(session.data)
        return
    data: dict[str, Any] = dict(session.data)
    rows = {
        "session": session.id,
        "status": session.status + (f" ({session.review_reason})" if session.review_reason else ""),
        "amount": _price(session),
        "received": data.get("amount_received"),
        "refunded": data.get("amount_refunded"),
        "order": session.order_id,
        "provider": f"{session.provider} {session.provider_ref or '(no payment yet)'}",
        "mode": session.mode,
        "expires": data.get("expires_at"),
    }
    for name, value in rows.items():
        if value is not None:
            typer.echo(f"{name:<10}{value}")
    for event in data.get("events", ()):
        typer.echo(f"  {event.get('at', '')}  {event.get('type', '')}")


@app.command()
def purge(
    key: KeyOption,
    url: UrlOption = LOCAL,
    older_than_days: Annotated[int, typer.Option(min=30, help="Over, and not watched, for so long.")] = 365,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete sessions that are over, with all that hangs on them. There is no way back.

    Example: checkout-ui sessions purge --older-than-days 400 --yes
    """
    if not yes:
        typer.confirm(f"Delete every session that has been over for {older_than_days} days?", abort=True)
    with checkout(url, key) as client:
        count = client.purge(older_than_days=older_than_days)
    if as_json:
        print_json({"sessions": count})
    else:
        typer.echo(f"{count} sessions deleted.")
