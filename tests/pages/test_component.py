"""A provider's part of the checkout page: `templates/providers/<name>.html`, and its style sheet."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader, nodes

from checkout_server.assets import folder
from checkout_server.page_data import ComponentPage
from checkout_server.pages import Pages, Site
from checkout_server.templating import environment
from tests.pages.markup import Document
from tests.pages.samples import assets, session

PROVIDERS = sorted(path.stem for path in (folder("templates") / "providers").glob("*.html"))
# Says everything that a page tells it, in the page's language.
TALKATIVE = """
{% macro container(component, page) %}
{{ _("Time left") }} {{ _("Pay %(amount)s", amount=page.amount) }} {{ component.address }}
{% endmacro %}
"""


@pytest.mark.parametrize("name", PROVIDERS)
def test_it_declares_what_the_page_asks_of_it(name: str) -> None:
    module = environment("en").get_template(f"providers/{name}.html").module
    assert module.size  # type: ignore[attr-defined]
    assert isinstance(module.needs, list)  # type: ignore[attr-defined]
    assert module.container.arguments == ("component", "page")  # type: ignore[attr-defined]
    assert module.scripts.arguments == ("component", "nonce")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PROVIDERS)
def test_it_uses_only_what_is_declared_of_the_page(name: str) -> None:
    env = environment("en")
    source = (folder("templates") / "providers" / f"{name}.html").read_text("utf-8")
    used = {
        node.attr
        for node in env.parse(source).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }
    assert used <= {item.name for item in fields(ComponentPage)}


def test_an_imported_part_is_translated_and_escaped() -> None:
    env = environment("de").overlay()
    env.loader = ChoiceLoader([DictLoader({"providers/talkative.html": TALKATIVE})])
    page = env.from_string(
        '{% import "providers/talkative.html" as part %}{{ part.container(component, page) }}'
    )
    shown = page.render(component={"address": "<b>"}, page={"amount": "<i>"})
    translated = environment("de").from_string('{{ _("Time left") }}').render()
    assert translated != "Time left"
    assert translated in shown
    assert "&lt;b&gt;" in shown
    assert "&lt;i&gt;" in shown


@pytest.mark.parametrize("has_sheet", [True, False])
def test_a_providers_own_rules_come_last_and_only_on_its_pages(engines: Path, has_sheet: bool) -> None:
    found = assets(engines)
    if has_sheet:
        found.add("providers/crypto_com.css", b".x{color:red}")
    pages = Pages(Site(merchant="x"), found)
    sheets = [
        [link.attrs for link in Document(page.html).all("link") if link.attrs["rel"] == "stylesheet"]
        for page in (
            pages.render_checkout(session("open")),
            pages.render_checkout(session("open", component={})),
            pages.render_return(session("open")),
        )
    ]
    own = [[link for link in links if "/providers/" in str(link["href"])] for links in sheets]
    assert [len(links) for links in own] == [int(has_sheet), 0, 0]
    if has_sheet:
        assert sheets[0][-1] == own[0][0]
        assert own[0][0]["integrity"] == found.get("providers/crypto_com.css").integrity
