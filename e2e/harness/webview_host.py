"""An app with a WebView: a real WebKit in one window, whose links go where `checkout_server.webview` says.

Run by the system's own Python, for which GTK is packaged: `/usr/bin/python3 webview_host.py PORT`. WebKitWebDriver
starts it in a browser's place and drives its view. By a local connection to PORT it speaks with the test, one JSON
object a line, and it ends with that connection. It says

    {"decided": {"do", "url", "rule", "fallback"}}  of each link that does not just load
    {"heard": text}                                 what the page told `webkit.messageHandlers.checkout`
    {"did": "open" | "hide" | "show" | "die"}       the answer to a command

and is told `{"do": "open", "returns": [url, ...]}`, `{"do": "hide"}` (another app is in front), `{"do": "show"}` and
`{"do": "die"}` (the system wants the memory).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402 - their versions are named first

sys.path.insert(0, str(Path(__file__).parents[2] / "server"))
from checkout_server.webview import decide  # noqa: E402 - found by the line above

HANDLER = "checkout"
PHONE = {"default_width": 400, "default_height": 850}


class App:
    def __init__(self, port: int) -> None:
        self._test = socket.create_connection(("127.0.0.1", port))
        self._lines = self._test.makefile(encoding="utf-8")
        self._returns: list[str] = []
        context = WebKit2.WebContext.new_ephemeral()
        context.set_automation_allowed(True)
        context.connect("automation-started", self._is_driven)
        self._view = WebKit2.WebView(
            web_context=context,
            user_content_manager=self._listener(),
            settings=WebKit2.Settings(javascript_can_open_windows_automatically=False),
            is_controlled_by_automation=True,
        )
        self._view.connect("decide-policy", self._decides)
        self._window = Gtk.Window(**PHONE)
        self._window.add(self._view)
        self._window.show_all()
        GLib.io_add_watch(self._test.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, self._obeys)

    def _listener(self) -> Any:
        manager = WebKit2.UserContentManager()
        manager.connect(
            f"script-message-received::{HANDLER}",
            lambda _, result: self._says(heard=result.get_js_value().to_string()),
        )
        manager.register_script_message_handler(HANDLER)
        return manager

    def _is_driven(self, _: Any, session: Any) -> None:
        # The driver takes no browser of another name than what it is asked for.
        info = WebKit2.ApplicationInfo()
        info.set_name("MiniBrowser")
        session.set_application_info(info)
        session.connect("create-web-view", lambda _: self._view)

    def _decides(self, _: Any, policy: Any, kind: Any) -> bool:
        """True: this was decided here. WebKit asks of each link, form, script and redirect, in frames, too."""
        window = kind == WebKit2.PolicyDecisionType.NEW_WINDOW_ACTION
        if not window and kind != WebKit2.PolicyDecisionType.NAVIGATION_ACTION:
            return False
        url = policy.get_navigation_action().get_request().get_uri()
        decision = decide(url, returns=self._returns, window=window)
        if decision.do == "stay" and not window:
            return False
        self._says(decided=asdict(decision))
        policy.ignore()
        return True

    def _obeys(self, *_: Any) -> bool:
        line = self._lines.readline()
        if not line:
            Gtk.main_quit()
            return False
        command = json.loads(line)
        if command["do"] == "open":
            self._returns = command["returns"]
        elif command["do"] == "hide":
            self._window.hide()
        elif command["do"] == "show":
            self._window.show()
        self._says(did=command["do"])
        if command["do"] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    def _says(self, **what: Any) -> None:
        self._test.sendall(json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    App(int(sys.argv[1]))
    Gtk.main()
