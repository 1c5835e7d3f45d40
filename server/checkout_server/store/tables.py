"""The schema. Amounts are text with their currency, times are microseconds since 1970, both exact on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from checkout_server.money import Money

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime as an integer of microseconds: compares and survives exactly on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Amount(TypeDecorator[Money]):
    """`"25.00 USD"`: text, so that no database ever rounds or adds it."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money.parse(*value.split(" "))


def _text(name: str, *more: Any, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, *more, nullable=null, **options)


def _at(name: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, Instant, nullable=null)


def _int(name: str, *, null: bool = False, default: int | None = 0) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=null, default=default)


def _session() -> sa.Column[Any]:
    return sa.Column("session_id", sa.Text, sa.ForeignKey("sessions.id"), nullable=False)


def _leased() -> tuple[sa.Column[Any], ...]:
    """What makes a row a job: due at `next_at`, held by one worker until its lease ends."""
    return _at("next_at"), _text("lease_owner", null=True), _at("lease_until"), _int("tries")


sessions = sa.Table(
    "sessions",
    metadata,
    _text("id", primary_key=True),
    _text("token", unique=True),
    _text("kind"),
    _text("provider"),
    _text("mode"),
    _text("account"),
    sa.Column("amount", Amount),
    _text("order_id"),
    _text("description", null=True),
    _text("email", null=True),
    sa.Column("metadata", sa.JSON, nullable=False),
    _text("return_url"),
    _text("cancel_url", null=True),
    sa.Column("embed_origins", sa.JSON, nullable=False),
    _text("locale"),
    sa.Column("options", sa.JSON, nullable=False),
    _at("created_at", null=False),
    _at("expires_at", null=False),
    _at("watch_until", null=False),
    # what the provider gave us
    _text("provider_ref", null=True),
    sa.Column("public", sa.JSON, nullable=False),
    sa.Column("terms", sa.JSON, nullable=False),
    _text("hosted_url", null=True),
    # the facts
    _text("state"),
    sa.Column("seen", sa.Boolean, nullable=False),
    sa.Column("amount_received", Amount),
    sa.Column("amount_refunded", Amount),
    _text("delivery", null=True),
    sa.Column("last_failure", sa.JSON(none_as_null=True)),
    _int("confirmations", null=True, default=None),
    _int("confirmations_needed", null=True, default=None),
    _text("needs", null=True),
    _text("transaction", null=True),
    _at("paid_at"),
    _text("ended", null=True),
    _text("review_reason", null=True),
    sa.Column("resolution", sa.JSON(none_as_null=True)),
    _at("left_at"),
    _at("signalled_at"),
    # derived from the facts by the same write, for lists only
    _text("status"),
    _int("version"),
    # the refresh job
    _at("observed_at"),
    _at("refresh_requested_at"),
    _at("not_before"),  # the provider asked to be left alone until then
    _int("urgency"),
    _text("last_miss", null=True),
    *_leased(),
    sa.Index(None, "order_id"),
    sa.Index(None, "transaction"),
    sa.Index(None, "next_at"),
    sa.Index(None, "status", "id"),
    sa.UniqueConstraint("provider", "account", "provider_ref"),
)

attempts = sa.Table(
    "attempts",
    metadata,
    _text("id", primary_key=True),
    _session(),
    _text("kind"),  # create, cancel, claim, refund
    sa.Column("serial", sa.BigInteger, unique=True),  # of creates: see `CreateAttempt.serial`
    _text("state"),
    _text("ref", null=True),
    _text("error", null=True),
    _at("created_at", null=False),
    _at("sent_at"),
    _at("ended_at"),
    *_leased(),
    sa.Index(None, "session_id"),
    sa.Index(None, "next_at"),
)

refunds = sa.Table(
    "refunds",
    metadata,
    _text("id", primary_key=True),
    _session(),
    sa.Column("amount", Amount, nullable=False),
    _text("reason", null=True),
    _text("state"),
    _text("ref", null=True),
    _text("error", null=True),
    _at("created_at", null=False),
    _at("ended_at"),
    *_leased(),
    sa.Index(None, "session_id"),
    sa.Index(None, "next_at"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column(
        "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    _session(),
    _int("version"),
    _text("type"),
    sa.Column("data", sa.JSON, nullable=False),
    _at("at", null=False),
    sa.Index(None, "session_id", "seq"),
    sqlite_autoincrement=True,
)

inbox = sa.Table(
    "inbox",
    metadata,
    _text("id", primary_key=True),
    _text("provider"),
    _text("dedupe_key"),
    _text("type"),
    _text("ref"),
    _text("session_id", null=True),  # null: an orphan, kept for the person who looks
    _at("received_at", null=False),
    sa.UniqueConstraint("provider", "dedupe_key"),
    sa.Index(None, "session_id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _text("id", primary_key=True),  # also the webhook-id: the same on every try
    _session(),
    _int("version"),
    _text("type"),
    _text("payload"),
    _at("created_at", null=False),
    _at("delivered_at"),
    _text("last_error", null=True),
    *_leased(),
    sa.Index(None, "session_id"),
    sa.Index(None, "next_at"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    _text("key", primary_key=True),
    _text("fingerprint"),
    _text("target"),  # the session or refund that the first request made
    _int("status", null=True, default=None),
    _text("body", null=True),
    _at("created_at", null=False),
)

budgets = sa.Table(
    "budgets",
    metadata,
    _text("account", primary_key=True),
    _at("busy_until", null=False),
)

assets = sa.Table(
    "assets",
    metadata,
    _text("name", primary_key=True),
    _text("media_type"),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _at("seen_at", null=False),
)
