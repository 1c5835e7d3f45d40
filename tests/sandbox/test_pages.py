"""The hosted page, the popup and the console, as HTML: what they offer in each state, and under which policy."""

from __future__ import annotations

import pytest

from tests.sandbox.rig import Rig


async def html(rig: Rig, ref: str, query: str = "") -> str:
    answer = await rig.http.get(f"/crypto_com/pay/{ref}{query}")
    assert answer.status_code == 200
    return answer.text


async def test_an_open_payment_shows_all_that_is_needed_to_pay(rig: Rig) -> None:
    payment = await rig.create()
    assert payment["payment_url"] == f"https://sandbox.test/crypto_com/pay/{payment['id']}"
    text = await html(rig, payment["id"])
    for expected in ("25.00 USD", "1894.8 CRO", "Demo Store", "03:14:05 UTC", "qr.svg"):
        assert expected in text
    assert text.count("<form") == 3


async def test_paying_leads_to_return_url_exactly(rig: Rig) -> None:
    url = "https://shop.test/orders/1/?a=b;c&d=%2F~'()*#there"
    payment = await rig.create(return_url=url)
    answer = await rig.http.post(f"/crypto_com/pay/{payment['id']}/pay")
    assert (answer.status_code, answer.headers["location"]) == (303, url)
    assert (await rig.fetch(payment["id"]))["status"] == "succeeded"
    again = await rig.http.get(f"/crypto_com/pay/{payment['id']}")
    assert again.headers["location"] == url


async def test_cancelling_leads_to_cancel_url(rig: Rig) -> None:
    payment = await rig.create()
    answer = await rig.http.post(f"/crypto_com/pay/{payment['id']}/cancel")
    assert (answer.status_code, answer.headers["location"]) == (303, payment["cancel_url"])
    assert (await rig.fetch(payment["id"]))["status"] == "cancelled"


async def test_without_addresses_the_page_says_how_it_ended(rig: Rig) -> None:
    payment = await rig.create(return_url="", cancel_url="")
    answer = await rig.http.post(f"/crypto_com/pay/{payment['id']}/pay")
    assert answer.headers["location"] == payment["payment_url"]
    assert "Paid" in await html(rig, payment["id"])


async def test_a_popup_never_leaves_and_keeps_its_opener(rig: Rig) -> None:
    payment = await rig.create()
    query = "?view=popup&origin=https%3A%2F%2Fshop.test"
    assert 'data-origin="https://shop.test"' in await html(rig, payment["id"], query)
    answer = await rig.http.post(f"/crypto_com/pay/{payment['id']}/pay{query}")
    assert answer.headers["location"] == payment["payment_url"] + query
    assert "Paid" in await html(rig, payment["id"], query)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.test/path?x", "https://shop.test"),
        ("http://127.0.0.1:8002", "http://127.0.0.1:8002"),
        ("*", ""),
        ("null", ""),
        ("javascript:alert(1)", ""),
        ("https://a;b", ""),
        ("https://user@shop.test", "https://shop.test"),
        ("http://x:99999", ""),
    ],
)
async def test_the_openers_origin_is_an_origin_or_nothing(rig: Rig, given: str, kept: str) -> None:
    payment = await rig.create()
    answer = await rig.http.get(f"/crypto_com/pay/{payment['id']}", params={"view": "popup", "origin": given})
    assert f'data-origin="{kept}"' in answer.text


@pytest.mark.parametrize(
    ("do", "words", "forms"),
    [
        ("detect", "Payment seen", 1),
        ("underpay", "12.50 USD of 25.00 USD arrived", 0),
        ("expire", "This payment has expired", 0),
        ("cancel", "You were not charged", 0),
    ],
)
async def test_each_state_says_what_it_is_and_offers_what_is_left(
    rig: Rig, do: str, words: str, forms: int
) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], do)
    text = await html(rig, payment["id"], "?view=popup")
    assert words in text
    assert text.count("<form") == forms


async def test_an_expired_payment_cannot_be_paid_from_an_old_page(rig: Rig) -> None:
    payment = await rig.create()
    rig.time.forward(600)
    assert "expired" in await html(rig, payment["id"])
    await rig.http.post(f"/crypto_com/pay/{payment['id']}/pay")
    assert "arrived late" in await html(rig, payment["id"])
    assert (await rig.fetch(payment["id"]))["status"] == "pending"


async def test_a_press_too_many_says_why(rig: Rig) -> None:
    payment = await rig.create()
    await rig.do(payment["id"], "underpay")
    answer = await rig.http.post(f"/crypto_com/pay/{payment['id']}/pay")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text


async def test_what_a_merchant_sends_is_text(rig: Rig) -> None:
    attack = "<script>alert(1)</script>\"'"
    payment = await rig.create(description=attack, order_id=attack)
    for path in (f"/crypto_com/pay/{payment['id']}", "/"):
        text = (await rig.http.get(path)).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


async def test_every_page_has_a_strict_policy_and_keeps_it(rig: Rig) -> None:
    payment = await rig.create()
    paths = ("/", "/_control/", "/crypto_com/pay/popup", f"/crypto_com/pay/{payment['id']}")
    for path in (*paths, "/crypto_com/pay/unknown"):
        answer = await rig.http.get(path)
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert "javascript:" not in answer.text


async def test_the_qr_code_keeps_its_quiet_zone_and_colours(rig: Rig) -> None:
    payment = await rig.create()
    answer = await rig.http.get(f"/crypto_com/pay/{payment['id']}/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert 'fill="#fff"' in answer.text
    assert 'stroke="#000"' in answer.text


async def test_unknown_payments_and_buttons_are_404(rig: Rig) -> None:
    payment = await rig.create()
    assert (await rig.http.get("/crypto_com/pay/unknown")).status_code == 404
    assert (await rig.http.get("/crypto_com/pay/unknown/qr.svg")).status_code == 404
    assert (await rig.http.post("/crypto_com/pay/unknown/pay")).status_code == 404
    assert (await rig.http.post(f"/crypto_com/pay/{payment['id']}/refund")).status_code == 404


async def test_the_console_offers_every_action_in_every_mode(rig: Rig) -> None:
    payment = await rig.create()
    text = (await rig.http.get("/")).text
    assert f"/_control/crypto_com/payments/{payment['id']}" in text
    for do in rig.sandbox.can:
        assert f'name="do" value="{do}"' in text
    for mode in ("send", "drop", "duplicate", "reorder", "bad_signature", "delay"):
        assert f'<option value="{mode}">' in text
