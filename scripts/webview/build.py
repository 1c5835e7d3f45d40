"""Writes docs/webview.md, with host code for four platforms, from the table in `checkout_server.webview`:
`python -m scripts.webview.build`.

Schemes, order and words come from the table, so that no platform can have rules of its own; a platform's shape is its
template's. A rule with an action that a template does not know stops the build.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checkout_server.webview import RULES, Rule
from scripts.webview.messages import MESSAGES

HERE = Path(__file__).resolve().parent
DOC = HERE.parents[1] / "docs" / "webview.md"


@dataclass(frozen=True, slots=True)
class Host:
    """`language` is what a Markdown reader colours the code by; `file` is its template without `.jinja`."""

    title: str
    language: str
    file: str
    needs: str


HOSTS = (
    Host("iOS: WKWebView", "swift", "wkwebview.swift", "iOS 15 and Swift 5.7 or newer; nothing else."),
    Host(
        "Android: WebView",
        "kotlin",
        "android.kt",
        "API level 26 or newer; nothing else but the permission `INTERNET`. Give the extras `webview_url` (text) and"
        " `returns` (an array of texts).",
    ),
    Host(
        "React Native: react-native-webview",
        "tsx",
        "react_native.tsx",
        "react-native-webview 13 or newer.",
    ),
    Host(
        "Flutter: flutter_inappwebview",
        "dart",
        "flutter.dart",
        "flutter_inappwebview 6, url_launcher 6 and Dart 3 or newer.",
    ),
)


def host_code(host: Host, rules: Iterable[Rule] = RULES) -> str:
    return _environment().get_template(f"{host.file}.jinja").render(_given(rules))


def document() -> str:
    code = {host.title: host_code(host).rstrip("\n") for host in HOSTS}
    return _environment().get_template("webview.md.jinja").render(_given(RULES), hosts=HOSTS, code=code)


def _given(rules: Iterable[Rule]) -> dict[str, object]:
    table = tuple(rules)
    # What the link within an intent must not be, which an app would otherwise start in its own name.
    never = [scheme for rule in table if rule.do in ("refuse", "intent") for scheme in rule.schemes]
    return {"rules": table, "messages": MESSAGES, "never": never}


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["quoted"] = _quoted
    return made


def _quoted(names: Iterable[str], mark: str = '"') -> str:
    return ", ".join(f"{mark}{name}{mark}" for name in names)


def main() -> None:
    DOC.write_text(document(), "utf-8")
    print(f"webview: {len(RULES)} rules, {len(HOSTS)} hosts: {DOC.name}")


if __name__ == "__main__":
    main()
