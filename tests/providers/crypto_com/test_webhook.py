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
from checkout_server.providers.crypto_com.webhook import parse_header, verify
from tests.providers.crypto_com.support import NOW, PAYMENT_ID, SESSION_ID, Wire, json_values, payment

T = int(NOW.timestamp())
SECRETS = (b"whsec-new", b"whsec-old")
# The header that the provider's document prints; its secret is not published.
PRINTED = "t=1492774577,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd"


def signature(raw: bytes, t: object = T, secret: bytes = SECRETS[0]) -> str:
    return hmac.new(secret, b"%s.%s" % (str(t).encode(), raw), hashlib.sha256).hexdigest()


def signed(raw: bytes, t: object = T, secret: bytes = SECRETS[0]) -> dict[str, str]:
    return {"pay-signature": f"t={t},v1={signature(raw, t, secret)}"}


def event(type: object = "payment.captured", **changes: Any) -> bytes:  # noqa: A002
    return json.dumps(
        {
            "id": "920a4e24-169e-4205-85bd-348c1b834231",
            "object_type": "event",
            "type": type,
            "created": T,
            "data": {"object": payment()},
            **changes,
        }
    ).encode()


def rejected(headers: dict[str, str], raw: bytes) -> str:
    with pytest.raises(WebhookRejected) as caught:
        verify(headers, raw, secrets=SECRETS, now=NOW)
    return caught.value.reason


def test_known_answer():
    """Computed apart from this code: printf '1492774577.{"id":"é"}' | openssl dgst -sha256 -hmac whsec-new"""
    raw = '{"id":"é"}'.encode()
    digest = "acf904b96d93c3a565cd6dce00885eb211985e87b514a028f93ae6d1d5299dc9"
    assert signature(raw, 1492774577) == digest
    headers = {"pay-signature": f"t=1492774577,v1={digest}"}
    with pytest.raises(WebhookRejected) as caught:
        verify(headers, raw, secrets=SECRETS, now=NOW)
    assert caught.value.reason == "timestamp_out_of_tolerance"


def test_the_printed_header_is_read():
    stamp, signatures = parse_header(PRINTED)
    assert stamp == "1492774577"
    assert [s.hex() for s in signatures] == [PRINTED.partition("v1=")[2]]


def test_a_payment_event(wire: Wire):
    raw = event()
    assert wire.provider().verify(signed(raw), raw, NOW) == Nudge(
        ref=PAYMENT_ID,
        dedupe_key="920a4e24-169e-4205-85bd-348c1b834231",
        type="payment.captured",
        reference=SESSION_ID,
    )


@pytest.mark.parametrize(
    "name", ["payment.refund_requested", "payment.refund_transferred", "payment.refund_x"]
)
def test_a_refund_event_is_about_its_payment(name: str):
    raw = event(name, data={"object": {"id": "refund-1", "payment_id": PAYMENT_ID, "status": "pending"}})
    nudge = verify(signed(raw), raw, secrets=SECRETS, now=NOW)
    assert (nudge.ref, nudge.refund_ref, nudge.reference) == (PAYMENT_ID, "refund-1", None)


@pytest.mark.parametrize(
    ("name", "item", "ref"),
    [
        ("payment.settled", {"id": "p1"}, "p1"),
        ("payout.sent", {"id": "po1", "payment_id": "p1"}, "p1"),
        (None, {"id": "p1"}, "p1"),
        ({"x": 1}, {"id": "p1"}, "p1"),
        ("payment.created", {"id": "p1", "payment_id": "p2"}, "p1"),
    ],
)
def test_an_event_to_come_is_a_nudge_too(name: object, item: dict[str, str], ref: str):
    raw = event(name, data={"object": item})
    nudge = verify(signed(raw), raw, secrets=SECRETS, now=NOW)
    assert (nudge.ref, nudge.refund_ref) == (ref, None)
    assert nudge.type == (name if isinstance(name, str) else "unknown")


def test_without_an_event_id_the_body_is_its_own_name():
    one, other = event(id=None), event(id=None, created=T + 1)
    keys = {verify(signed(raw), raw, secrets=SECRETS, now=NOW).dedupe_key for raw in (one, one, other)}
    assert len(keys) == 2


def test_every_configured_secret_and_every_signature_counts():
    raw = event()
    ours = signature(raw, secret=SECRETS[1])
    verify(signed(raw, secret=SECRETS[1]), raw, secrets=SECRETS, now=NOW)
    for header in (
        f"t={T},v1={'0' * 64},v1={ours}",
        f"v1={ours},t={T}",
        f"t={T}, v0={'0' * 64}, v1={ours.upper()}, v2=x, y",
        f"t={T},v1=short,v1={ours}",
    ):
        assert verify({"pay-signature": header}, raw, secrets=SECRETS, now=NOW).ref == PAYMENT_ID


def test_a_retired_secret_no_longer_counts():
    raw = event()
    with pytest.raises(WebhookRejected):
        verify(signed(raw, secret=SECRETS[1]), raw, secrets=SECRETS[:1], now=NOW)
    with pytest.raises(WebhookRejected):
        verify(signed(raw, secret=b""), raw, secrets=(), now=NOW)


@pytest.mark.parametrize(
    ("age", "accepted"), [(300, True), (301, False), (-300, True), (-301, False), (0, True)]
)
def test_both_edges_of_the_tolerance(age: int, accepted: bool):
    raw = event()
    headers, now = signed(raw), NOW + timedelta(seconds=age)
    if accepted:
        assert verify(headers, raw, secrets=SECRETS, now=now).ref == PAYMENT_ID
        return
    with pytest.raises(WebhookRejected, match="timestamp_out_of_tolerance"):
        verify(headers, raw, secrets=SECRETS, now=now)


def test_the_raw_bytes_are_what_is_signed():
    raw = json.dumps({"data": {"object": payment(description="Café ☕")}}, ensure_ascii=False).encode()
    assert b"\\u" not in raw
    assert verify(signed(raw), raw, secrets=SECRETS, now=NOW).ref == PAYMENT_ID
    again = json.dumps(json.loads(raw)).encode()
    assert rejected(signed(raw), again) == "signature_mismatch"
    assert rejected(signed(raw), raw + b" ") == "signature_mismatch"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\xfa",
        "é".encode("latin-1"),
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        b'{"data": 1}',
        b'{"data": {"object": []}}',
        b'{"data": {"object": {}}}',
        b'{"data": {"object": {"id": 7}}}',
        b'{"data": {"object": {"id": "../x"}}}',
        b'{"data": {"object": {"id": "\\ud800"}}}',
        b'{"type": "payment.refund_requested", "data": {"object": {"id": "r1"}}}',
        b'{"n": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_signed_body_that_names_no_payment(raw: bytes):
    assert rejected(signed(raw), raw) == "unreadable"


def test_an_order_id_that_is_no_text_is_left_out():
    for odd in (7, "a\nb", "\ud800", "x" * 300):
        raw = event(data={"object": payment(order_id=odd)})
        assert verify(signed(raw), raw, secrets=SECRETS, now=NOW).reference is None


RAW = event()
GOOD = signature(RAW)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "signature_missing"),
        ("", "signature_malformed"),
        (f"v1={GOOD}", "signature_malformed"),
        (f"t={T}", "signature_malformed"),
        (f"t={T},v0={GOOD}", "signature_malformed"),
        (f"t={T},v1=", "signature_malformed"),
        (f"t={T},v1={GOOD}é", "signature_malformed"),
        (f"t={T},t={T},v1={GOOD}", "signature_malformed"),
        (f"t={T},v1={GOOD},t={T + 1}", "signature_malformed"),
        (f"t=-{T},v1={GOOD}", "signature_malformed"),
        (f"t=٣,v1={GOOD}", "signature_malformed"),
        (f"t={'9' * 5000},v1={GOOD}", "signature_malformed"),
        (f"t={T},v1={GOOD}" + ",v1=" + "0" * 64 + ",x" * 9000, "signature_malformed"),
        (f"t={T + 1},v1={GOOD}", "signature_mismatch"),
        (f"t=0{T},v1={GOOD}", "signature_mismatch"),
        (PRINTED, "signature_mismatch"),
    ],
)
def test_headers_that_are_refused(header: str | None, reason: str):
    assert rejected({} if header is None else {"pay-signature": header}, RAW) == reason


FRAGMENTS = st.sampled_from(["t=", "v1=", ",", "=", str(T), GOOD, "\ud800", "é", " "])

HEADER_TEXT = st.binary(max_size=40).map(lambda raw: raw.decode("latin-1"))


@given(
    header=st.none() | HEADER_TEXT | st.lists(FRAGMENTS | HEADER_TEXT).map("".join),
    raw=st.binary(),
)
def test_no_bytes_raise_anything_else(header: str | None, raw: bytes):
    with pytest.raises(WebhookRejected):
        verify({} if header is None else {"pay-signature": header}, raw, secrets=SECRETS, now=NOW)


KEYS = st.sampled_from(["id", "type", "data", "object", "payment_id", "order_id"])


@given(raw=st.binary() | json_values(KEYS).map(lambda value: json.dumps(value).encode()))
def test_nor_do_signed_ones(raw: bytes):
    try:
        nudge = verify(signed(raw), raw, secrets=SECRETS, now=NOW)
    except WebhookRejected as error:
        reason = error.reason
    else:
        reason = None
        assert nudge.ref
        assert nudge.dedupe_key
    assert reason in (None, "unreadable")
