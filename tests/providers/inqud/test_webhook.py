from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.providers.base import Nudge, WebhookRejected
from checkout_server.providers.inqud.webhook import verify
from tests.providers.inqud.support import CHECKOUT_ID, NOW, SESSION_ID, Wire, checkout, json_values

SECRETS = (b"hook-new", b"hook-old")
# The provider's published example.
VECTOR = {
    "secret": b"secret_value",
    "body": b'{"field":"value"}',
    "digest": "7e36242a10fd65cbaacd7ff288df9fd3f9e75a46",
}


def digest(raw: bytes, secret: bytes = SECRETS[0]) -> str:
    return hmac.new(secret, raw, hashlib.sha1).hexdigest()


def body(**changes: Any) -> bytes:
    return json.dumps(checkout(**changes)).encode()


def test_the_published_example_verifies():
    headers = {"x-payload-digest": VECTOR["digest"]}
    # It is no checkout: what is wrong with it is only that.
    with pytest.raises(WebhookRejected) as caught:
        verify(headers, VECTOR["body"], secrets=[VECTOR["secret"]])
    assert caught.value.reason == "unreadable"
    with pytest.raises(WebhookRejected) as wrong:
        verify(headers, VECTOR["body"] + b" ", secrets=[VECTOR["secret"]])
    assert wrong.value.reason == "signature_mismatch"


def test_a_webhook_says_where_to_look(wire: Wire):
    raw = body(status="SUCCESS")
    assert wire.provider().verify({"x-payload-digest": digest(raw)}, raw, NOW) == Nudge(
        ref=CHECKOUT_ID,
        dedupe_key=f"sha256-{hashlib.sha256(raw).hexdigest()}",
        type="checkout.success",
        reference=SESSION_ID,
    )


@pytest.mark.parametrize("secret", SECRETS)
def test_each_secret_is_good_while_they_are_rotated(secret: bytes):
    raw = body()
    assert verify({"x-payload-digest": digest(raw, secret)}, raw, secrets=SECRETS).ref == CHECKOUT_ID


@pytest.mark.parametrize("header", ["{0}, {1}", "{1},{0}", "junk, {0}", "{0},"])
def test_every_digest_of_the_header_is_tried(header: str):
    raw = body()
    value = header.format(digest(raw), digest(raw, b"another"))
    assert verify({"x-payload-digest": value}, raw, secrets=SECRETS).ref == CHECKOUT_ID


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "signature_missing"),
        ("", "signature_malformed"),
        ("0" * 39, "signature_malformed"),
        ("0" * 64, "signature_malformed"),
        ("٣" * 40, "signature_malformed"),
        ("0" * 40, "signature_mismatch"),
        (f"{'0' * 40}," * 30, "signature_malformed"),
    ],
)
def test_a_digest_that_is_not_right_is_rejected(header: str | None, reason: str):
    headers = {} if header is None else {"x-payload-digest": header}
    with pytest.raises(WebhookRejected) as caught:
        verify(headers, body(), secrets=SECRETS)
    assert caught.value.reason == reason


def test_a_changed_body_is_another(wire: Wire):
    raw = body()
    for other in (raw.replace(b": ", b":"), body(status="SUCCESS"), raw + b"\n", b""):
        with pytest.raises(WebhookRejected, match="signature_mismatch"):
            verify({"x-payload-digest": digest(raw)}, other, secrets=SECRETS)


def test_the_same_content_is_the_same_event_and_other_content_another():
    def key(raw: bytes) -> str:
        return verify({"x-payload-digest": digest(raw)}, raw, secrets=SECRETS).dedupe_key

    assert key(body()) == key(body())
    assert key(body()) != key(body(lastUpdatedAt="2026-03-01T12:00:00.000000001Z"))


@pytest.mark.parametrize(
    ("status", "kind"),
    [("CONFLICT", "checkout.conflict"), ("<b>", "unknown"), (None, "unknown"), (7, "unknown")],
)
def test_its_type_is_a_word_for_the_log(status: object, kind: str):
    raw = body(status=status)
    assert verify({"x-payload-digest": digest(raw)}, raw, secrets=SECRETS).type == kind


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"id": "../x"}', b"{}"]
)
def test_signed_nonsense_is_rejected(raw: bytes):
    with pytest.raises(WebhookRejected, match="unreadable"):
        verify({"x-payload-digest": digest(raw)}, raw, secrets=SECRETS)


@given(header=st.text(), raw=st.binary())
def test_any_bytes_and_any_header_are_rejected_in_one_way(header: str, raw: bytes):
    with pytest.raises(WebhookRejected):
        verify({"x-payload-digest": header}, raw, secrets=SECRETS)


@given(raw=st.binary())
def test_any_signed_bytes_are_a_nudge_or_rejected(raw: bytes):
    with suppress(WebhookRejected):
        verify({"x-payload-digest": digest(raw)}, raw, secrets=SECRETS)


KEYS = st.sampled_from(["id", "status", "clientOrderId"])


@given(st.dictionaries(KEYS, json_values(KEYS)))
def test_any_signed_json_is_a_nudge_or_rejected(fields: dict[str, Any]):
    raw = json.dumps(fields).encode()
    try:
        nudge = verify({"x-payload-digest": digest(raw)}, raw, secrets=SECRETS)
    except WebhookRejected:
        return
    assert nudge.ref == fields["id"]
