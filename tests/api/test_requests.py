"""What is taken, what is not found, and what a connection may do to a request."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.types import Message

from tests.api.shape import is_problem
from tests.world import KEY, ORDER, World


async def test_whole_units_are_written_out(lite: World) -> None:
    assert (await lite.create(amount="25"))["amount"] == "25.00"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8002/done",
        "http://127.0.0.1:8002/done",
        "http://[::1]:8002/done",
        "https://SHOP.example/a?b=c&d=%20#e",
        "https://xn--mnchen-3ya.example/",
        "https://shop.example",
        "https://shop.example/it's;a=path,(really)~*",
    ],
)
async def test_every_url_that_is_taken_can_be_shown(lite: World, url: str) -> None:
    """The page puts its host into a header of policy: what is accepted here must not fail there."""
    session = await lite.create(return_url=url, cancel_url=None)
    for view in ("", "?view=embed", "?view=status", "/return"):
        assert (await lite.http.get(session["url"] + view)).status_code == 200
    back = (await lite.http.post(session["url"] + "/leave")).json()["redirect"]
    assert back.startswith(url.split("#")[0])


async def test_an_app_scheme_only_where_the_settings_name_it(lite_url: str) -> None:
    async with World.open(lite_url, app_schemes=["shopapp", "javascript"]) as world:
        assert (await world.create(return_url="shopapp://done"))["return_url"] == "shopapp://done"
        refused = await world.api.post("/v1/sessions", json={**ORDER, "return_url": "javascript:alert(1)"})
        is_problem(refused, 422, "url_scheme", "return_url")


@pytest.mark.parametrize("declared", [b"many", b"-1", b"99999999999999999999"])
async def test_a_length_that_is_none(lite: World, declared: bytes) -> None:
    headers = [(b"content-length", declared)]
    sent = await raw(
        lite, "/v1/sessions", headers, {"type": "http.request", "body": b"{}", "more_body": False}
    )
    assert sent[0]["status"] == 413


async def test_half_a_body_is_no_body(lite: World) -> None:
    """A sender that vanished asked for nothing: least of all, without its amount, for a refund of everything."""
    session = await lite.create()
    await lite.do(session, "pay")
    headers = [(b"content-length", b"20"), (b"idempotency-key", b"k"), (b"content-type", b"application/json")]
    path = f"/v1/sessions/{session['id']}/refunds"
    for before in ([], [{"type": "http.request", "body": b'{"amount"', "more_body": True}]):
        assert await raw(lite, path, headers, *before, {"type": "http.disconnect"}) == []
    assert lite.asked("POST", "/refunds") == 0
    assert (await lite.get(session))["refunds"] == []


async def test_no_keys_no_entry(lite_url: str) -> None:
    async with World.open(lite_url, api_keys=[]) as world:
        is_problem(await world.http.get("/v1/providers", headers={"authorization": "Bearer "}), 401)


async def test_unknown_links_and_sessions_say_no_more_than_that(world: World) -> None:
    session = await world.create()
    for token in ("unknown", session["id"], "x" * 3000, "%F0%9F%92%B3", "..%2f"):
        is_problem(await world.http.get(f"/checkout/{token}/status"), 404)
    is_problem(await world.api.get("/v1/sessions/cs_unknown"), 404, "session_unknown")
    is_problem(await world.api.get("/v1/sessions/" + session["url"].rpartition("/")[2]), 404)


@pytest.mark.parametrize(
    "path",
    ["/checkout/%00/status", "/checkout/a%00b", "/v1/sessions/%00", "/v1/sessions?after=%00", "/static/%00"],
)
async def test_a_nul_in_the_address(world: World, path: str) -> None:
    """PostgreSQL cannot hold one: asked for it, it fails instead of finding nothing."""
    is_problem(await world.api.get(path), 400, "address_invalid")


async def test_text_of_all_the_world_survives(world: World) -> None:
    text = "Größe 🧋 — ¥ \u202e عربي\n\ttab"
    session = await world.create(description=text, metadata={"ключ": text}, order_id="№ 1")
    kept = await world.get(session)
    assert (kept["description"], kept["metadata"], kept["order_id"]) == (text, {"ключ": text}, "№ 1")


async def raw(world: World, path: str, headers: list[tuple[bytes, bytes]], *messages: Message) -> list[Any]:
    """What the app sends for these very ASGI messages."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": None,
        "server": ("checkout.test", 80), "headers": [(b"authorization", f"Bearer {KEY}".encode()), *headers],
    }  # fmt: skip
    waiting, sent = list(messages), []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await world.app(scope, receive, send)
    return sent


async def test_what_nobody_foresaw_is_told_without_details(
    lite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"secret {KEY}")

    monkeypatch.setattr("checkout_server.api.merchant.session_json", broken)
    session = await lite.api.post("/v1/sessions", json=ORDER)
    is_problem(session, 500, "internal")
