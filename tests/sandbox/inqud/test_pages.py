"""The hosted page, the widget's script and what it reads."""

from __future__ import annotations

import pytest

from tests.sandbox.inqud.rig import ORDER, Rig


async def test_an_open_checkout_shows_all_that_is_needed_to_pay(rig: Rig) -> None:
    checkout = await rig.create()
    answer = await rig.http.get(checkout["acquiringUrl"])
    for expected in ("100 USD", "0.001 BTC", "Demo Store", "qr.svg", "My website balance top up"):
        assert expected in answer.text


async def test_paying_leads_to_return_url_exactly(rig: Rig) -> None:
    url = "https://shop.test/orders/1/?a=b;c&d=%2F~'()*#there"
    checkout = await rig.create(returnUrl=url)
    answer = await rig.http.post(f"{checkout['acquiringUrl']}/pay", data={"coin": "BTC"})
    assert (answer.status_code, answer.headers["location"]) == (303, url)
    after = await rig.fetch(checkout["id"])
    assert (after["status"], after["request"]["paidAmount"]["currency"]) == ("SUCCESS", "BTC")
    assert "Payment received" in (await rig.http.get(checkout["acquiringUrl"])).text


async def test_a_conflict_stays_and_says_so(rig: Rig) -> None:
    checkout = await rig.create()
    answer = await rig.http.post(f"{checkout['acquiringUrl']}/underpay")
    assert answer.headers["location"] == checkout["acquiringUrl"]
    text = (await rig.http.get(checkout["acquiringUrl"])).text
    assert "Please do not pay again" in text
    assert "<form" not in text


async def test_a_shopper_says_how_much_where_the_price_is_open(rig: Rig) -> None:
    checkout = await rig.create({**ORDER, "type": "NO_PRICE"})
    assert 'name="amount"' in (await rig.http.get(checkout["acquiringUrl"])).text
    bad = await rig.http.post(f"{checkout['acquiringUrl']}/pay", data={"amount": "much"})
    assert bad.status_code == 409
    assert 'role="alert"' in bad.text
    await rig.http.post(f"{checkout['acquiringUrl']}/pay", data={"amount": "7.5", "coin": "USDC"})
    after = await rig.fetch(checkout["id"])
    assert str(after["request"]["paidAmount"]["amount"]) == "7.5"


async def test_every_page_has_a_strict_policy_and_keeps_it(rig: Rig) -> None:
    checkout = await rig.create(name="<script>alert(1)</script>\"'")
    for path in (checkout["acquiringUrl"], "/inqud/checkout/unknown", "/"):
        answer = await rig.http.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/inqud/checkout/unknown"),
        ("POST", "/inqud/checkout/unknown/pay"),
        ("GET", "/inqud/widget/checkouts/unknown"),
        ("GET", "/inqud/widget/checkouts/unknown/qr.svg"),
        ("POST", "/inqud/widget/checkouts/unknown/pay"),
    ],
)
async def test_what_is_unknown_is_404(rig: Rig, method: str, path: str) -> None:
    assert (await rig.http.request(method, path)).status_code == 404


async def test_the_widget_pays_and_sees_nothing_that_was_attached(rig: Rig) -> None:
    checkout = await rig.create()
    url = f"/inqud/widget/checkouts/{checkout['id']}"
    seen = (await rig.http.get(url)).json()
    assert (seen["status"], seen["price"], seen["seen"]) == ("NEW", "100 USD", False)
    assert "12345676890" not in str(seen)
    headers = {"Origin": "https://pay.test"}
    paid = await rig.http.post(f"{url}/pay", data={"coin": "USDC"}, headers=headers)
    assert paid.json()["status"] == "SUCCESS"
    assert paid.headers["access-control-allow-origin"] == "*"
    again = await rig.http.post(f"{url}/pay", data={"coin": "USDC"})
    assert (again.status_code, again.json()["code"]) == (409, "CHECKOUT_CLOSED")
    assert (await rig.http.post(f"{url}/pay", data={"coin": "DOGE"})).status_code == 404
    assert (await rig.http.post(f"{url}/reverse")).status_code == 404


async def test_the_script_is_what_the_fault_says(rig: Rig) -> None:
    assert 'attachShadow({ mode: "closed" })' in (await rig.http.get("/inqud/widget.js")).text
    await rig.http.post("/_control/inqud/faults", json={"never_mounts": True})
    assert "attachShadow" not in (await rig.http.get("/inqud/widget.js")).text
    await rig.http.post("/_control/inqud/faults", json={"hostile": True})
    hostile = (await rig.http.get("/inqud/widget.js")).text
    assert "attachShadow" in hostile
    assert "__hostile" in hostile


async def test_the_console_offers_every_action(rig: Rig) -> None:
    checkout = await rig.create()
    await rig.create({**ORDER, "type": "NO_PRICE"})
    text = (await rig.http.get("/")).text
    assert f"/_control/inqud/payments/{checkout['id']}" in text
    for do in rig.sandbox.can:
        assert f'name="do" value="{do}"' in text
    assert "open price" in text
