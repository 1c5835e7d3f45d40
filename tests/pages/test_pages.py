from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from checkout_server.assets import Assets, MissingAsset
from checkout_server.money import Money
from checkout_server.pages import Page, Pages, Site, contact_of
from checkout_server.templating import SecretInPage
from tests.pages.markup import Document
from tests.pages.samples import PANELS, assets, pages, session, snapshot

LOCALES = ("en", "de", "es", "fr", "ar")
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} </script>'


def every_page(pages: Pages, panel: str, locale: str) -> dict[str, Page]:
    of = session(panel, locale)
    return {
        "page": pages.render_checkout(of),
        "embed": pages.render_checkout(of, "embed"),
        "webview": pages.render_checkout(of, "webview"),
        "popup": pages.render_checkout(of, "popup"),
        "status": pages.render_status(of),
        "return": pages.render_return(of),
    }


def assert_strict(html: str) -> Document:
    """Well-formed, and free of everything that the policy forbids."""
    document = Document(html)
    for element in document.elements:
        assert "style" not in element.attrs, element
        assert not [name for name in element.attrs if name.startswith("on")], element
        assert not str(element.attrs.get("href", "")).lower().startswith("javascript:")
        if element.tag == "script" and element.attrs.get("type") != "application/json":
            assert element.attrs["src"], element
            assert element.attrs["nonce"], element
            assert not element.text.strip(), element
    assert not document.all("style")
    return document


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_in_every_language_and_view(pages: Pages, panel: str, locale: str) -> None:
    for view, page in every_page(pages, panel, locale).items():
        document = assert_strict(page.html)
        root = document.all("html")[0]
        assert root.attrs["lang"] == locale
        assert root.attrs["dir"] == ("rtl" if locale == "ar" else "ltr")
        main = document.id("checkout")
        assert (main.attrs["data-panel"], main.attrs["data-view"]) == (panel, view)
        sections = [item for item in document.all("section") if "data-panel" in item.attrs]
        shown = [item.attrs["data-panel"] for item in sections if not item.hidden]
        assert shown == [panel]
        if view != "status":
            assert {item.attrs["data-panel"] for item in sections} == set(PANELS)
        headlines = [item for item in document.all("h1") if not item.hidden]
        assert len(headlines) == 1
        assert headlines[0].text.strip()


def test_the_contract_with_the_scripts(pages: Pages) -> None:
    document = Document(pages.render_checkout(session("declined")).html)
    for name in (
        "progress",
        "pay",
        "component",
        "hosted",
        "leave",
        "countdown",
        "announce",
        "help",
        "continue",
    ):
        assert document.has(name), name
    assert not document.id("pay").hidden
    assert document.id("help").hidden
    assert document.id("component").attrs["data-provider"] == "crypto_com"
    assert document.id("component").attrs["data-state"] == "loading"
    assert document.id("hosted").attrs["href"] == session().hosted_url
    assert document.id("leave").attrs["action"] == "/checkout/tok_8Jc2mQ/leave"
    assert document.id("announce").attrs["aria-live"] == "polite"
    assert "href" not in document.id("continue").attrs
    assert document.id("progress").attrs["data-step"] == "0"
    slots = {item.attrs["data-text"] for item in document.elements if "data-text" in item.attrs}
    assert slots <= set(snapshot("open")["text"])


def test_data_for_the_scripts(pages: Pages) -> None:
    of = session("open", "de-AT")
    data = json.loads(Document(pages.render_checkout(of).html).id("checkout-data").text)
    assert data["snapshot"] == of.snapshot
    assert data["urls"] == {
        name: f"/checkout/tok_8Jc2mQ/{name}" for name in ("status", "events", "refresh", "leave")
    }
    assert data["component"]["payment_id"] == "fa176d2e"
    assert data["component"]["locale"] == "de-AT"
    assert data["host_origins"] == ["https://store.example"]
    assert data["assets"]["engine"] == "/static/vendor/micropython-1.0.0/"
    assert re.fullmatch(r"/static/glue-[0-9a-f]{16}\.json", data["assets"]["glue"])
    assert data["assets"]["glue_integrity"].startswith("sha384-")
    assert set(data["words"]) == {"left_5", "left_1", "left_0", "blocked_popup", "open_popup", "no_wallet"}


def test_scripts_come_in_their_order(pages: Pages) -> None:
    page = pages.render_checkout(session("open"))
    scripts = [item for item in Document(page.html).all("script") if "src" in item.attrs]
    names = [re.sub(r"-[0-9a-f]{16}", "", str(item.attrs["src"])) for item in scripts]
    assert names == [
        "/static/bridge.js",
        "/static/providers/crypto_com.js",
        "https://js.crypto.com/sdk?publishable-key=pk_test_1",
        "/static/frames.js",
        "/static/boot-micropython.js",
    ]
    # The bridge has run before the provider's script is there to fail.
    assert not any({"defer", "async"} & set(item.attrs) for item in scripts[:2])
    assert all(item.attrs["integrity"] for item in scripts[:2])
    assert "async" in scripts[2].attrs
    assert "defer" in scripts[3].attrs
    assert scripts[4].attrs["type"] == "module"
    nonces = {item.attrs["nonce"] for item in scripts}
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in page.headers["content-security-policy"]


def test_each_response_has_a_nonce_of_its_own(pages: Pages) -> None:
    one, other = (pages.render_checkout(session("open")) for _ in range(2))
    assert one.headers["content-security-policy"] != other.headers["content-security-policy"]


def test_under_a_sub_path_every_address_has_it(engines: Path) -> None:
    page = pages(engines, prefix="/pay").render_checkout(session("open"))
    own = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.html)
    assert own
    assert all(url.startswith("/pay/") for url in own)
    assert "report-uri /pay/csp-report" in page.headers["content-security-policy"]


def test_without_script_there_is_a_way(pages: Pages) -> None:
    html = pages.render_checkout(session("open")).html
    pay, look = re.findall(r"<noscript>(.*?)</noscript>", html, re.DOTALL)
    assert f'href="{session().hosted_url}"' in pay
    assert 'href="/checkout/tok_8Jc2mQ?view=status"' in look
    # Also where there is nothing to pay, or not yet.
    assert html.index(look) > html.index("</div>", html.index(pay))
    # A refresh would kill a payment under way.
    assert "http-equiv" not in html


@pytest.mark.parametrize("panel", PANELS)
def test_the_status_page_has_no_script_and_looks_again_until_final(pages: Pages, panel: str) -> None:
    of = session(panel)
    document = Document(pages.render_status(of).html)
    assert not document.all("script")
    assert bool(document.all("meta", http_equiv="refresh")) != of.snapshot["final"]
    assert document.has("hosted") == of.snapshot["payable"]


def test_the_return_page_refreshes_itself_only_without_script(pages: Pages) -> None:
    document = Document(pages.render_return(session("checking")).html)
    (refresh,) = document.all("meta", http_equiv="refresh")
    assert refresh.parents[-1].tag == "noscript"
    assert refresh.attrs["content"] == "3;url=/checkout/tok_8Jc2mQ?view=status"
    assert not document.has("component")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("error", ["not_found", "busy", "server"])
def test_error_pages(pages: Pages, error: str, locale: str) -> None:
    page = pages.render_error(error, locale)  # type: ignore[arg-type]
    document = assert_strict(page.html)
    assert not document.all("script")
    assert len(document.all("h1")) == 1


def test_hostile_words_stay_words(engines: Path) -> None:
    made = pages(engines, merchant=HOSTILE, contact=HOSTILE)
    of = session(
        "open", description=HOSTILE, order_id=HOSTILE, provider_title=HOSTILE, component={"sdk_url": HOSTILE}
    )
    for page in (made.render_checkout(of), made.render_return(of), made.render_status(of)):
        document = assert_strict(page.html)
        assert not [item for item in document.all("img") if item.attrs.get("src") == "x"]
        assert "49" not in document.id("checkout").text
        assert HOSTILE in document.id("summary").text
    data = json.loads(Document(made.render_checkout(of).html).id("checkout-data").text)
    assert data["component"]["sdk_url"] == HOSTILE


@pytest.mark.parametrize(
    "changes",
    [
        {"component": {"sdk_url": "https://x.example", "deep": [{"key": "sk_test_1"}]}},
        {"description": "sk_live_abc"},
        {"hosted_url": "https://x.example/?key=sk_live_abc"},
        {"snapshot": snapshot("open") | {"failure": {"code": "x", "message": "sk_anything"}}},
        {"component": {"sk_test_1": "x"}},
    ],
)
def test_a_secret_key_never_reaches_a_page(pages: Pages, changes: dict[str, object]) -> None:
    with pytest.raises(SecretInPage) as caught:
        pages.render_checkout(session("open", **changes))
    assert "sk_" not in str(caught.value)


def test_test_mode_is_said_on_every_page(engines: Path) -> None:
    made = pages(engines, test=True)
    everything = [
        *every_page(made, "open", "en").values(),
        *every_page(pages(engines), "open", "en").values(),
    ]
    marked = ["TEST" in page.html for page in everything]
    assert marked == [True] * 6 + [False] * 6
    assert "TEST" in made.render_error("not_found").html
    assert "TEST" in pages(engines).render_checkout(session("open", test=True)).html


def test_merchant_contact_where_it_is_needed(pages: Pages) -> None:
    for panel in PANELS:
        document = Document(pages.render_checkout(session(panel)).html)
        shown = [item for item in document.all("p") if item.attrs.get("class") == "contact"]
        assert any(not item.hidden for item in shown) == (
            panel in ("review", "expired", "succeeded", "partially_refunded", "refunded")
        )


def test_the_receipt_holds_what_an_accountant_asks_for(pages: Pages) -> None:
    document = Document(pages.render_checkout(session("succeeded")).html)
    (receipt,) = [
        item for item in document.all("dl") if "receipt" in str(item.attrs["class"]) and not item.hidden
    ]
    for value in (
        "$25.00",
        "Nordlicht Books",
        "The Sea Around Us, two copies",
        "1042",
        "Crypto.com Pay",
        "cs_01JD7Q3M8RZ4T2",
        "November 21, 2026",
    ):
        assert value in receipt.text
    assert document.id("continue").attrs["href"] == "https://store.example/thanks?order=1042"


def test_a_provider_without_a_component_offers_its_page(pages: Pages) -> None:
    for of in (
        session("open", provider="elsewhere"),
        session("open", component={"sdk_url": None}),
        session("open", component={}),
    ):
        document = Document(pages.render_checkout(of).html)
        assert document.id("component").attrs["data-state"] == "failed"
        assert "data-prominent" in document.id("hosted").attrs
        assert not [item for item in document.all("script") if "crypto" in str(item.attrs.get("src"))]


def test_a_build_that_lacks_a_file_fails_at_start(tmp_path: Path) -> None:
    with pytest.raises(MissingAsset, match=r"checkout\.css"):
        Pages(Site(merchant="x"), Assets([tmp_path]))


@pytest.mark.parametrize("engine", ["micropython", "pyodide", "pyscript"])
def test_nothing_is_asked_for_before_what_the_button_needs(engines: Path, engine: str) -> None:
    document = Document(pages(engines, engine=engine).render_checkout(session("open")).html)
    links = [item.attrs for item in document.all("link") if item.attrs["rel"] != "icon"]
    assert [link["rel"] for link in links] == ["stylesheet"]
    # The engine comes by its boot module, after the component; the browser is told which of the scripts is urgent.
    scripts = [item.attrs for item in document.all("script") if "src" in item.attrs]
    hurry = {str(script["src"]): script.get("fetchpriority") for script in scripts}
    assert [url for url, priority in hurry.items() if priority == "high"] == [session().component["sdk_url"]]
    (boot,) = [url for url, priority in hurry.items() if priority == "low"]
    assert f"boot-{engine}" in boot


def test_what_loads_together_is_one_file(engines: Path) -> None:
    found = assets(engines)
    Pages(Site(merchant="x"), found)
    sheet, boot = found.get("page.css").content, found.get("boot-micropython.js").content
    assert sheet.startswith(found.get("checkout.css").content)
    assert sheet.endswith(found.get("theme.css").content)
    assert boot.startswith(found.get("boot/start.js").content)
    assert boot.endswith(found.get("boot/micropython.js").content)


def test_an_open_price_is_said_so(pages: Pages) -> None:
    of = replace(session("open"), amount=None)
    document = Document(pages.render_checkout(of).html)
    assert "Set when you pay" in document.id("summary").text
    assert "None" not in document.id("checkout").text


@pytest.mark.parametrize("amount", [Money.parse("1", "JPY"), Money(10**18 + 1, "ETH")])
def test_an_amount_is_shown_with_all_its_digits(pages: Pages, amount: Money) -> None:
    summary = Document(pages.render_checkout(session("open", amount=amount)).html).id("summary")
    assert amount.text in summary.text


def test_contacts() -> None:
    found = {text: contact_of(text) for text in ("a@b.example", "https://b.example/help/", "+49 30 1", None)}
    links = {text: contact.href if contact else None for text, contact in found.items()}
    assert links == {
        "a@b.example": "mailto:a@b.example",
        "https://b.example/help/": "https://b.example/help/",
        "+49 30 1": "",
        None: None,
    }
