"""The page's elements: which panel shows, what stands in its slots, what a screen reader hears."""

from checkout_ui import status

# Only in these can the shopper do something about the payment.
PAYABLE_PANELS = ("open", "declined")


class View:
    """Everything visible was rendered by the server; this only chooses among it and fills in text."""

    def __init__(self, runtime: object, words: "dict[str, str]") -> None:
        self._nodes = runtime.nodes
        self._words = words
        root = self._first("#checkout")
        self.panel = root.get("data-panel") if root else None

    def show(self, panel: str, snapshot: "dict[str, object]") -> None:
        self._fill(snapshot.get("text") or {})
        sections = self._nodes("section[data-panel]")
        if panel not in [section.get("data-panel") for section in sections]:
            panel = "checking"  # a state this page was not rendered for
        changed = panel != self.panel
        self.panel = panel
        for section in sections:
            shown = section.get("data-panel") == panel
            section.hidden = not shown
            if shown and changed:
                self.announce(_sentence(section))
        self._set("#checkout", "data-panel", panel)
        self._component(bool(snapshot.get("payable")) and panel in PAYABLE_PANELS)
        self._steps(status.progress(str(snapshot.get("status"))))
        if snapshot.get("redirect"):
            self._set("#continue", "href", snapshot["redirect"])
        if changed:
            self.help(None)

    def announce(self, sentence: str) -> None:
        for node in self._nodes("#announce"):
            node.text = sentence

    def announce_word(self, key: str) -> None:
        self.announce(self._words.get(key, ""))

    def help(self, key: "str | None") -> None:
        sentence = self._words.get(key) if key else None
        for node in self._nodes("#help"):
            node.text = sentence or ""
            node.hidden = not sentence

    def countdown(self, label: "str | None") -> None:
        hidden = label is None or self.panel not in PAYABLE_PANELS
        for node in self._nodes("#countdown"):
            node.hidden = hidden
            if not hidden:
                node.text = label

    def _fill(self, text: "dict[str, object]") -> None:
        for slot in self._nodes("[data-text]"):
            key = slot.get("data-text")
            if key in text:
                slot.text = str(text[key])

    def _component(self, shown: bool) -> None:
        # Never taken out of the document: a provider's frame that is moved loads anew and forgets the shopper.
        for node in self._nodes("#pay"):
            node.hidden = not shown

    def _steps(self, done: int) -> None:
        self._set("#progress", "data-step", str(done))
        for number, step in enumerate(self._nodes("#progress > li")):
            step.set("aria-current", "step" if number == done else None)

    def _set(self, selector: str, name: str, value: str) -> None:
        for node in self._nodes(selector):
            node.set(name, value)

    def _first(self, selector: str) -> object:
        nodes = self._nodes(selector)
        return nodes[0] if nodes else None


def _sentence(section: object) -> str:
    """What a panel says, for the live region: its headline and the first paragraph that has something to say."""
    said = []
    for selector in ("h1, h2", "p"):
        texts = [" ".join(node.text.split()) for node in section.nodes(selector)]
        said += [text for text in texts if text][:1]
    return ". ".join(said)
