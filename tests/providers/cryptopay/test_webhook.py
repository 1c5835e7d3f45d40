from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.providers.base import Nudge, WebhookRejected
from checkout_server.providers.cryptopay.webhook import verify
from tests.providers.cryptopay.support import (
    ADDRESS,
    HASH,
    INFO,
    NOW,
    ORDER_ID,
    SESSION_ID,
    Wire,
    json_values,
)

SECRETS = (b"whsec-new", b"whsec-old")


def signed(raw: bytes, secret: bytes = SECRETS[0]) -> dict[str, str]:
    return {"x-webhook-signature": hmac.new(secret, raw, hashlib.sha256).hexdigest()}


def event(kind: object = "payment.confirmed", **changes: Any) -> bytes:
    """The body of `providers/cryptopay.md`; `changes` are of its data."""
    data = {
        "order_id": ORDER_ID,
        "transaction_hash": HASH,
        "amount": "100.00",
        "currency": "USDC",
        "blockchain": "base",
        "status": "confirmed",
        "confirmations": 15,
        "block_number": 12345678,
        "from_address": "0x" + "9" * 40,
        "to_address": ADDRESS,
        "order_info": INFO,
        "created_at": "2026-03-01T12:00:01Z",
        "confirmed_at": "2026-03-01T12:15:00Z",
        **changes,
    }
    body = {"event": kind, "data": data, "timestamp": "2026-03-01T12:15:01Z", "webhook_id": "wh_1"}
    return json.dumps(body, ensure_ascii=False).encode()


def rejected(headers: dict[str, str], raw: bytes) -> str:
    with pytest.raises(WebhookRejected) as caught:
        verify(headers, raw, secrets=SECRETS)
    return caught.value.reason


def test_known_answer():
    """Computed apart from this code: printf '{"data":{"order_id":"ORD-1"}}' | openssl dgst -sha256 -hmac whsec-new"""
    raw = b'{"data":{"order_id":"ORD-1"}}'
    digest = "9ef8ba756bbf6ccdccd61baa6a40a53cc940d798a622a7c7642623dc0c034bcd"
    assert verify({"x-webhook-signature": digest}, raw, secrets=SECRETS).ref == "ORD-1"


@pytest.mark.parametrize("kind", ["payment.pending", "payment.confirmed", "payment.failed", "order.expired"])
def test_an_event_is_a_reason_to_look(wire: Wire, kind: str):
    raw = event(kind)
    assert wire.provider().verify(signed(raw), raw, NOW) == Nudge(
        ref=ORDER_ID,
        dedupe_key=f"sha256-{hashlib.sha256(raw).hexdigest()}",
        type=kind,
        reference=SESSION_ID,
    )


@pytest.mark.parametrize("kind", [None, 7, {"x": 1}, "a b", "x" * 99, "\ud800"])
def test_an_event_to_come_is_one_too(kind: object):
    raw = event("order.archived")
    assert verify(signed(raw), raw, secrets=SECRETS).type == "order.archived"
    raw = json.dumps({"event": kind, "data": {"order_id": ORDER_ID}}).encode()
    assert verify(signed(raw), raw, secrets=SECRETS).type == "unknown"


def test_two_events_of_one_webhook_id_are_two():
    """Nobody says whether `webhook_id` names the message or the endpoint: were it the latter, all but the first would
    be taken for repetitions."""
    keys = {
        verify(signed(raw), raw, secrets=SECRETS).dedupe_key
        for raw in (event(), event(), event("payment.pending"))
    }
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("info", "reference"),
    [
        (INFO, SESSION_ID),
        ({"checkout_session": SESSION_ID}, SESSION_ID),
        (None, None),
        ("{", None),
        ("{}", None),
    ],
)
def test_our_session_travels_along(info: object, reference: str | None):
    raw = event(order_info=info)
    assert verify(signed(raw), raw, secrets=SECRETS).reference == reference


def test_every_configured_secret_counts_and_a_retired_one_does_not():
    raw = event()
    assert verify(signed(raw, SECRETS[1]), raw, secrets=SECRETS).ref == ORDER_ID
    assert verify({k: v.upper() for k, v in signed(raw).items()}, raw, secrets=SECRETS).ref == ORDER_ID
    with pytest.raises(WebhookRejected):
        verify(signed(raw, SECRETS[1]), raw, secrets=SECRETS[:1])
    with pytest.raises(WebhookRejected):
        verify(signed(raw, b""), raw, secrets=())


def test_it_carries_no_time_and_never_ages(wire: Wire):
    raw = event()
    assert wire.provider().verify(signed(raw), raw, NOW + timedelta(days=900)).ref == ORDER_ID


def test_the_raw_bytes_are_what_is_signed():
    raw = event(currency="Café ☕")
    assert b"\\u" not in raw
    assert verify(signed(raw), raw, secrets=SECRETS).ref == ORDER_ID
    assert rejected(signed(raw), json.dumps(json.loads(raw)).encode()) == "signature_mismatch"
    assert rejected(signed(raw), raw + b" ") == "signature_mismatch"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\xfa",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        b'{"data": 1}',
        b'{"data": {}}',
        b'{"data": {"order_id": 7}}',
        b'{"data": {"order_id": "../x"}}',
        b'{"data": {"order_id": "\\ud800"}}',
        b'{"order_id": "ORD-1"}',
        b'{"n": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_signed_body_that_names_no_order(raw: bytes):
    assert rejected(signed(raw), raw) == "unreadable"


GOOD = signed(event())["x-webhook-signature"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "signature_missing"),
        ("", "signature_malformed"),
        (GOOD[:-1], "signature_malformed"),
        (GOOD + "0", "signature_malformed"),
        (f"sha256={GOOD}", "signature_malformed"),
        (f" {GOOD}", "signature_malformed"),
        (GOOD[:-1] + "é", "signature_malformed"),
        ("٣" * 64, "signature_malformed"),
        ("0" * 64, "signature_mismatch"),
    ],
)
def test_headers_that_are_refused(header: str | None, reason: str):
    assert rejected({} if header is None else {"x-webhook-signature": header}, event()) == reason


HEADER_TEXT = st.binary(max_size=80).map(lambda raw: raw.decode("latin-1"))


@given(header=st.none() | HEADER_TEXT | st.just(GOOD), raw=st.binary())
def test_no_bytes_raise_anything_else(header: str | None, raw: bytes):
    with pytest.raises(WebhookRejected):
        verify({} if header is None else {"x-webhook-signature": header}, raw, secrets=SECRETS)


KEYS = st.sampled_from(["event", "data", "order_id", "order_info", "checkout_session", "webhook_id"])


@given(raw=st.binary() | json_values(KEYS).map(lambda value: json.dumps(value).encode()))
def test_nor_do_signed_ones(raw: bytes):
    try:
        nudge = verify(signed(raw), raw, secrets=SECRETS)
    except WebhookRejected as error:
        reason = error.reason
    else:
        reason = None
        assert nudge.ref
        assert nudge.dedupe_key
    assert reason in (None, "unreadable")
