"""The translations: one `<language>.po` a language, compiled in memory at first use. English is the source."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

SOURCE = "en"
_HERE = Path(__file__).resolve().parent


@cache
def languages() -> frozenset[str]:
    """The languages the page speaks, such as `{"en", "de"}`: adding a `.po` file adds one."""
    return frozenset({SOURCE, *(path.stem for path in _HERE.glob("*.po"))})


@cache
def translations(language: str) -> NullTranslations:
    """The catalog of one of `languages()`; for English, one that answers with the source text."""
    if language == SOURCE:
        return NullTranslations()
    with (_HERE / f"{language}.po").open("rb") as source:
        catalog = read_po(source, locale=language, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
