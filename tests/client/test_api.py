"""The client on the wire: what it sends, what it repeats, and how it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from checkout_server.client import Checkout, CheckoutApiError
from tests.client.conftest import Serve
from tests.client.rig import refund, session

FIELDS: Any = {"provider": "crypto_com", "amount": "25.00", "currency": "USD", "order_id": "order-1"}


def create(client: Checkout, **changes: Any) -> Any:
    return client.create_session(**{**FIELDS, "return_url": "https://shop.example/thanks", **changes})


def test_create_sends_the_fields_the_key_and_an_idempotency_key(serve: Serve) -> None:
    server = serve(httpx.Response(201, json=session()))
    made = create(server.client())
    request = server.requests[0]
    assert (request.method, str(request.url)) == ("POST", "https://pay.example/sub/v1/sessions")
    assert request.headers["authorization"] == "Bearer k-123"
    assert len(request.headers["idempotency-key"]) >= 32
    assert json.loads(request.content) == {**FIELDS, "return_url": "https://shop.example/thanks"}
    assert (made.id, made.amount, made.currency, made.paid) == ("cs_1", Decimal("25.00"), "USD", False)
    assert made.data["amount"] == "25.00"


def test_two_creates_have_two_keys_and_a_given_key_is_used(serve: Serve) -> None:
    server = serve(*(httpx.Response(201, json=session()) for _ in range(3)))
    client = server.client()
    create(client)
    create(client)
    client.create_session(**FIELDS, idempotency_key="order-1")
    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert keys[0] != keys[1]
    assert keys[2] == "order-1"


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.ReadTimeout("slow"),
        httpx.Response(429),
        httpx.Response(503),
    ],
    ids=["refused", "reset", "slow", "429", "503"],
)
def test_a_create_is_repeated_under_the_same_key(serve: Serve, trouble: httpx.Response | Exception) -> None:
    server = serve(trouble, httpx.Response(201, json=session()))
    assert create(server.client()).id == "cs_1"
    first, second = (request.headers["idempotency-key"] for request in server.requests)
    assert first == second
    assert server.requests[0].content == server.requests[1].content


def test_patience_ends_after_three_tries(serve: Serve) -> None:
    server = serve(*(httpx.ConnectError("refused") for _ in range(3)))
    with pytest.raises(CheckoutApiError) as caught:
        create(server.client())
    assert (caught.value.type, caught.value.code, caught.value.status) == ("network", "unreachable", None)
    assert server.pauses == [0.5, 1.0]


def test_retry_after_is_followed_within_reason(serve: Serve) -> None:
    answers = [httpx.Response(429, headers={"retry-after": value}) for value in ("2", "86400")]
    server = serve(*answers, httpx.Response(200, json=session()))
    server.client().get_session("cs_1")
    assert server.pauses == [2.0, 10.0]


@pytest.mark.parametrize(
    "use",
    [
        lambda client: client.refresh("cs_1"),
        lambda client: client.cancel("cs_1"),
        lambda client: client.resolve("cs_1", "succeeded", "sent"),
        lambda client: client.deliver("cs_1"),
    ],
    ids=["refresh", "cancel", "resolve", "deliver"],
)
def test_a_write_without_a_key_is_not_repeated_once_it_was_sent(
    serve: Serve, use: Callable[[Checkout], Any]
) -> None:
    for trouble in (httpx.ReadError("reset"), httpx.Response(503)):
        server = serve(trouble)
        with pytest.raises(CheckoutApiError):
            use(server.client())
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 409, 413, 422, 500, 502])
def test_what_will_fail_again_is_not_repeated(serve: Serve, status: int) -> None:
    server = serve(httpx.Response(status))
    with pytest.raises(CheckoutApiError) as caught:
        create(server.client())
    assert caught.value.status == status
    assert len(server.requests) == 1


def test_an_error_carries_everything_that_was_said(serve: Serve) -> None:
    error = {
        "type": "request",
        "code": "amount_format",
        "message": "An amount is text.",
        "param": "amount",
        "request_id": "req_7",
    }
    server = serve(httpx.Response(422, json={"error": error}))
    with pytest.raises(CheckoutApiError, match=r"amount_format \(amount\): An amount is text") as caught:
        create(server.client())
    said = {name: getattr(caught.value, name) for name in error}
    assert said == error
    assert "k-123" not in repr(caught.value)


@pytest.mark.parametrize("body", [b"<h1>Bad gateway</h1>", b"[]", b'{"error": 1}', b'{"error": {"code": 5}}'])
def test_an_error_that_is_not_ours_is_named_by_its_status(serve: Serve, body: bytes) -> None:
    server = serve(httpx.Response(502, content=body, headers={"x-request-id": "req_9"}))
    with pytest.raises(CheckoutApiError) as caught:
        create(server.client())
    assert (caught.value.code, caught.value.status, caught.value.request_id) == (
        "unexpected_answer",
        502,
        "req_9",
    )


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"not json"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json=session(amount=25.0)),
        httpx.Response(200, json=session(amount="NaN")),
        httpx.Response(200, json=session(version=True)),
        httpx.Response(200, json=session(paid="yes")),
        httpx.Response(200, json=session(created_at="2026-11-21")),
        httpx.Response(302, headers={"location": "https://evil.example/"}),
        httpx.DecodingError("no gzip"),
    ],
)
def test_an_answer_that_is_no_session_is_an_error_of_ours(
    serve: Serve, answer: httpx.Response | Exception
) -> None:
    server = serve(answer)
    with pytest.raises(CheckoutApiError):
        server.client().get_session("cs_1")
    assert len(server.requests) == 1


def test_eighteen_decimals_stay_exact(serve: Serve) -> None:
    server = serve(httpx.Response(200, json=session(amount="42.000000000000000001", currency="CRO")))
    seen = server.client().get_session("cs_1")
    assert seen.amount == Decimal("42.000000000000000001")


def test_a_session_may_have_no_price_and_unknown_fields(serve: Serve) -> None:
    server = serve(httpx.Response(200, json=session(amount=None, currency=None, news={"a": 1})))
    seen = server.client().get_session("cs_1")
    assert seen.amount is None
    assert seen.data["news"] == {"a": 1}


def test_a_list_is_fetched_page_by_page_only_as_far_as_needed(serve: Serve) -> None:
    pages = [
        {"data": [session(id="cs_3"), session(id="cs_2")], "next": "cs_2"},
        {"data": [session(id="cs_1")], "next": None},
    ]
    server = serve(*(httpx.Response(200, json=page) for page in pages))
    found = server.client().list_sessions(status="review")
    assert next(found).id == "cs_3"
    assert len(server.requests) == 1
    assert [each.id for each in found] == ["cs_2", "cs_1"]
    assert dict(server.requests[0].url.params) == {"status": "review", "limit": "50"}
    assert dict(server.requests[1].url.params) == {"status": "review", "limit": "50", "after": "cs_2"}


def test_a_refund_needs_no_amount_and_always_has_a_key(serve: Serve) -> None:
    server = serve(httpx.Response(201, json=refund()), httpx.Response(201, json=refund()))
    client = server.client()
    given = client.refund("cs_1")
    client.refund("cs_1", "10.00", "late", idempotency_key="ticket-1")
    assert (given.amount, given.status) == (Decimal("10.00"), "pending")
    assert json.loads(server.requests[0].content) == {}
    assert server.requests[0].headers["idempotency-key"]
    assert json.loads(server.requests[1].content) == {"amount": "10.00", "reason": "late"}
    assert server.requests[1].headers["idempotency-key"] == "ticket-1"


@pytest.mark.parametrize(
    ("use", "path", "body"),
    [
        (lambda client: client.refresh("cs_1"), "cs_1/refresh", None),
        (lambda client: client.cancel("cs_1"), "cs_1/cancel", None),
        (
            lambda client: client.resolve("cs_1", "failed", "no"),
            "cs_1/resolve",
            {"status": "failed", "note": "no"},
        ),
        # An id from outside stays one segment of the path.
        (lambda client: client.cancel("../x?y"), "..%2Fx%3Fy/cancel", None),
    ],
)
def test_paths_and_bodies(serve: Serve, use: Callable[[Checkout], Any], path: str, body: Any) -> None:
    server = serve(httpx.Response(200, json=session()))
    use(server.client())
    request = server.requests[0]
    assert request.url.raw_path.decode() == f"/sub/v1/sessions/{path}"
    assert (json.loads(request.content) if request.content else None) == body


@pytest.mark.parametrize(
    ("use", "param"),
    [
        (lambda client: create(client, amount=25.0), "amount"),
        (lambda client: create(client, amount=Decimal("25.00")), "amount"),
        (lambda client: client.refund("cs_1", 10), "amount"),
        (lambda client: create(client, idempotency_key="order 7"), "idempotency_key"),
        (lambda client: create(client, idempotency_key=""), "idempotency_key"),
        (lambda client: client.refund("cs_1", idempotency_key="é"), "idempotency_key"),
        (lambda client: client.get_session(""), "session_id"),
        (lambda client: client.cancel(".."), "session_id"),
        (lambda client: client.resolve_refund("cs_1", ".", "failed"), "refund_id"),
        (lambda client: client.payments(""), "provider"),
        (lambda client: create(client, options={"at": Decimal(1)}), None),
        (lambda client: create(client, options={"at": float("nan")}), None),
        (lambda client: create(client, description="\ud800"), None),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_sent(
    serve: Serve, use: Callable[[Checkout], Any], param: str | None
) -> None:
    server = serve()
    with pytest.raises(CheckoutApiError) as caught:
        use(server.client())
    assert (caught.value.type, caught.value.param, caught.value.status) == ("request", param, None)
    assert server.requests == []


@pytest.mark.parametrize(("url", "key"), [("pay.example", "k"), ("https://pay.example", "k\n")])
def test_what_can_never_be_sent_is_not_tried_again(serve: Serve, url: str, key: str) -> None:
    server = serve(httpx.UnsupportedProtocol("no scheme"), httpx.LocalProtocolError("a line break"))
    client = server.client(url, key)
    for _ in range(2):
        with pytest.raises(CheckoutApiError, match="cannot be reached"):
            create(client)
    assert server.pauses == []


def test_purge_and_providers(serve: Serve) -> None:
    server = serve(
        httpx.Response(200, json={"sessions": 7}),
        httpx.Response(200, json={"data": [{"name": "crypto_com"}]}),
        httpx.Response(200, json={"sessions": True}),
        httpx.Response(200, json={"data": [7]}),
    )
    client = server.client()
    assert client.purge(older_than_days=365) == 7
    assert json.loads(server.requests[0].content) == {"older_than_days": 365}
    assert client.providers() == [{"name": "crypto_com"}]
    assert [request.url.path for request in server.requests] == ["/sub/v1/purge", "/sub/v1/providers"]
    with pytest.raises(CheckoutApiError, match="sessions is missing"):
        client.purge(older_than_days=365)
    with pytest.raises(CheckoutApiError, match="not a list of objects"):
        client.providers()


def test_deliver_and_payments(serve: Serve) -> None:
    server = serve(
        httpx.Response(200, json={"messages": 2}),
        httpx.Response(200, json={"data": [{"provider_ref": "pay_1"}]}),
        httpx.Response(200, json={}),
    )
    client = server.client()
    assert client.deliver("cs_1") == 2
    assert client.payments("crypto_com", limit=5) == [{"provider_ref": "pay_1"}]
    assert str(server.requests[1].url).endswith("/v1/providers/crypto_com/payments?limit=5")
    with pytest.raises(CheckoutApiError, match="messages is missing"):
        client.deliver("cs_1")


def test_a_refund_is_resolved_by_a_person(serve: Serve) -> None:
    server = serve(httpx.Response(200, json=refund(status="succeeded")))
    given = server.client().resolve_refund("cs_1", "re/1", "succeeded")
    assert given.status == "succeeded"
    assert server.requests[0].url.raw_path == b"/sub/v1/sessions/cs_1/refunds/re%2F1/resolve"
    assert json.loads(server.requests[0].content) == {"status": "succeeded"}
