from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from checkout_server.providers.base import Nudge, WebhookRejected
from checkout_server.providers.crossmint.webhook import signing_keys, verify
from tests.providers.crossmint.support import NOW, OLD_SECRET, ORDER_ID, SECRET, Wire, order

T = int(NOW.timestamp())
KEYS = signing_keys(SecretStr(f"{SECRET},{OLD_SECRET}"))
# The vector that Svix publishes.
PUBLISHED = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "timestamp": 1614265330,
    "body": b'{"test": 2432232314}',
    "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def signature(raw: bytes, t: object = T, key: bytes = KEYS[0], message: str = "msg_1") -> str:
    digest = hmac.new(key, f"{message}.{t}.".encode() + raw, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signed(raw: bytes, t: object = T, key: bytes = KEYS[0], message: str = "msg_1") -> dict[str, str]:
    return {
        "svix-id": message,
        "svix-timestamp": str(t),
        "svix-signature": f"v1,{signature(raw, t, key, message)}",
    }


def event(**changes: Any) -> bytes:
    envelope = {"type": "orders.payment.succeeded", "actionId": "a", "timestamp": "now", "data": order()}
    return json.dumps({**envelope, **changes}).encode()


def rejected(headers: dict[str, str], raw: bytes) -> str:
    with pytest.raises(WebhookRejected) as caught:
        verify(headers, raw, keys=KEYS, now=NOW)
    return caught.value.reason


def test_the_published_vector_verifies_and_names_no_order():
    headers = {
        "svix-id": str(PUBLISHED["id"]),
        "svix-timestamp": str(PUBLISHED["timestamp"]),
        "svix-signature": str(PUBLISHED["signature"]),
    }
    keys = signing_keys(SecretStr(str(PUBLISHED["secret"])))
    raw = PUBLISHED["body"]
    assert isinstance(raw, bytes)
    # Whatever is wrong with the signature is told before what is wrong with the body.
    for now, reason in (
        (datetime.fromtimestamp(1614265330, UTC), "unreadable"),
        (NOW, "timestamp_out_of_tolerance"),
    ):
        with pytest.raises(WebhookRejected, match=reason):
            verify(headers, raw, keys=keys, now=now)
    with pytest.raises(WebhookRejected, match="signature_mismatch"):
        verify(headers, raw + b" ", keys=keys, now=NOW)


def test_an_order_event(wire: Wire):
    raw = event()
    assert wire.provider().verify(signed(raw), raw, NOW) == Nudge(
        ref=ORDER_ID, dedupe_key="msg_1", type="orders.payment.succeeded"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"data": {"order": order()}},
        {"data": None, "payload": order()},
        {"data": {}, "payload": {"order": order()}},
        {"type": {"x": 1}},
        {"type": None, "actionId": None, "timestamp": None},
    ],
)
def test_each_envelope(changes: dict[str, Any]):
    raw = event(**changes)
    nudge = verify(signed(raw), raw, keys=KEYS, now=NOW)
    assert nudge.ref == ORDER_ID
    assert nudge.type == ("unknown" if "type" in changes else "orders.payment.succeeded")


def test_every_secret_and_every_signature_counts():
    raw = event()
    ours = signature(raw, key=KEYS[1])
    wrong = base64.b64encode(b"0" * 32).decode()
    for listed in (
        f"v1,{ours}",
        f"v1,{wrong} v1,{ours}",
        f"v1a,{wrong} v1,{ours} v2,x",
        f"v1,short v1,{ours} ",
    ):
        assert verify({**signed(raw), "svix-signature": listed}, raw, keys=KEYS, now=NOW).ref == ORDER_ID


def test_a_retired_secret_no_longer_counts():
    raw = event()
    with pytest.raises(WebhookRejected, match="signature_mismatch"):
        verify(signed(raw, key=KEYS[1]), raw, keys=KEYS[:1], now=NOW)
    with pytest.raises(WebhookRejected, match="signature_mismatch"):
        verify(signed(raw, key=b""), raw, keys=(), now=NOW)


@pytest.mark.parametrize(
    ("age", "accepted"), [(300, True), (301, False), (-300, True), (-301, False), (0, True)]
)
def test_both_edges_of_the_tolerance(age: int, accepted: bool):
    raw = event()
    now = NOW + timedelta(seconds=age)
    if accepted:
        assert verify(signed(raw), raw, keys=KEYS, now=now).ref == ORDER_ID
        return
    with pytest.raises(WebhookRejected, match="timestamp_out_of_tolerance"):
        verify(signed(raw), raw, keys=KEYS, now=now)


def test_id_timestamp_and_raw_bytes_are_what_is_signed():
    raw = json.dumps({"data": {**order(), "note": "Café ☕"}}, ensure_ascii=False).encode()
    assert b"\\u" not in raw
    assert verify(signed(raw), raw, keys=KEYS, now=NOW).ref == ORDER_ID
    assert rejected(signed(raw), json.dumps(json.loads(raw)).encode()) == "signature_mismatch"
    assert rejected({**signed(raw), "svix-id": "msg_2"}, raw) == "signature_mismatch"
    assert rejected({**signed(raw), "svix-timestamp": str(T + 1)}, raw) == "signature_mismatch"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        b'{"data": 1}',
        b'{"data": {"order": []}}',
        b'{"data": {"orderId": 7}}',
        b'{"data": {"orderId": "../x"}}',
        b'{"data": {"orderId": "\\ud800"}}',
        b'{"n": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_signed_body_that_names_no_order(raw: bytes):
    assert rejected(signed(raw), raw) == "unreadable"


RAW = event()
GOOD = signed(RAW)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"svix-id": None}, "signature_missing"),
        ({"svix-timestamp": None}, "signature_missing"),
        ({"svix-signature": None}, "signature_missing"),
        ({"svix-id": ""}, "signature_malformed"),
        ({"svix-id": "msg.1"}, "signature_malformed"),
        ({"svix-id": "x" * 129}, "signature_malformed"),
        ({"svix-timestamp": "soon"}, "signature_malformed"),
        ({"svix-timestamp": "-1"}, "signature_malformed"),
        ({"svix-timestamp": "٣"}, "signature_malformed"),
        ({"svix-timestamp": "9" * 5000}, "signature_malformed"),
        ({"svix-signature": ""}, "signature_malformed"),
        ({"svix-signature": "v1"}, "signature_malformed"),
        ({"svix-signature": "v1,é"}, "signature_malformed"),
        ({"svix-signature": "v2," + GOOD["svix-signature"][3:]}, "signature_malformed"),
        ({"svix-signature": GOOD["svix-signature"][3:]}, "signature_malformed"),
        ({"svix-signature": GOOD["svix-signature"] + " x" * 5000}, "signature_malformed"),
        ({"svix-signature": "v1," + base64.b64encode(b"1" * 32).decode()}, "signature_mismatch"),
    ],
)
def test_headers_that_are_refused(changes: dict[str, str | None], reason: str):
    headers = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    assert rejected(headers, RAW) == reason


HEADER_TEXT = st.binary(max_size=40).map(lambda raw: raw.decode("latin-1"))
FRAGMENTS = st.sampled_from(["v1,", " ", ",", "=", str(T), GOOD["svix-signature"], "\ud800", "msg_1"])
ANY_HEADER = st.none() | HEADER_TEXT | st.lists(FRAGMENTS | HEADER_TEXT, max_size=5).map("".join)


@given(message=ANY_HEADER, stamp=ANY_HEADER, listed=ANY_HEADER, raw=st.binary())
def test_no_bytes_raise_anything_else(message: str | None, stamp: str | None, listed: str | None, raw: bytes):
    given_headers = {"svix-id": message, "svix-timestamp": stamp, "svix-signature": listed}
    with pytest.raises(WebhookRejected):
        verify({k: v for k, v in given_headers.items() if v is not None}, raw, keys=KEYS, now=NOW)


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "o-1", "../x", "\ud800", "é", "x" * 200])
)
NAMES = st.sampled_from(["data", "payload", "order", "orderId", "type"])
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)


@given(raw=st.binary() | BODIES.map(lambda value: json.dumps(value).encode()))
def test_nor_do_signed_ones(raw: bytes):
    try:
        nudge = verify(signed(raw), raw, keys=KEYS, now=NOW)
    except WebhookRejected as error:
        reason = error.reason
    else:
        reason = None
        assert nudge.ref == "o-1"
    assert reason in (None, "unreadable")
