"""Every message of the pages, read from the templates and the code as a translator's tool would."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from jinja2.ext import babel_extract

import checkout_server
from checkout_server.assets import folder

KEYWORDS = ("_", "gettext", "ngettext", "plural")
SOURCES = ("texts.py",)


def extracted() -> Catalog:
    catalog = Catalog()
    for message in _messages():
        catalog.add(message)
    return catalog


def _messages() -> Iterator[str | tuple[str, str]]:
    for path in sorted(folder("templates").rglob("*.html")):
        options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
        for _, _, found, _ in babel_extract(io.BytesIO(path.read_bytes()), KEYWORDS, [], options):
            yield _plain(found)
    package = Path(checkout_server.__file__).parent
    for name in SOURCES:
        source = io.BytesIO((package / name).read_bytes())
        for _, _, found, _ in extract_python(source, KEYWORDS, [], {}):
            if found and any(found):  # `def plural(one, many)` looks like a call, and holds no text
                yield _plain(found)


def _plain(found: object) -> str | tuple[str, str]:
    first, second, *_ = (found, None) if isinstance(found, str) else (*found, None)
    return (first, second) if isinstance(second, str) else first
