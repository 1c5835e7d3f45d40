"""Talks to whoever holds the page: a parent frame, the window that opened it, or a native app's WebView.

Messages are JSON text, `{"v": 1, "type": "ready" | "status" | "redirect" | "close" | "returned", …}`
(docs/embedding.md). A frame or an opener is addressed by its exact origin. What it does with a message is its own
business and proves nothing.
"""

import json

VERSION = 1
CLOSE_S = 1.0  # a popup that may not close itself goes to the store instead


def place(view: str, runtime: object) -> str:
    """What holds the page: `embed`, `popup`, `webview` or `page`.

    `view` says what it was made for. A provider sends the shopper back to one address, `return`, wherever that is.
    """
    if view == "embed":
        return "embed" if runtime.framed() else "page"
    if view != "return":
        return view
    if runtime.framed():
        return "embed"
    return "popup" if runtime.around() else "webview"


class Host:
    def __init__(self, runtime: object, view: str, origins: "list[str]") -> None:
        self._runtime = runtime
        self._place = place(view, runtime)
        self._returned = view == "return"
        self._origins = origins

    def ready(self) -> None:
        if self._place != "embed":  # a frame has said so before Python came: static/frames.js
            self._send("ready")

    def status(self, snapshot: "dict[str, object]") -> None:
        self._send(
            "status",
            status=snapshot.get("status"),
            paid=bool(snapshot.get("paid")),
            final=bool(snapshot.get("final")),
            version=snapshot.get("version"),
        )

    def leave(self, url: str) -> None:
        """Hands the shopper back. Only a frame cannot do it by itself: its parent must."""
        ours = self._returned and self._tell_ours()
        told = ours or self._send("redirect", url=url)
        if self._place == "embed":
            return
        if self._place == "popup" and told:
            self._send("close")
            self._runtime.close_window()
            self._runtime.after(CLOSE_S, lambda: self._runtime.go(url))
            return
        self._runtime.go(url)

    def _tell_ours(self) -> bool:
        """Back from a provider inside a page of ours, or in a window it opened: it looks, and leaves by itself."""
        whom = {"embed": "parent", "popup": "opener"}.get(self._place)
        if whom is None or self._runtime.around() != "ours":
            return False
        return self._runtime.post(
            whom, json.dumps({"v": VERSION, "type": "returned"}), self._runtime.origin()
        )

    def _send(self, kind: str, **fields: object) -> bool:
        text = json.dumps({"v": VERSION, "type": kind} | fields)
        if self._place == "webview":
            return self._runtime.tell_app(text)
        whom = {"embed": "parent", "popup": "opener"}.get(self._place)
        if whom is None:
            return False
        sent = [self._runtime.post(whom, text, origin) for origin in self._targets(whom)]
        return True in sent

    def _targets(self, whom: str) -> "list[str]":
        """All allowed origins, or the one that we know to be there: a browser logs an error for each miss."""
        known = self._runtime.parent_origin() if whom == "parent" else None
        return [known] if known in self._origins else self._origins
