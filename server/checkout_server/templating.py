"""Jinja as the pages use it: strict, escaping, translated, and deaf to secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checkout_server.assets import folder
from checkout_server.locale import SOURCE, translations

_PROVIDER = re.compile(r"[a-z0-9_]+", re.ASCII)
_SECRET = re.compile(r"\Ask_|sk_(?:live|test)_")


class SecretInPage(ValueError):
    """A secret key was about to reach HTML. The text names the field and never the value."""


@cache
def environment(language: str) -> Environment:
    """The templates in one language of `locale.languages()`."""
    env = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        auto_reload=False,  # else each include is looked up on disk, at every request
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # `newstyle`: what is put into a sentence is escaped, the sentence itself is ours.
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return env


def component_template(provider: str, component: Mapping[str, object]) -> str | None:
    """A provider's part of the page is found by being there: `templates/providers/<name>.html`.

    It says what it `needs` of the component's values; without them there is nothing to mount (yet), and None.
    """
    name = f"providers/{provider}.html"
    if not _PROVIDER.fullmatch(provider) or not (folder("templates") / name).is_file():
        return None
    return name if all(component.get(field) for field in _needs(name)) else None


@cache
def _needs(name: str) -> tuple[str, ...]:
    return tuple(environment(SOURCE).get_template(name).module.needs)  # type: ignore[attr-defined]


def guard(value: object, path: str = "") -> None:
    """Raises `SecretInPage` when any text within `value` is a secret key (`sk_…`)."""
    if isinstance(value, str):
        if _SECRET.search(value):
            raise SecretInPage(f"{path.lstrip('.')} holds a secret key")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            guard(key, f"{path}.<key>")
            guard(item, f"{path}.{key}")
    elif isinstance(value, Sequence):
        for item in value:
            guard(item, path)
    elif is_dataclass(value):
        for part in fields(value):
            guard(getattr(value, part.name), f"{path}.{part.name}")
