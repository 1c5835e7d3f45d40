"""Everything a merchant can get wrong: one clear error each, nothing stored, nothing sent, nothing echoed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from checkout_server.store.tables import attempts, events, idempotency, sessions
from tests.api.shape import is_problem
from tests.world import KEY, ORDER, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
MARK = "echo-of-the-input"
JSON = {"content-type": "application/json"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One for all: whatever is refused here leaves it as it was, and each test makes sure."""
    path = tmp_path_factory.mktemp("shop") / "checkout.sqlite3"
    async with World.open(f"sqlite:///{path}") as opened:
        yield opened


async def nothing_happened(world: World) -> None:
    for table in (sessions, attempts, events, idempotency):
        assert await world.count(table) == 0, table.name
    assert world.provider.seen == []


@pytest.mark.parametrize("amount", [25.0, 25, 25.5, True, 0, -1, 1e400, None, [], {}, ["25.00"]])
async def test_an_amount_that_is_not_text(shop: World, amount: Any) -> None:
    body = json.dumps({**ORDER, "amount": amount})
    answer = await shop.api.post("/v1/sessions", content=body, headers=JSON)
    is_problem(answer, 422, param="amount")
    await nothing_happened(shop)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-25.00", "amount_format"),
        ("+25.00", "amount_format"),
        ("0", "amount_not_positive"),
        ("0.00", "amount_not_positive"),
        ("25.001", "amount_sub_unit"),
        ("0.009", "amount_sub_unit"),
        ("1e2", "amount_format"),
        ("1,000.00", "amount_format"),
        ("1_000", "amount_format"),
        (" 25.00", "amount_format"),
        ("25.00\n", "amount_format"),
        ("٢٥", "amount_format"),
        ("25.", "amount_format"),
        (".5", "amount_format"),
        ("025", "amount_format"),
        ("NaN", "amount_format"),
        ("Infinity", "amount_format"),
        ("", "amount_format"),
        ("9" * 40, "amount_too_large"),
        ("9" * 65, "field_invalid"),
    ],
)
async def test_an_amount_that_is_not_exact(shop: World, amount: str, code: str) -> None:
    answer = await shop.api.post("/v1/sessions", json={**ORDER, "amount": amount})
    is_problem(answer, 422, code, "amount")
    await nothing_happened(shop)


async def test_a_yen_has_no_parts(shop: World) -> None:
    answer = await shop.api.post("/v1/sessions", json={**ORDER, "amount": "2500.5", "currency": "JPY"})
    is_problem(answer, 422, "amount_sub_unit", "amount")
    await nothing_happened(shop)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("currency", "XXX", "currency_unknown"),
        ("currency", "usd", "currency_unknown"),
        ("currency", "U\0D", "currency_unknown"),
        ("currency", 840, "field_invalid"),
        ("provider", "paypal", "provider_unknown"),
        ("provider", "", "field_invalid"),
        ("provider", "../crypto_com", "provider_unknown"),
        ("order_id", "", "field_invalid"),
        ("order_id", 1001, "field_invalid"),
        ("order_id", "a" * 201, "field_invalid"),
        ("order_id", "a\0b", "field_invalid"),
        ("order_id", "a\ud800b", "field_invalid"),
        ("order_id", "a\x1bb", "field_invalid"),
        ("description", "x" * 501, "field_invalid"),
        ("description", "\0", "field_invalid"),
        ("locale", "not a locale", "field_invalid"),
        ("locale", "../../etc", "field_invalid"),
        ("locale", "e", "field_invalid"),
        ("locale", "en\n", "field_invalid"),
        ("locale", "x" * 36, "field_invalid"),
        ("locale", 7, "field_invalid"),
        ("expires_in", 59, "expires_in_range"),
        ("expires_in", 0, "expires_in_range"),
        ("expires_in", -600, "expires_in_range"),
        ("expires_in", 30 * 86400 + 1, "expires_in_range"),
        ("expires_in", 10**30, "expires_in_range"),
        ("expires_in", 600.0, "field_invalid"),
        ("expires_in", True, "field_invalid"),
        ("expires_in", "600", "field_invalid"),
        ("metadata", {str(n): "" for n in range(51)}, "field_invalid"),
        ("metadata", [], "field_invalid"),
        ("embed_origins", ["https://a.example"] * 21, "field_invalid"),
        ("embed_origins", "https://a.example", "field_invalid"),
        ("options", [], "field_invalid"),
        ("customer", "a@b.example", "field_invalid"),
    ],
)  # fmt: skip
async def test_a_field_that_cannot_be(shop: World, field: str, value: Any, code: str) -> None:
    body = json.dumps({**ORDER, field: value})
    is_problem(await shop.api.post("/v1/sessions", content=body, headers=JSON), 422, code, field)
    await nothing_happened(shop)


@pytest.mark.parametrize(
    ("field", "value", "param"),
    [
        ("metadata", {"k": 1}, "metadata.k"),
        ("metadata", {"k": "v" * 501}, "metadata.k"),
        ("metadata", {"k": "\0"}, "metadata.k"),
        ("customer", {"email": "nobody"}, "customer.email"),
        ("customer", {"email": "a\0@b.example"}, "customer.email"),
        ("customer", {"email": "a" * 250 + "@b.example"}, "customer.email"),
        ("customer", {"name": "x"}, "customer.name"),
        ("options", {"create": "anywhere"}, "options.create"),
        ("options", {"nonsense": 1}, "options.nonsense"),
        ("options", {"customer_id": "\ud800"}, "options.customer_id"),
        ("options", {"onchain_allowed": "yes"}, "options.onchain_allowed"),
        ("surprise", MARK, "surprise"),
        ("id", "cs_mine", "id"),
    ],
)
async def test_a_part_of_a_field(shop: World, field: str, value: Any, param: str) -> None:
    body = json.dumps({**ORDER, field: value})
    answer = await shop.api.post("/v1/sessions", content=body, headers=JSON)
    is_problem(answer, 422, param=param)
    assert MARK not in answer.text
    await nothing_happened(shop)


@pytest.mark.parametrize("key", ["k" * 41, "", "a\0"])
async def test_a_metadata_key(shop: World, key: str) -> None:
    answer = await shop.api.post("/v1/sessions", json={**ORDER, "metadata": {key: "v"}})
    is_problem(answer, 422, "field_invalid")
    await nothing_happened(shop)


BAD_URLS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://a/1",
    "about:blank",
    "ftp://shop.example/",
    "otherapp://done",
    "//shop.example/done",
    "/done",
    "shop.example",
    "https:shop.example",
    "https:/shop.example",
    "https://",
    "https:///done",
    "https://user@shop.example/",
    "https://user:password@shop.example/",
    "https://shop.example\\@evil.example/",
    "https://shop.example/a b",
    "https://shop.example/\n",
    "https://shop.example/\0",
    "https://shop.example/ü",
    'https://shop.example/"onload="',
    "https://shop.example:99999/",
    "https://shop.example:/",
    "https://shop..example/",
    "https://*.example/",
    "http://a;b.example/",
    "http://a,b.example/",
    "https://[::1/",
    "https://shop.example/" + "a" * 2000,
    " https://shop.example/",
]


@pytest.mark.parametrize("field", ["return_url", "cancel_url"])
@pytest.mark.parametrize("url", BAD_URLS)
async def test_a_url_that_nobody_may_be_sent_to(shop: World, field: str, url: str) -> None:
    is_problem(await shop.api.post("/v1/sessions", json={**ORDER, field: url}), 422, param=field)
    await nothing_happened(shop)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.example",
        "https://*",
        "https://shop.example/",
        "https://shop.example/path",
        "https://shop.example?q",
        "https://shop.example#f",
        "https://user@shop.example",
        "https://shop.example:port",
        "https://SHOP.example",
        "https://shop.example;script-src",
        "https://shop.example,evil.example",
        "https://shop.example 'unsafe-inline'",
        "shop.example",
        "//shop.example",
        "null",
        "javascript:alert(1)",
        "data:,",
        "ftp://shop.example",
        "https://shop.example\n",
        "'self'",
    ],
)
async def test_an_origin_that_is_not_exact(shop: World, origin: str) -> None:
    answer = await shop.api.post(
        "/v1/sessions", json={**ORDER, "embed_origins": ["https://a.example", origin]}
    )
    error = is_problem(answer, 422)
    assert error["param"].startswith("embed_origins")
    await nothing_happened(shop)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"nope", b"[]", b"[{}]", b'"text"', b"null", b"1", b'{"provider": "crypto_com"', b"\xff\xfe{}",
        b"[" * 50_000, b'{"a":' * 20_000, b"1" * 5000, b'{"\\ud800": 1}', b"provider=crypto_com",
    ],
)  # fmt: skip
async def test_a_body_that_is_no_json_object(shop: World, body: bytes) -> None:
    is_problem(await shop.api.post("/v1/sessions", content=body, headers=JSON), 400)
    await nothing_happened(shop)


async def test_json_under_another_name(shop: World) -> None:
    answer = await shop.api.post(
        "/v1/sessions", content=json.dumps(ORDER), headers={"content-type": "text/plain"}
    )
    is_problem(answer, 400, "not_json")
    await nothing_happened(shop)


@pytest.mark.parametrize("missing", ["provider", "amount", "currency", "order_id", "return_url"])
async def test_what_is_missing_is_named(shop: World, missing: str) -> None:
    body = {name: value for name, value in ORDER.items() if name != missing}
    is_problem(await shop.api.post("/v1/sessions", json=body), 422, param=missing)
    await nothing_happened(shop)


async def test_forty_megabytes_announced(shop: World) -> None:
    answer = await shop.api.post("/v1/sessions", content=b" " * 40_000_000, headers=JSON)
    is_problem(answer, 413, "too_large")
    await nothing_happened(shop)


async def test_forty_megabytes_in_pieces_are_not_read_to_the_end(shop: World) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(640):
            sent += 65536
            yield b" " * 65536

    answer = await shop.api.post("/v1/sessions", content=pieces(), headers=JSON)
    is_problem(answer, 413, "too_large")
    assert sent < 1_000_000
    await nothing_happened(shop)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {KEY}", KEY, f"Bearer {KEY}x"]
)
async def test_a_key_that_is_none(shop: World, header: str) -> None:
    for path in ("/v1/sessions", "/v1/providers", "/v1/sessions/cs_unknown"):
        is_problem(await shop.http.get(path, headers={"authorization": header}), 401, "key_invalid")
    answer = await shop.http.post("/v1/sessions", json=ORDER, headers={"authorization": header})
    is_problem(answer, 401)
    await nothing_happened(shop)


async def test_each_key_opens_and_none_given_does_not(shop: World) -> None:
    is_problem(await shop.http.get("/v1/providers"), 401)
    for key in (KEY, "second-key"):
        answer = await shop.http.get("/v1/providers", headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == 200
    odd = await shop.http.get("/v1/providers", headers={b"authorization": b"Bearer \xff\xfe"})
    is_problem(odd, 401)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "after=" + "x" * 65, "status=" + "x" * 33]
)
async def test_a_list_that_cannot_be(shop: World, query: str) -> None:
    is_problem(await shop.api.get(f"/v1/sessions?{query}"), 422, param=query.partition("=")[0])
