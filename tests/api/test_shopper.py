"""What a shopper's link can do: nudge, look, leave. And what it never shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from checkout_server.hints import ReturnHint, ReturnRejected, add_hint, verify_hint
from tests.api.shape import is_problem
from tests.world import ORDER, PAGE, RETURN_SECRET, World

FORM = {"content-type": "application/x-www-form-urlencoded"}

PRIVATE: dict[str, Any] = {
    "customer": {"email": "shopper@private.example"},
    "metadata": {"internal": "private-metadata"},
}
SECRETS = ("sk_test_demo", "whsec_", "private.example", "private-metadata", "merchant-key", RETURN_SECRET)


async def test_a_snapshot_holds_what_a_page_needs_and_no_secret(world: World) -> None:
    session = await world.create(**PRIVATE)
    shown = await world.http.get(session["url"] + "/status")
    assert set(shown.json()) == {
        "status", "final", "paid", "version", "telling", "redirect", "redirect_after_ms", "already_paid", "checking", "unavailable",
        "payable", "failure", "text", "expires_at", "now",
    }  # fmt: skip
    assert shown.headers["cache-control"] == "no-store"
    await world.do(session, "pay")
    paths = (
        "/status",
        "",
        "?view=status",
        "?view=embed",
        "?view=webview",
        "?view=popup",
        "/return",
        "/qr.svg",
    )
    for path in paths:
        answer = await world.http.get(session["url"] + path)
        assert answer.status_code == 200
        assert not [secret for secret in SECRETS if secret in answer.text], path


async def test_a_nudge_is_answered_at_once_and_looks_later(world: World) -> None:
    session = await world.create()
    await world.lever(session["provider_ref"], "pay", "drop")
    world.clock.forward(seconds=1)
    world.provider.seen.clear()
    answer = await world.http.post(session["url"] + "/refresh", json={"ref": session["provider_ref"]})
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    assert world.provider.seen == []
    assert (await world.status(session))["checking"] is True
    await world.run()
    assert (await world.status(session))["status"] == "succeeded"


async def test_checking_ends_when_nothing_comes(lite: World) -> None:
    session = await lite.create()
    await lite.http.post(session["url"] + "/refresh", json={"ref": session["provider_ref"]})
    await lite.run()
    assert (await lite.status(session))["checking"] is True
    await lite.forward(seconds=61)
    shown = await lite.status(session)
    assert (shown["checking"], shown["payable"]) == (False, True)


@pytest.mark.parametrize("body", [b"", b"  ", b"{}", b'{"ref": null}', b'{"ref": "p-1", "more": 1}'])
async def test_what_a_nudge_may_say(lite: World, body: bytes) -> None:
    session = await lite.create()
    assert (await lite.http.post(session["url"] + "/refresh", content=body)).status_code == 202


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"nope", 400), (b"[", 400), (b"[]", 422), (b'{"ref": 7}', 422), (b'{"ref": ""}', 422), (b'{"ref": "a b"}', 422),
     (b'{"ref": "\\u0000"}', 422), (b'{"ref": "../x"}', 422), (b'{"ref": "' + b"x" * 129 + b'"}', 422), (b"\xff", 400)],
)  # fmt: skip
async def test_what_it_may_not(lite: World, body: bytes, status: int) -> None:
    session = await lite.create()
    is_problem(await lite.http.post(session["url"] + "/refresh", content=body), status)


async def test_too_many_nudges(lite: World) -> None:
    session, other = await lite.create(), await lite.create(order_id="other")
    answers = [await lite.http.post(session["url"] + "/refresh") for _ in range(22)]
    assert [answer.status_code for answer in answers] == [202] * 20 + [429] * 2
    is_problem(answers[-1], 429, "too_many")
    assert answers[-1].headers["retry-after"] == "1"
    assert (await lite.http.post(session["url"] + "/leave")).status_code == 202  # nobody is kept
    assert (await lite.get(session))["left_at"] is None
    assert (await lite.http.post(other["url"] + "/refresh")).status_code == 202
    lite.clock.forward(seconds=1)
    assert (await lite.http.post(session["url"] + "/refresh")).status_code == 202


async def test_leaving_is_only_that(world: World) -> None:
    session = await world.create()
    answer = await world.http.post(session["url"] + "/leave", headers=FORM)
    assert answer.status_code == 303
    hint = verify_hint(answer.headers["location"], [RETURN_SECRET], now=world.clock())
    assert (hint.session, hint.status) == (session["id"], "open")
    assert answer.headers["location"].startswith("https://store.test/cart?")
    after = await world.get(session)
    assert (after["status"], after["left_at"]) == ("open", "2026-11-21T10:00:00.000Z")
    await world.do(session, "pay")
    assert (await world.get(session))["status"] == "succeeded"
    back = await world.http.post(session["url"] + "/leave", headers=FORM)
    assert back.headers["location"].startswith("https://store.test/done?")


async def test_a_script_is_told_where_to_go(world: World) -> None:
    session = await world.create()
    for body in (b"", b"{}"):
        answer = await world.http.post(session["url"] + "/leave", content=body)
        assert answer.status_code == 202
        assert answer.json()["redirect"].startswith("https://store.test/cart?")
    assert (await world.get(session))["left_at"] == "2026-11-21T10:00:00.000Z"
    is_problem(await world.http.post(session["url"] + "/leave", content=b"{"), 400, "not_json")


async def test_back_from_the_provider_waits_for_the_truth(world: World) -> None:
    session = await world.create()
    await world.lever(session["provider_ref"], "pay", "drop")
    world.clock.forward(seconds=1)
    async with world.moving(0.05), world.working():
        page = await world.http.get(session["url"] + "/return?outcome=return")
    assert page.status_code == 200
    assert (await world.get(session))["status"] == "succeeded"
    # It shows so at once, and leaves when the merchant has been told.
    assert '"status": "succeeded"' in page.text
    await world.forward(seconds=40)
    back = (await world.status(session))["redirect"]
    assert "checkout_status=succeeded" in back


async def test_back_from_the_provider_gives_up_after_three_seconds(world: World) -> None:
    session = await world.create()
    world.clock.forward(seconds=1)
    before = world.clock()
    async with world.moving(0.5):
        page = await world.http.get(session["url"] + "/return")
    assert page.status_code == 200
    assert "checkout_status=succeeded" not in page.text
    assert 3 <= (world.clock() - before).total_seconds() < 30


async def test_whoever_comes_back_too_often_is_shown_the_page_without_a_look(lite: World) -> None:
    session = await lite.create()
    for _ in range(20):
        await lite.http.post(session["url"] + "/refresh")
    await lite.run()
    lite.provider.seen.clear()
    assert (await lite.http.get(session["url"] + "/return")).status_code == 200
    await lite.run()
    assert lite.provider.seen == []


@pytest.mark.parametrize("path", ["?view=status", "/status"])
async def test_looking_at_the_page_is_a_nudge_now_and_then(world: World, path: str) -> None:
    session = await world.create()
    await world.lever(session["provider_ref"], "pay", "drop")
    await world.forward(seconds=6)
    world.provider.seen.clear()
    for _ in range(5):
        await world.http.get(session["url"] + path)
    assert world.provider.seen == [], "never while the shopper waits"
    await world.run()
    assert len(world.provider.seen) <= 1
    assert (await world.get(session))["status"] == "succeeded"


async def test_reports_of_the_policy_are_taken_from_anyone_and_believed_little(lite: World) -> None:
    reports: list[Any] = [
        {"csp-report": {"effective-directive": "script-src", "blocked-uri": "https://x"}},
        [{"type": "csp-violation", "body": {"effectiveDirective": "style-src", "blockedURL": "inline"}}] * 50,
        {"csp-report": {"effective-directive": "x" * 10_000}},
        [], {}, 7, "text", None, [None, 1],
    ]  # fmt: skip
    for report in reports:
        assert (await lite.http.post("/csp-report", json=report)).status_code == 204
    for raw in (b"", b"nope", b"\xff", b"[" * 50_000):
        assert (await lite.http.post("/csp-report", content=raw)).status_code == 204
    is_problem(await lite.http.post("/csp-report", content=b" " * 300_000), 413)


async def test_metrics_by_key_and_without_tokens(lite_url: str) -> None:
    async with World.open(lite_url, metrics_key="metrics-key") as world:
        session = await world.create()
        await world.status(session)
        is_problem(await world.http.get("/metrics"), 401)
        is_problem(await world.api.get("/metrics"), 401)
        answer = await world.http.get("/metrics", headers={"authorization": "Bearer metrics-key"})
        assert answer.headers["content-type"].startswith("text/plain")
        assert 'route="/checkout/{token}/status"' in answer.text
        assert session["url"].rpartition("/")[2] not in answer.text


async def test_alive_and_ready(lite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await lite.http.get("/healthz")).json() == {"status": "ok"}
    assert (await lite.http.get("/readyz")).json() == {"status": "ok"}

    async def behind(_: Any) -> bool:
        return False

    monkeypatch.setattr("checkout_server.api.health.is_current", behind)
    is_problem(await lite.http.get("/readyz"), 503, "not_migrated")
    assert (await lite.http.get("/healthz")).status_code == 200


async def test_under_a_sub_path_whether_the_proxy_strips_it_or_not(lite_url: str) -> None:
    async with World.open(lite_url, public_url=f"{PAGE}/pay") as world:
        for prefix in ("", "/pay"):
            assert (await world.http.get(f"{prefix}/healthz")).status_code == 200
            answer = await world.api.post(f"{prefix}/v1/sessions", json=ORDER)
            url = answer.json()["url"]
            assert url.startswith(f"{PAGE}/pay/checkout/")
            path = urlsplit(url).path.removeprefix("/pay")
            for after in ("", "/status", "?view=status", "/qr.svg"):
                assert (await world.http.get(prefix + path + after)).status_code == 200, (prefix, after)
            is_problem(await world.http.get(f"{prefix}/nothing"), 404, "not_found")


def _changed(url: str, name: str, value: str) -> str:
    query = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    return str(httpx.URL("https://store.test/done", params={**query, name: value}))


async def test_a_hint_that_was_touched_is_rejected(lite: World) -> None:
    session = await lite.create(order_id="a&b=c #1")
    await lite.do(session, "pay")
    url = (await lite.status(session))["redirect"]
    hint = verify_hint(url, [RETURN_SECRET], now=lite.clock())
    assert (hint.order, hint.version) == ("a&b=c #1", (await lite.get(session))["version"])
    assert not hasattr(hint, "paid")
    for name in ("session", "order", "status", "version", "t", "sig"):
        for value in ("refunded", "", "1", "é", "\ud83e", "0" * 64):
            with pytest.raises(ReturnRejected):
                verify_hint(
                    _changed(url, f"checkout_{name}", value.encode("utf-8", "replace").decode()),
                    [RETURN_SECRET],
                )
    for secrets in ([], ["other"], [""]):
        with pytest.raises(ReturnRejected):
            verify_hint(url, secrets, now=lite.clock())
    lite.clock.forward(hours=24, seconds=1)
    with pytest.raises(ReturnRejected, match="time"):
        verify_hint(url, [RETURN_SECRET], now=lite.clock())


@pytest.mark.parametrize(
    "url", ["", "http://[", "https://x/?" + "&" * 5000, "?checkout_sig=1", "\ud800", "checkout_t=x"]
)
def test_anything_else_is_no_hint(url: str) -> None:
    with pytest.raises(ReturnRejected, match="missing"):
        verify_hint(url, [RETURN_SECRET])


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("shopapp://done", "shopapp://done?checkout_session="),
        ("shopapp://", "shopapp://?checkout_session="),
        ("shopapp:///done?a=1", "shopapp:///done?a=1&checkout_session="),
        ("https://s.test/done?a=%20&b#part", "https://s.test/done?a=%20&b&checkout_session="),
        ("https://s.test?", "https://s.test?checkout_session="),
        ("https://s.test/#/done", "https://s.test/?checkout_session="),
    ],
)
async def test_the_address_itself_stays_as_it_was(lite: World, url: str, start: str) -> None:
    """An app recognises its address by how it begins, and a store reads what it wrote into it."""
    hint = ReturnHint("cs_1", "order", "succeeded", 3, lite.clock())
    made = add_hint(url, hint, "secret")
    assert made.startswith(start)
    assert made.partition("#")[2] == url.partition("#")[2]
    assert verify_hint(made, ["secret"], now=lite.clock()).session == "cs_1"
