"""What the checkout page shows of an order: all that a wallet needs, without any script."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from checkout_server.assets import folder
from checkout_server.pages import PageSession
from tests.pages.markup import Document, Element
from tests.pages.samples import fake_engines, pages, session
from tests.providers.cryptopay.support import ADDRESS, CONTRACT

LINK = f"ethereum:{CONTRACT}@8453/transfer?address={ADDRESS}&uint256=25000000"
COMPONENT = {
    "address": ADDRESS,
    "amount": "25",
    "currency": "USDC",
    "network": "Base",
    "qr": LINK,
    "wallet_url": LINK,
}


def shown(tmp_path: Path, locale: str = "en", **component: object) -> Document:
    of: PageSession = session(
        "open", locale, provider="cryptopay", provider_title="CryptoPay", component={**COMPONENT, **component}
    )
    return Document(pages(fake_engines(tmp_path), prefix="/pay").render_checkout(of).html)


def within(document: Document, tag: str) -> list[Element]:
    """Elements of the component."""
    return [
        item for item in document.all(tag) if any(up.attrs.get("id") == "component" for up in item.parents)
    ]


def test_amount_network_address_and_code_are_in_the_html(tmp_path: Path) -> None:
    document = shown(tmp_path)
    component = document.id("component")
    assert document.id("pay-amount").text == "25"
    assert document.id("pay-address").text == ADDRESS
    assert document.id("pay-network").text == "Base"
    assert "Send only USDC, and only on Base" in component.text
    (image,) = within(document, "img")
    assert image.attrs["src"] == "/pay/checkout/tok_8Jc2mQ/qr.svg"
    assert image.attrs["alt"]
    assert image.attrs["width"] == image.attrs["height"]  # its place is kept
    assert [link.attrs["href"] for link in within(document, "a")] == [LINK]
    assert [button.attrs["data-of"] for button in within(document, "button")] == ["pay-amount", "pay-address"]


def test_without_a_payment_link_the_address_is_enough(tmp_path: Path) -> None:
    document = shown(tmp_path, qr=ADDRESS, wallet_url=None)
    assert within(document, "a") == []
    assert document.id("pay-address").text == ADDRESS


@pytest.mark.parametrize("locale", ["de", "es", "fr", "ar"])
def test_every_word_is_translated(tmp_path: Path, locale: str) -> None:
    text = shown(tmp_path, locale).id("component").text
    assert "This page" not in text
    assert "fees" not in text
    # What is copied is the same in every language.
    assert ADDRESS in text
    assert "25" in text


def test_without_an_address_there_is_only_the_providers_page(tmp_path: Path) -> None:
    document = shown(tmp_path, address=None)
    assert within(document, "img") == []
    assert "data-prominent" in document.id("hosted").attrs


def test_what_the_provider_says_stays_text(tmp_path: Path) -> None:
    document = shown(tmp_path, network='"><script>alert(1)</script>')
    assert document.id("pay-network").text == '"><script>alert(1)</script>'


@pytest.mark.parametrize(("name", "budget"), [("cryptopay.js", 1000), ("cryptopay.css", 1400)])
def test_size(name: str, budget: int) -> None:
    """Bytes after gzip, exactly as the file is shipped."""
    file = folder("static") / "providers" / name
    assert len(gzip.compress(file.read_bytes(), 9, mtime=0)) <= budget
