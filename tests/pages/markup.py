"""Reads HTML strictly: what a browser would silently mend is an error here."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "use"})


@dataclass
class Element:
    tag: str
    attrs: dict[str, str | None]
    parents: tuple[Element, ...] = field(repr=False, default=())
    text: str = ""

    @property
    def hidden(self) -> bool:
        return any("hidden" in item.attrs for item in (self, *self.parents))


class Document(HTMLParser):
    """Every element in order. Raises AssertionError for tags that do not match and ids that are not unique."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"left open: {[item.tag for item in self._open]}"
        ids = [item.attrs["id"] for item in self.elements if "id" in item.attrs]
        assert len(ids) == len(set(ids)), f"ids twice: {ids}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"attribute twice: {tag} {names}"
        element = Element(tag, dict(attrs), tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open, f"closed but never opened: {tag}"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attrs: str) -> list[Element]:
        wanted = {name.replace("_", "-"): value for name, value in attrs.items()}
        return [
            item
            for item in self.elements
            if item.tag == tag and all(item.attrs.get(k) == v for k, v in wanted.items())
        ]

    def id(self, name: str) -> Element:
        (found,) = [item for item in self.elements if item.attrs.get("id") == name]
        return found

    def has(self, name: str) -> bool:
        return any(item.attrs.get("id") == name for item in self.elements)
