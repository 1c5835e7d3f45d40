"""The log: every exchange both ways, in order, without keys."""

from __future__ import annotations

from typing import Any

import httpx

from checkout_server.sandbox.log import masked
from tests.sandbox.rig import ORDER, Rig


async def log(rig: Rig) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await rig.http.get("/_control/crypto_com/log")).json()["data"]
    return entries


async def test_both_directions_are_listed_in_order(rig: Rig) -> None:
    rig.answers = [500, httpx.ConnectError("down"), 200]
    payment = await rig.post("/payments", ORDER)
    await rig.settle()
    await rig.get(f"/payments/{payment.json()['id']}?x=1")
    entries = await log(rig)
    assert [(each["direction"], each["method"], each["status"]) for each in entries] == [
        ("in", "POST", 200),
        ("out", "POST", 500),
        ("out", "POST", None),
        ("out", "POST", 200),
        ("in", "GET", 200),
    ]
    assert entries[0]["path"] == "/crypto_com/api/payments"
    assert entries[1]["path"] == "/webhooks/crypto_com"
    assert entries[4]["path"].endswith("?x=1")


async def test_an_entry_has_all_that_is_needed_to_understand_it(rig: Rig) -> None:
    await rig.post("/payments", ORDER)
    await rig.settle()
    request, webhook = await log(rig)
    keys = {"direction", "method", "path", "headers", "body", "status", "at"}
    assert request.keys() == webhook.keys() == keys
    assert "amount=2500&currency=USD" in request["body"]
    assert request["at"] == "2026-01-02T03:04:05+00:00"
    assert webhook["body"].encode() == rig.inbox[0].content
    assert webhook["headers"]["pay-signature"] == rig.inbox[0].headers["Pay-Signature"]


async def test_no_key_is_listed(rig: Rig) -> None:
    await rig.get("/payments")
    await rig.http.get("/crypto_com/api/payments", headers={"Authorization": "Bearer sk_live_demo"})
    await rig.http.get("/crypto_com/api/payments", headers={"Authorization": "sk_test_demo"})
    shown = [each["headers"]["authorization"] for each in await log(rig)]
    assert shown == ["Basic ***", "Bearer ***", "***"]
    page = (await rig.http.get("/")).text
    assert "sk_" not in page
    assert "c2tfdGVzdF9kZW1v" not in page


def test_masking_knows_all_headers_that_carry_secrets() -> None:
    assert masked([("Cookie", "a=b"), ("Proxy-Authorization", "Basic x"), ("Accept", "*/*")]) == {
        "cookie": "***",
        "proxy-authorization": "Basic ***",
        "accept": "*/*",
    }


async def test_requests_that_a_fault_answered_are_listed_with_its_status(rig: Rig) -> None:
    await rig.http.post("/_control/crypto_com/faults", json={"status": 503})
    await rig.post("/payments", ORDER)
    (entry,) = await log(rig)
    assert entry["status"] == 503


async def test_the_controls_are_not_part_of_the_log(rig: Rig) -> None:
    await rig.http.get("/_control/crypto_com/payments")
    await rig.http.get("/")
    assert await log(rig) == []
