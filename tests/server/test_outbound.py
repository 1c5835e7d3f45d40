"""Webhooks to the merchant, checked by the reference library: signed, ordered, tried on schedule, stopped when told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from checkout_server.outbound import sign
from checkout_server.schedule import WEBHOOK_RETRIES, next_delivery
from checkout_server.store import messages
from checkout_server.store.tables import outbox
from tests.world import SECRET, Store, World

OLD = "whsec_b2xkLXNlY3JldC1vZi10aGUtbWVyY2hhbnQ="


class Recorder(Store):
    """A store that also keeps the requests as they came, and may answer with headers."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self.requests: list[httpx.Request] = []
        self.headers = httpx.Headers()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        return httpx.Response(self.status, headers=self.headers)


@pytest.fixture
async def told(lite: World) -> Recorder:
    recorder = Recorder(lite)
    object.__setattr__(lite.ctx, "transport", recorder)
    return recorder


async def paid(world: World) -> dict[str, Any]:
    session = await world.create()
    await world.do(session, "pay")
    return session


def test_one_signature_for_each_secret_and_each_verifies() -> None:
    payload, now = '{"type": "session.succeeded", "name": "Größe"}', datetime.now(UTC)
    headers = sign([SECRET, OLD], "msg_1", now, payload)
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (SECRET, OLD):
        assert Webhook(secret).verify(payload, headers) == json.loads(payload)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(payload + " ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "QUJD" * 8).verify(payload, headers)


async def test_what_arrives(lite: World, told: Recorder) -> None:
    session = await paid(lite)
    (request,) = told.requests
    body = json.loads(request.content)
    assert set(body) == {"type", "timestamp", "data"}
    assert (request.method, str(request.url)) == ("POST", "http://store.test/webhooks")
    assert body["data"] == {k: v for k, v in (await lite.get(session)).items() if k != "events"}
    assert request.headers["webhook-timestamp"] == str(int(lite.clock().timestamp()))
    assert request.headers["webhook-id"].startswith("msg_")


async def test_the_schedule_to_the_second_and_the_same_id(lite: World, told: Recorder) -> None:
    told.status = 500
    await paid(lite)
    began, at = lite.clock(), [timedelta(0)]
    for pause in WEBHOOK_RETRIES:
        await lite.forward(seconds=pause.total_seconds() - 1)
        assert len(told.requests) == len(at), f"too early for {pause}"
        await lite.forward(seconds=1)
        at.append(lite.clock() - began)
        assert len(told.requests) == len(at), f"too late for {pause}"
    assert len(told.requests) == 10
    await lite.forward(days=10)
    assert len(told.requests) == 10, "after the schedule nobody is asked again"
    assert len({request.headers["webhook-id"] for request in told.requests}) == 1
    assert len({request.content for request in told.requests}) == 1
    assert len({request.headers["webhook-timestamp"] for request in told.requests}) == 10


async def test_410_means_never_again(lite: World, told: Recorder) -> None:
    told.status = 410
    await paid(lite)
    await lite.forward(days=3)
    assert len(told.requests) == 1
    assert (await lite.rows(outbox))[0]["last_error"] == "410"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_any_success_is_one(lite: World, told: Recorder, status: int) -> None:
    told.status = status
    await paid(lite)
    await lite.forward(days=3)
    assert len(told.requests) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 409, 429, 500, 503])
async def test_anything_else_is_tried_again(lite: World, told: Recorder, status: int) -> None:
    told.status = status
    await paid(lite)
    await lite.forward(seconds=5)
    assert len(told.requests) == 2


@pytest.mark.parametrize(
    ("after", "seconds"), [("60", 60), ("1", 5), ("soon", 5), ("²", 5), ("-1", 5), ("9" * 30, 86400)]
)
async def test_retry_after_is_heard_within_reason(
    lite: World, told: Recorder, after: str, seconds: int
) -> None:
    told.status, told.headers = 503, httpx.Headers([(b"retry-after", after.encode("latin-1"))])
    await paid(lite)
    row = (await lite.rows(outbox))[0]
    assert row["next_at"] == lite.clock() + timedelta(seconds=seconds)
    assert row["last_error"] == "503"


async def test_a_store_that_is_down(lite: World, told: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down", request=request)

    with monkeypatch.context() as patch:
        patch.setattr(told, "handle_async_request", refused)
        await paid(lite)
    assert (await lite.rows(outbox))[0]["last_error"] == "ConnectError"
    await lite.forward(seconds=5)
    assert len(told.requests) == 1


async def test_versions_order_what_was_told_out_of_order(world: World) -> None:
    world.store.status = 500
    session = await world.create()
    await world.do(session, "detect")
    await world.do(session, "pay")
    world.store.status = 200
    await world.forward(seconds=6)
    kinds = {event["type"]: event["data"]["version"] for event in world.store.got}
    assert kinds["session.processing"] < kinds["session.succeeded"]
    latest = max(world.store.got, key=lambda event: event["data"]["version"])
    assert latest["data"]["status"] == (await world.get(session))["status"]


async def test_sent_again_on_request_under_the_same_id(world: World) -> None:
    session = await paid(world)
    answer = await world.api.post(f"/v1/sessions/{session['id']}/deliver")
    assert answer.json() == {"messages": 1}
    await world.run()
    first, again = world.store.got
    assert first == again


async def test_no_news_no_webhook(world: World) -> None:
    session = await paid(world)
    for _ in range(5):
        await world.forward(minutes=31)
    await world.http.post(f"{session['url']}/leave")
    await world.run()
    assert world.store.types == ["session.succeeded"]
    async with world.ctx.database.read() as conn:
        assert len(await messages.deliveries(conn, session["id"])) == 1


async def test_without_an_address_nothing_is_written(lite_url: str) -> None:
    async with World.open(lite_url, webhook_url=None) as world:
        await paid(world)
        assert await world.count(outbox) == 0


def test_the_schedule_ends() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert [next_delivery(n, now) is None for n in (1, 9, 10, 11)] == [False, False, True, True]
