"""Webhooks and return URLs: what is accepted, and that nothing else ever escapes than the client's own errors."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_server.client import (
    ReturnHint,
    ReturnRejected,
    WebhookRejected,
    verify_return,
    verify_webhook,
)
from checkout_server.hints import add_hint
from tests.client.rig import OTHER_SECRET, SECRET, event, signed

BODY = json.dumps(event()).encode()


def rejected(headers: dict[str, str], raw: bytes, secrets: list[str]) -> str:
    with pytest.raises(WebhookRejected) as caught:
        verify_webhook(headers, raw, secrets)
    return caught.value.reason


def test_a_webhook_is_read() -> None:
    headers, raw = signed(event(status="succeeded", paid=True, version=4))
    seen = verify_webhook(headers, raw, [SECRET])
    assert (seen.id, seen.type, seen.session.version) == ("msg_1", "session.succeeded", 4)
    assert seen.session.paid
    assert seen.session.amount == Decimal("25.00")
    assert seen.at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_a_known_signature_by_hand() -> None:
    """The specification's construction, without the library: `id.timestamp.body`, HMAC-SHA256, base64."""
    now = str(int(datetime.now(UTC).timestamp()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = hmac.new(key, b"msg_9." + now.encode() + b"." + BODY, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    headers = {"Webhook-Id": "msg_9", "Webhook-Timestamp": now, "Webhook-Signature": signature}
    assert verify_webhook(headers, BODY, [SECRET]).id == "msg_9"


def test_secrets_rotate_on_either_side() -> None:
    headers, raw = signed(BODY, secret=OTHER_SECRET)
    assert verify_webhook(headers, raw, [SECRET, OTHER_SECRET]).id == "msg_1"
    both = signed(BODY)[0]["webhook-signature"] + " " + headers["webhook-signature"]
    assert verify_webhook({**headers, "webhook-signature": both}, raw, [SECRET]).id == "msg_1"


def test_signatures_of_other_versions_do_not_hide_a_good_one() -> None:
    headers, raw = signed(BODY)
    for noise in ("v2", "v1a,abc", "v1,%%%", "v1,é", ",", "v1,a,b"):
        noisy = {**headers, "webhook-signature": f"{noise} {headers['webhook-signature']}"}
        assert verify_webhook(noisy, raw, [SECRET]).id == "msg_1"


@pytest.mark.parametrize(("seconds", "accepted"), [(-310, False), (-290, True), (290, True), (310, False)])
def test_the_window_is_five_minutes_on_both_sides(seconds: int, accepted: bool) -> None:
    headers, raw = signed(BODY, at=datetime.now(UTC) + timedelta(seconds=seconds))
    if accepted:
        assert verify_webhook(headers, raw, [SECRET]).id == "msg_1"
    else:
        assert rejected(headers, raw, [SECRET]) == "time"


@pytest.mark.parametrize(
    "stamp", ["", "nan", "inf", "1e9", "-1", "9" * 12, "9" * 400, "１７６３７１９２００", "0x10", "1 0"]
)
def test_a_time_that_is_none_is_rejected(stamp: str) -> None:
    headers, raw = signed(BODY)
    assert rejected({**headers, "webhook-timestamp": stamp}, raw, [SECRET]) in ("time", "headers")


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_needed(name: str) -> None:
    headers, raw = signed(BODY)
    del headers[name]
    assert rejected(headers, raw, [SECRET]) == "headers"


@pytest.mark.parametrize("name", ["webhook-id", "body"])
def test_what_is_signed_cannot_be_changed(name: str) -> None:
    headers, raw = signed(BODY)
    if name == "body":
        raw = raw.replace(b'"paid": false', b'"paid": true')
    else:
        headers[name] = "msg_2"
    assert rejected(headers, raw, [SECRET]) == "signature"


def test_no_secret_or_the_wrong_one_accepts_nothing() -> None:
    headers, raw = signed(BODY)
    assert rejected(headers, raw, []) == "signature"
    assert rejected(headers, raw, [OTHER_SECRET]) == "signature"


@pytest.mark.parametrize("secret", ["whsec_", "", "whsec_%", "whsec_a"])
def test_a_secret_that_is_none_is_named(secret: str) -> None:
    headers, raw = signed(BODY)
    assert rejected(headers, raw, [secret]) == "secret"


def _without(name: str) -> dict[str, Any]:
    body = event()
    del body["data"][name]
    return body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"type": "session.open"}',
        b"[" * 100_000,
        {**event(), "timestamp": "yesterday"},
        {**event(), "timestamp": "2026-11-21"},
        {**event(), "type": 7},
        {**event(), "data": None},
        event(amount=25.0),
        event(amount="1e5000000000"),
        event(amount="-1"),
        event(version="4"),
        _without("paid"),
        _without("order_id"),
    ],
)
def test_signed_nonsense_is_still_rejected(body: bytes | dict[str, Any]) -> None:
    headers, raw = signed(body)
    assert rejected(headers, raw, [SECRET]) == "payload"


@given(
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "x"]),
        st.one_of(st.text(), st.just("msg_1"), st.just(str(int(datetime.now(UTC).timestamp())))),
    ),
    st.binary(),
    st.lists(st.one_of(st.just(SECRET), st.text(max_size=40)), max_size=3),
)
def test_no_bytes_and_no_headers_escape(headers: dict[str, str], raw: bytes, secrets: list[str]) -> None:
    with pytest.raises(WebhookRejected):
        verify_webhook(headers, raw, secrets)


@given(st.sampled_from(["webhook-id", "webhook-signature"]), st.text(st.characters(codec=None), min_size=1))
def test_no_text_in_an_otherwise_good_header_escapes(name: str, value: str) -> None:
    headers, raw = signed(BODY)
    with pytest.raises(WebhookRejected):
        verify_webhook({**headers, name: value}, raw, [SECRET])


def test_a_return_is_a_hint_and_never_says_paid() -> None:
    hint = ReturnHint("cs_1", "order-1", "succeeded", 3, datetime.now(UTC).replace(microsecond=0))
    url = add_hint("https://shop.example/thanks?a=1", hint, "new")
    assert verify_return(url, ["old", "new"]) == hint
    assert not hasattr(hint, "paid")
    with pytest.raises(ReturnRejected):
        verify_return(url.replace("order-1", "order-2"), ["new"])


@given(st.text())
def test_no_return_url_escapes(url: str) -> None:
    with pytest.raises(ReturnRejected):
        verify_return(url, ["secret"])


@pytest.mark.parametrize("url", ["http://[::1/x", "http://a]b/?c=d", "https://a:99999/"])
def test_no_broken_url_escapes(url: str) -> None:
    with pytest.raises(ReturnRejected):
        verify_return(url, ["secret"])
