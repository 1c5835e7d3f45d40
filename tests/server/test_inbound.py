"""Webhooks from providers: kept once, believed never, answered 200 only when they are safe."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from checkout_server.store import messages
from checkout_server.store.tables import inbox
from tests.api.shape import is_problem
from tests.world import World

SECRET = "whsec_demo"


def event(ref: str, event_id: str = "evt-1", kind: str = "payment.captured", **more: Any) -> bytes:
    body = {"id": event_id, "object_type": "event", "type": kind, "data": {"object": {"id": ref, **more}}}
    return json.dumps(body, ensure_ascii=False).encode()


def signature(world: World, raw: bytes, *secrets: str, age: int = 0) -> str:
    stamp = int(world.clock().timestamp()) - age
    signed = str(stamp).encode() + b"." + raw
    digests = [hmac.new(s.encode(), signed, hashlib.sha256).hexdigest() for s in secrets or (SECRET,)]
    return ",".join([f"t={stamp}", *(f"v1={digest}" for digest in digests)])


async def send(world: World, raw: bytes, header: str | None = None, to: str = "crypto_com") -> httpx.Response:
    headers = {"pay-signature": signature(world, raw) if header is None else header}
    return await world.http.post(f"/webhooks/{to}", content=raw, headers=headers)


async def paid_in_secret(world: World) -> dict[str, Any]:
    session = await world.create()
    await world.do(session, "pay", "drop")
    async with world.ctx.database.write() as tx:
        await tx.execute(inbox.delete())
    return session


async def test_a_good_one_makes_us_look(world: World) -> None:
    session = await paid_in_secret(world)
    answer = await send(world, event(session["provider_ref"]))
    assert (answer.status_code, answer.json()) == (200, {"received": True, "duplicate": False})
    assert (await world.get(session))["status"] == "open", "only the provider's answer changes it"
    await world.run()
    assert (await world.get(session))["status"] == "succeeded"


async def test_what_it_claims_is_not_believed(world: World) -> None:
    session = await world.create()
    raw = event(session["provider_ref"], status="succeeded", amount=2500, currency="USD", captured=True)
    assert (await send(world, raw)).status_code == 200
    await world.run()
    assert (await world.get(session))["status"] == "open"


async def test_a_duplicate_is_kept_once(world: World) -> None:
    session = await paid_in_secret(world)
    raw = event(session["provider_ref"])
    first, again = await send(world, raw), await send(world, raw)
    assert (first.json()["duplicate"], again.json()["duplicate"]) == (False, True)
    assert await world.count(inbox) == 1


async def test_duplicates_at_once_are_all_answered_and_kept_once(world: World) -> None:
    session = await paid_in_secret(world)
    raw = event(session["provider_ref"])
    answers = await asyncio.gather(*(send(world, raw) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False] + [True] * 5
    assert await world.count(inbox) == 1


async def test_the_secret_while_it_is_rotated(lite: World) -> None:
    raw = event("p-1")
    assert (await send(lite, raw, signature(lite, raw, "whsec_old", SECRET))).status_code == 200
    is_problem(await send(lite, raw, signature(lite, raw, "whsec_old")), 400, "webhook_rejected")


@pytest.mark.parametrize("age", [301, -301, 10**6])
async def test_one_that_is_too_old_or_not_yet(lite: World, age: int) -> None:
    raw = event("p-1")
    is_problem(await send(lite, raw, signature(lite, raw, age=age)), 400, "webhook_rejected")
    assert (await send(lite, raw, signature(lite, raw, age=max(-300, min(age, 300))))).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "t=1", "v1=00", "t=1,v1=zz", "nonsense", "t=,v1=", "t=1,v0=" + "0" * 64, "t=1,v1=" + "0" * 64, "=,=", "x" * 5000],
)  # fmt: skip
async def test_one_that_is_not_signed(lite: World, header: str) -> None:
    error = is_problem(await send(lite, event("p-1"), header), 400, "webhook_rejected")
    assert SECRET not in str(error)
    assert await lite.count(inbox) == 0


async def test_one_without_a_signature(lite: World) -> None:
    is_problem(await lite.http.post("/webhooks/crypto_com", content=event("p-1")), 400, "webhook_rejected")


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{}", b"\xff\xfe\x00", b'{"data": 1}', b'{"data":{"object":{}}}']
)
async def test_signed_nonsense(lite: World, raw: bytes) -> None:
    is_problem(await send(lite, raw), 400, "webhook_rejected")
    assert await lite.count(inbox) == 0


async def test_a_changed_byte(lite: World) -> None:
    raw = event("p-1", description="Größe")
    header = signature(lite, raw)
    is_problem(await send(lite, raw.replace("ö".encode(), b"oe"), header), 400, "webhook_rejected")
    assert (await send(lite, raw, header)).status_code == 200


async def test_out_of_order_ends_the_same(world: World) -> None:
    session = await world.create()
    await world.do(session, "pay", "reorder")
    assert (await world.get(session))["status"] == "succeeded"
    late = event(session["provider_ref"], "evt-late", "payment.created", status="pending")
    assert (await send(world, late)).status_code == 200
    await world.run()
    assert (await world.get(session))["status"] == "succeeded"
    assert world.store.types == ["session.succeeded"]


async def test_every_way_a_network_spoils_them(world: World) -> None:
    for mode in ("duplicate", "reorder", "bad_signature", "delay", "drop"):
        session = await world.create(order_id=mode)
        await world.do(session, "pay", mode)
        await world.forward(seconds=40)
        assert (await world.get(session))["status"] == "succeeded", mode
    assert world.store.types == ["session.succeeded"] * 5


async def test_an_orphan_is_kept_for_a_person(world: World) -> None:
    assert (await send(world, event("nobody-s"))).status_code == 200
    async with world.ctx.database.read() as conn:
        found = await messages.orphans(conn, "crypto_com")
    assert [(row["ref"], row["type"]) for row in found] == [("nobody-s", "payment.captured")]


async def test_a_payment_that_is_not_bound_yet_is_found_by_our_own_id(world: World) -> None:
    await world.fault(status=500, carried_out=True)
    session = await world.create()
    async with world.ctx.database.read() as conn:
        assert await messages.orphans(conn, "crypto_com") == []
    assert {row["session_id"] for row in await world.rows(inbox)} == {session["id"]}


async def test_unknown_providers(lite: World) -> None:
    for name in ("paypal", "CRYPTO_COM", "crypto_com%00", ".."):
        answer = await send(lite, event("p-1"), to=name)
        assert answer.status_code in (400, 404)
    is_problem(await send(lite, event("p-1"), to="paypal"), 404, "provider_unknown")


async def test_no_200_before_it_is_committed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = await paid_in_secret(world)
    raw = event(session["provider_ref"])

    async def down(*_: Any, **__: Any) -> bool:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr("checkout_server.store.messages.receive", down)
        is_problem(await send(world, raw), 503, "busy")
    assert await world.count(inbox) == 0
    assert (await send(world, raw)).json() == {"received": True, "duplicate": False}


async def test_forty_megabytes(lite: World) -> None:
    is_problem(await send(lite, b" " * 40_000_000, "t=1"), 413, "too_large")
