"""Bad days on request, on the surface that was asked for and for as long as was asked."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.sandbox.fidelity import assert_error
from tests.sandbox.rig import ORDER, Rig
from tests.sandbox.test_control import assert_refused

FAULTS = "/_control/crypto_com/faults"
SDK = "/crypto_com/sdk?publishable-key=pk_test_demo"


async def fault(rig: Rig, **fields: Any) -> httpx.Response:
    return await rig.http.post(FAULTS, json=fields)


async def test_a_status_is_answered_as_often_as_asked(rig: Rig) -> None:
    assert (await fault(rig, status=503, times=2)).status_code == 201
    statuses = [(await rig.get("/payments")).status_code for _ in range(3)]
    assert statuses == [503, 503, 200]


async def test_a_status_alone_carries_nothing_out(rig: Rig) -> None:
    await fault(rig, status=500)
    assert (await rig.post("/payments", ORDER)).status_code == 500
    assert (await rig.get("/payments")).json() == []


async def test_a_request_can_be_carried_out_and_its_answer_lost(rig: Rig) -> None:
    await fault(rig, status=502, carried_out=True)
    assert (await rig.post("/payments", ORDER)).status_code == 502
    (payment,) = (await rig.get("/payments")).json()
    assert payment["order_id"] == ORDER["order_id"]


async def test_a_rate_limit_is_the_documents(rig: Rig) -> None:
    await fault(rig, status=429)
    assert_error(await rig.get("/payments"), 429, "rate_limit_error")


async def test_an_answer_can_be_cut_in_half_after_it_was_carried_out(rig: Rig) -> None:
    await fault(rig, malformed=True)
    answer = await rig.post("/payments", ORDER)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert len((await rig.get("/payments")).json()) == 1


async def test_latency_is_slept(rig: Rig) -> None:
    await fault(rig, latency_ms=1500)
    assert (await rig.get("/payments")).status_code == 200
    assert rig.time.slept == [1.5]


async def test_a_fault_stays_on_its_surface(rig: Rig) -> None:
    payment = await rig.create()
    places = {
        "api": f"/crypto_com/api/payments/{payment['id']}",
        "sdk": SDK,
        "pages": f"/crypto_com/pay/{payment['id']}",
    }
    auth = httpx.BasicAuth("sk_test_demo", "")
    for surface in places:
        await fault(rig, status=503, on=surface)
        hit = {name: (await rig.http.get(path, auth=auth)).status_code for name, path in places.items()}
        assert hit == {name: 503 if name == surface else 200 for name in places}


async def test_script_faults_change_the_script_once(rig: Rig) -> None:
    plain = (await rig.http.get(SDK)).text
    await fault(rig, hostile=True)
    assert "__hostile" in (await rig.http.get(SDK)).text
    await fault(rig, never_mounts=True)
    assert "render() {}" in (await rig.http.get(SDK)).text
    assert (await rig.http.get(SDK)).text == plain


async def test_faults_can_be_seen_and_cleared(rig: Rig) -> None:
    await fault(rig, status=503, times=9)
    await fault(rig, hostile=True)
    listed = (await rig.http.get(FAULTS)).json()["data"]
    assert listed == [{"status": 503, "times": 9, "on": "api"}, {"hostile": True, "on": "sdk", "times": 1}]
    assert (await rig.http.delete(FAULTS)).json() == {"data": []}
    assert (await rig.get("/payments")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, None),
        ({"times": 2}, None),
        ({"status": 200}, "status"),
        ({"status": "503"}, "status"),
        ({"status": 503, "times": 0}, "times"),
        ({"latency_ms": -1}, "latency_ms"),
        ({"hostile": True, "on": "api"}, None),
        ({"malformed": True, "carried_out": True}, None),
        ({"status": 503, "on": "moon"}, "on"),
        ({"slow": True}, "slow"),
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(
    rig: Rig, fields: dict[str, Any], param: str | None
) -> None:
    assert_refused(await fault(rig, **fields), 422, "invalid", param)


async def test_a_preflight_uses_no_fault_up(rig: Rig) -> None:
    await fault(rig, status=503)
    headers = {"Origin": "https://shop.test", "Access-Control-Request-Method": "POST"}
    preflight = await rig.http.options("/crypto_com/api/payments", headers=headers)
    assert preflight.status_code == 200
    answer = await rig.http.post("/crypto_com/api/payments", headers=headers)
    assert answer.status_code == 503
    # The merchant's page may read the failure, too.
    assert answer.headers["access-control-allow-origin"] == "*"
