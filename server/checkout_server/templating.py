"""Jinja as the pages use it: strict, escaping, translated, and deaf to secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from markupsafe import Markup

from checkout_server import plugins
from checkout_server.assets import folder
from checkout_server.locale import SOURCE, translations
from checkout_server.money import Money
from checkout_server.texts import texts_for

_PROVIDER = re.compile(r"[a-z0-9_]+", re.ASCII)
_SECRET = re.compile(r"\Ask_|sk_(?:live|test|development|staging|production)_")


class SecretInPage(ValueError):
    """A secret key was about to reach HTML. The text names the field and never the value."""


@cache
def environment(language: str) -> Environment:
    """The templates in one language of `locale.languages()`."""
    env = Environment(
        # Ours come first: a provider's package adds templates and replaces none.
        loader=FileSystemLoader([folder("templates"), *plugins.folders("templates")]),
        autoescape=True,
        auto_reload=False,  # else each include is looked up on disk, at every request
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # `newstyle`: what is put into a sentence is escaped, the sentence itself is ours.
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    env.globals["_"] = _translator(language)
    env.filters["amount"] = _amount
    env.filters["moment"] = _moment
    return env


def _amount(text: str, currency: str, lang: str) -> str:
    """`{{ "100.00" | amount("USD", page.lang) }}`: an amount of a component's values as the shopper writes it."""
    return texts_for(lang).amount(Money.parse(text, currency))


def _moment(at: str, lang: str) -> str:
    """`{{ component.until | moment(page.lang) }}`: day and time in full, of an ISO 8601 time with its zone."""
    return texts_for(lang).moment(datetime.fromisoformat(at))


def _translator(language: str) -> Callable[..., Markup]:
    """`_` of the templates: what Jinja's own does, without asking the context for it at each of a page's 80 sentences."""
    gettext = translations(language).gettext
    sentence = cache(lambda message: Markup(gettext(message)))  # noqa: S704 - our own sentences
    plain = cache(lambda message: sentence(message) % {})

    def translate(message: str, /, **values: object) -> Markup:
        return sentence(message) % values if values else plain(message)  # escapes the values

    return translate


def component_template(provider: str, component: Mapping[str, object], *, windows: bool = True) -> str | None:
    """A provider's part of the page is found by being there: `templates/providers/<name>.html`.

    It says what it `needs` of the component's values, and whether it `opens_windows`; without the values, or where
    there are no `windows`, there is nothing to mount, and None.
    """
    wants = _wants(provider)
    if wants is None or not all(component.get(field) for field in wants.needs):
        return None
    return None if wants.windows and not windows else f"providers/{provider}.html"


@dataclass(frozen=True, slots=True)
class _Wants:
    needs: tuple[str, ...]
    windows: bool


@cache
def _wants(provider: str) -> _Wants | None:
    """None without a template; looked up once, for a process serves the templates that it started with."""
    name = f"providers/{provider}.html"
    if not _PROVIDER.fullmatch(provider):
        return None
    try:
        template = environment(SOURCE).get_template(name)
    except TemplateNotFound:
        return None
    said = vars(template.module)
    return _Wants(tuple(said["needs"]), bool(said.get("opens_windows")))


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
