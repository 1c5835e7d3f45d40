"""The button and the payment pages in a real browser, on a merchant's page with a strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox import live

pytestmark = pytest.mark.browser

Payment = dict[str, Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with live.browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with live.sandbox() as url:
        yield url


@pytest.fixture(scope="module")
def shop(sandbox: str) -> Iterator[str]:
    with live.shop(sandbox) as url:
        yield url


@pytest.fixture
def page(browser: Browser, sandbox: str) -> Iterator[Page]:
    httpx.delete(f"{sandbox}/_control/crypto_com/faults").raise_for_status()
    context = browser.new_context()
    yield context.new_page()
    context.close()


def create(sandbox: str, **fields: str) -> Payment:
    answer = httpx.post(
        f"{sandbox}/crypto_com/api/payments",
        auth=("sk_test_demo", ""),
        data={"amount": "2500", "currency": "USD", **fields},
    )
    payment: Payment = answer.raise_for_status().json()
    return payment


def fetch(sandbox: str, ref: str) -> Payment:
    answer = httpx.get(f"{sandbox}/crypto_com/api/payments/{ref}", auth=("sk_test_demo", ""))
    payment: Payment = answer.raise_for_status().json()
    return payment


def fault(sandbox: str, **fields: Any) -> None:
    httpx.post(f"{sandbox}/_control/crypto_com/faults", json=fields).raise_for_status()


def until(page: Page, expression: str) -> None:
    """Playwright's own waiting evaluates text in the page, which the page's policy forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def test_the_button_pays_through_its_popup(sandbox: str, shop: str, page: Page) -> None:
    payment = create(sandbox)
    page.goto(f"{shop}/?payment={payment['id']}")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Pay with Crypto.com").click()
    popup = opened.value
    expect(popup.get_by_role("heading", name="25.00 USD")).to_be_visible()
    expect(popup.get_by_role("img", name="QR code")).to_be_visible()
    popup.get_by_role("button", name="Pay", exact=True).click()
    expect(page.locator("#approved")).to_have_text(f"{payment['id']} succeeded")
    popup.wait_for_event("close")
    assert page.evaluate("window.violations") == []
    assert page.locator("#errors").text_content() == ""


def test_a_payment_confirmed_elsewhere_reaches_the_button(sandbox: str, shop: str, page: Page) -> None:
    payment = create(sandbox)
    page.goto(f"{shop}/?payment={payment['id']}")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Pay with Crypto.com").click()
    expect(opened.value.get_by_role("heading", name="25.00 USD")).to_be_visible()
    httpx.post(
        f"{sandbox}/_control/crypto_com/payments/{payment['id']}", json={"do": "pay"}
    ).raise_for_status()
    expect(page.locator("#approved")).to_have_text(f"{payment['id']} succeeded")


def test_the_browser_can_create_the_payment(sandbox: str, shop: str, page: Page) -> None:
    page.goto(f"{shop}/?create=yes")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Pay with Crypto.com").click()
    popup = opened.value
    popup.wait_for_url("**/pay/*-*")
    ref = popup.locator("main").get_attribute("data-id")
    assert ref is not None
    payment = fetch(sandbox, ref)
    assert (payment["amount"], payment["order_id"]) == (100, "o-1")
    assert payment["metadata"] == {"size": "XL"}


def test_a_second_popup_is_refused_until_the_first_is_closed(sandbox: str, shop: str, page: Page) -> None:
    page.goto(f"{shop}/?payment={create(sandbox)['id']}")
    button = page.get_by_role("button", name="Pay with Crypto.com")
    with page.expect_popup() as opened:
        button.click()
    button.click()
    expect(page.locator("#errors")).to_contain_text("Close Old payment QR Code window then try again")
    opened.value.close()
    with page.expect_popup() as opened:
        button.click()
    expect(opened.value.get_by_role("heading", name="25.00 USD")).to_be_visible()


def test_a_blocked_popup_is_noticeable(sandbox: str, shop: str, page: Page) -> None:
    page.add_init_script("window.open = () => null")
    page.goto(f"{shop}/?payment={create(sandbox)['id']}")
    page.get_by_role("button", name="Pay with Crypto.com").click()
    expect(page.get_by_role("alert")).to_contain_text("blocked the payment window")
    expect(page.locator("#errors")).to_contain_text("blocked by the browser")


def test_an_unknown_payment_closes_the_popup_and_says_so(shop: str, page: Page) -> None:
    page.goto(f"{shop}/?payment=unknown")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Pay with Crypto.com").click()
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    expect(page.get_by_role("alert")).to_contain_text("could not be started")
    expect(page.locator("#errors")).to_contain_text("does not exist")


def test_the_button_speaks_the_language_it_is_given(sandbox: str, shop: str, page: Page) -> None:
    page.goto(f"{shop}/?payment={create(sandbox)['id']}&lang=es-ES")
    expect(page.get_by_role("button", name="Pagar con Crypto.com")).to_be_visible()


def test_a_message_from_another_window_approves_nothing(sandbox: str, shop: str, page: Page) -> None:
    payment = create(sandbox)
    page.goto(f"{shop}/?payment={payment['id']}")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Pay with Crypto.com").click()
    expect(opened.value.get_by_role("heading", name="25.00 USD")).to_be_visible()
    forged = {"source": "cryptopay", "type": "approved", "id": payment["id"]}
    page.evaluate("message => window.postMessage(message, '*')", forged)
    page.wait_for_timeout(300)
    assert page.locator("#approved").text_content() == ""


def test_a_hostile_component_gets_nowhere_under_a_strict_policy(sandbox: str, shop: str, page: Page) -> None:
    fault(sandbox, hostile=True)
    page.goto(f"{shop}/?payment={create(sandbox)['id']}")
    until(page, "Object.keys(window.__hostile).length === 8")
    assert set(page.evaluate("Object.values(window.__hostile)")) == {"blocked"}
    violated = set(page.evaluate("window.violations"))
    assert {"style-src-elem", "style-src-attr", "script-src", "script-src-elem"} <= violated
    assert {"script-src-attr", "connect-src", "img-src"} <= violated
    expect(page.get_by_role("button", name="Pay with Crypto.com")).to_be_visible()


def test_a_hostile_component_does_harm_without_a_policy(sandbox: str, shop: str, page: Page) -> None:
    """Else the test above would prove nothing."""
    fault(sandbox, hostile=True)
    page.goto(f"{shop}/careless?payment={create(sandbox)['id']}")
    until(page, "window.__hostile.markup_handler === 'ran'")
    found = page.evaluate("window.__hostile")
    for attempt in ("style_element", "style_attribute", "eval", "new_function", "inline_script"):
        assert found[attempt] == "ran", attempt


def test_a_component_that_never_mounts_draws_nothing(sandbox: str, shop: str, page: Page) -> None:
    fault(sandbox, never_mounts=True)
    page.goto(f"{shop}/?payment={create(sandbox)['id']}")
    until(page, "window.cryptopay !== undefined")
    assert page.locator("#pay-button").inner_html() == ""
    assert page.locator("#errors").text_content() == ""


@pytest.mark.parametrize("javascript", [True, False])
def test_the_hosted_page_pays_and_returns_with_and_without_script(
    sandbox: str, shop: str, browser: Browser, javascript: bool
) -> None:
    back = f"{shop}/back?order=1&sig=a%2Fb;c"
    payment = create(sandbox, return_url=back, cancel_url=f"{shop}/back?no")
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    page.goto(payment["payment_url"])
    page.get_by_role("button", name="Pay", exact=True).click()
    page.wait_for_url(back)
    assert page.url == back
    context.close()


def test_the_hosted_page_leaves_when_it_is_paid_elsewhere(sandbox: str, shop: str, page: Page) -> None:
    payment = create(sandbox, return_url=f"{shop}/back?paid")
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(payment["payment_url"])
    expect(page.locator("#left")).to_contain_text("left")
    httpx.post(
        f"{sandbox}/_control/crypto_com/payments/{payment['id']}", json={"do": "pay"}
    ).raise_for_status()
    page.wait_for_url(f"{shop}/back?paid")
    assert [text for text in problems if "policy" in text.lower() and "/pay/" in text] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_fit_their_window(sandbox: str, page: Page, width: int) -> None:
    payment = create(sandbox, amount=str(10**20 + 1), currency="CRO", description="A long name " * 9)
    page.set_viewport_size({"width": width, "height": 700})
    for address in (payment["payment_url"], f"{payment['payment_url']}?view=popup", f"{sandbox}/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_the_console_pays(sandbox: str, page: Page) -> None:
    payment = create(sandbox, description="Console test")
    page.goto(sandbox)
    article = page.get_by_role("article").filter(has_text=payment["id"])
    article.get_by_label("Webhook").select_option("duplicate")
    article.get_by_role("button", name="Pay", exact=True).click()
    expect(article.get_by_text("succeeded")).to_be_visible()
    article.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be cancelled")
