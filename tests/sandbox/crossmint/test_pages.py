"""The frame and the hosted page without a browser: their states, their buttons, their policy, and what the log keeps."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.sandbox.crossmint.rig import ORDER, SERVER, Rig


def actions(page: httpx.Response) -> list[str]:
    """Where the page's forms lead, by the last word of the path."""
    return [urlsplit(found).path.rpartition("/")[2] for found in re.findall(r'action="([^"]+)"', page.text)]


async def press(rig: Rig, page: httpx.Response, word: str, **form: str) -> httpx.Response:
    """A button of the page, followed to where it leads."""
    found = next(url for url in re.findall(r'action="([^"]+)"', page.text) if f"/{word}?" in url)
    answer = await rig.http.post(found.replace("&amp;", "&"), data=form)
    if answer.status_code != 303:
        return answer
    return await rig.http.get(answer.headers["location"])


async def hosted(rig: Rig, made: dict[str, Any]) -> httpx.Response:
    query = f"clientSecret={made['clientSecret']}&apiKey=ck_staging_demo"
    return await rig.http.get(f"/crossmint/sdk/2024-03-05/hosted-checkout/{made['order']['orderId']}?{query}")


async def test_declined_then_paid_in_the_frame(rig: Rig) -> None:
    made = await rig.create()
    page = await rig.embedded(made)
    assert actions(page) == ["pay", "decline"]
    page = await press(rig, page, "decline")
    assert "Your card was declined." in page.text
    page = await press(rig, page, "pay")
    assert "Paid" in page.text
    assert actions(page) == []
    assert (await rig.fetch(made["order"]["orderId"]))["payment"]["status"] == "completed"


async def test_the_hosted_page_needs_no_script_and_no_frame(rig: Rig) -> None:
    made = await rig.create()
    page = await press(rig, await hosted(rig, made), "pay")
    assert "Paid" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_the_frame_may_be_framed_and_runs_its_own_files_only(rig: Rig) -> None:
    policy = (await rig.embedded(await rig.create())).headers["content-security-policy"]
    assert "frame-ancestors http: https:" in policy
    assert "script-src 'self';" in policy


async def test_each_requirement_is_answered_in_the_frame(rig: Rig) -> None:
    made = await rig.create(recipient=None, payment={"method": "card", "currency": "usd"})
    ref = made["order"]["orderId"]
    page = await rig.embedded(made)
    assert actions(page) == ["email"]
    page = await press(rig, page, "email", email="kim@example.com")
    assert actions(page) == ["pay", "decline"]
    await rig.do(ref, "expire_quote")
    page = await press(rig, await rig.embedded(made), "requote")
    await rig.do(ref, "ask_identity")
    page = await press(rig, await rig.embedded(made), "identify")
    assert actions(page) == ["pay", "decline"]
    order = await rig.fetch(ref)
    assert (order["phase"], order["payment"]["receiptEmail"]) == ("payment", "kim@example.com")


async def test_a_press_that_comes_too_late_is_told(rig: Rig) -> None:
    made = await rig.create()
    page = await rig.embedded(made)
    await rig.do(made["order"]["orderId"], "pay")
    late = await press(rig, page, "pay")
    assert late.status_code == 409
    assert 'role="alert"' in late.text


@pytest.mark.parametrize("do", ["detect", "fail", "review_identity", "sell_out"])
async def test_where_nothing_can_be_pressed(rig: Rig, do: str) -> None:
    made = await rig.create()
    await rig.do(made["order"]["orderId"], do)
    page = await rig.embedded(made)
    assert page.status_code == 200
    assert actions(page) == []


async def test_a_component_that_never_mounts_is_an_empty_page(rig: Rig) -> None:
    made = await rig.create()
    await rig.http.post("/_control/crossmint/faults", json={"never_mounts": True})
    assert "<script" not in (await rig.embedded(made)).text
    assert "<script" in (await rig.embedded(made)).text


async def test_the_log_keeps_no_secret(rig: Rig) -> None:
    made = await rig.create()
    ref = made["order"]["orderId"]
    await rig.embedded(made)
    await hosted(rig, made)
    await rig.call(
        "GET", f"/{ref}", None, {"X-API-KEY": "ck_staging_demo", "Authorization": made["clientSecret"]}
    )
    await rig.do(ref, "pay")
    await rig.settle()
    log = (await rig.http.get("/_control/crossmint/log")).text
    shown = (await rig.http.get(f"/_control/crossmint/payments/{ref}")).text
    assert "embedded-checkout?orderId=" in log
    for secret in (made["clientSecret"], SERVER["X-API-KEY"], "pi_"):
        assert secret not in log
    assert made["clientSecret"] not in shown
    assert "preparation" not in shown
    assert made["order"]["payment"]["preparation"]


async def test_delivery_comes_by_itself() -> None:
    async with Rig(delivery_delay=2.0) as rig:
        ref = await rig.order()
        await rig.do(ref, "pay")
        assert [event["type"] for event in await rig.told()][-1] == "orders.delivery.completed"
        assert (await rig.fetch(ref))["phase"] == "completed"


async def test_the_console_has_every_lever(rig: Rig) -> None:
    await rig.order()
    assert list(rig.sandbox.can) == list(rig.sandbox.desk._acts)  # type: ignore[attr-defined]
    page = (await rig.http.get("/")).text
    for do in rig.sandbox.can:
        assert f'name="do" value="{do}"' in page
    assert ">Fail delivery</button>" in page


async def test_levers_that_do_not_fit_say_so(rig: Rig) -> None:
    ref = await rig.order()
    assert (await rig.do(ref, "deliver")).status_code == 409
    assert (await rig.do(ref, "pay", amount="1.00")).status_code == 422
    assert (await rig.do(ref, "expire")).json()["error"]["supported"] == list(rig.sandbox.can)
    await rig.do(ref, "pay")
    assert (await rig.do(ref, "refund", amount="1.001")).status_code == 422
    assert (await rig.do(ref, "sell_out")).status_code == 409


async def test_fields_are_tampered_with_at_any_depth(rig: Rig) -> None:
    ref = await rig.order()
    url = f"/_control/crossmint/payments/{ref}/tamper"
    await rig.http.post(url, json={"quote": {"totalPrice": {"amount": "24.99"}}})
    order = await rig.fetch(ref)
    assert order["quote"] == {"status": "valid", "totalPrice": {"amount": "24.99", "currency": "usd"}}
    await rig.http.delete(url)
    assert (await rig.fetch(ref))["quote"]["totalPrice"]["amount"] == "25.00"


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_errors_are_the_providers_own(rig: Rig, status: int) -> None:
    await rig.http.post("/_control/crossmint/faults", json={"status": status})
    answer = await rig.call("POST", "", ORDER)
    assert answer.status_code == status
    assert answer.text.startswith("<h1>" if status >= 500 else '{"error":true,"message":')
