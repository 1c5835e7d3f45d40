from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import pytest
from jinja2 import meta, nodes

from checkout_server import page_data
from checkout_server.templating import environment

PAGES = {
    "checkout.html": page_data.CheckoutContext,
    "return.html": page_data.ReturnContext,
    "status.html": page_data.StatusContext,
    "error.html": page_data.ErrorContext,
    "webview.html": page_data.WebviewContext,
}
# Reached through a variable; the provider's own file has no context but its arguments.
DYNAMIC = {None}


def used_by(name: str) -> set[str]:
    """Names that a template and all that it extends or includes look up in their context."""
    env = environment("en")
    source = env.loader.get_source(env, name)[0]  # type: ignore[union-attr]
    tree = env.parse(source)
    names = meta.find_undeclared_variables(tree) - set(env.globals)
    for other in set(meta.find_referenced_templates(tree)) - DYNAMIC:
        names |= used_by(str(other))
    own = {node.target.name for node in tree.find_all(nodes.Assign) if isinstance(node.target, nodes.Name)}
    return names - own - {node.target for node in tree.find_all(nodes.Import)}


@pytest.mark.parametrize("name", PAGES)
def test_templates_use_exactly_what_their_context_declares(name: str) -> None:
    declared = {item.name for item in fields(PAGES[name])}
    assert used_by(name) == declared


@pytest.mark.parametrize(
    "kind", [item for item in vars(page_data).values() if isinstance(item, type) and is_dataclass(item)]
)
def test_every_field_has_a_line_of_help(kind: Any) -> None:
    hints = get_type_hints(kind, include_extras=True)
    for item in fields(kind):
        (help_text,) = hints[item.name].__metadata__
        assert isinstance(help_text, str)
        assert 10 < len(help_text) < 100
