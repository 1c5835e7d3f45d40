"""docs/webview.md is what the generator makes of the table, and no platform's code leaves anything of it out."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from checkout_server.webview import RULES, Rule
from scripts.webview.build import DOC, HOSTS, Host, document, host_code
from scripts.webview.messages import MESSAGES

ROOT = Path(__file__).parents[2]

each_host = pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.file)


def test_the_page_is_what_the_table_makes() -> None:
    assert DOC.read_bytes() == document().encode(), "python -m scripts.webview.build"


@each_host
def test_a_host_has_every_rule_in_order(host: Host) -> None:
    code = host_code(host)
    arms = re.split(r"// (\w+): ", code.partition("The first rule that fits decides.")[2])
    arm = dict(zip(arms[1::2], arms[2::2], strict=True))
    assert list(arm) == [rule.key for rule in RULES]
    for rule in RULES:
        said, then = arm[rule.key].splitlines()[:2]
        assert said == rule.does
        assert re.findall(r"""['"]([\w-]+)['"]""", then) == list(rule.schemes), rule.key
        assert ("window" in then) == rule.window, rule.key


@each_host
def test_a_new_rule_reaches_every_host(host: Host) -> None:
    new = Rule("old", "`gopher:`", "refuse", "nothing", "Nobody speaks it.", ("gopher",))
    code = host_code(host, [RULES[0], new, *RULES[1:]])
    assert code.index("return: ") < code.index("// old: nothing") < code.index("// code: ")
    assert len(re.findall(r"""['"]gopher['"]""", code)) == 2, "as a rule, and never within an intent"


@each_host
def test_an_action_without_code_stops_the_build(host: Host) -> None:
    with pytest.raises(UndefinedError):
        host_code(host, [replace(RULES[-1], do="dance")])  # type: ignore[arg-type]


@each_host
def test_a_host_hears_every_message_where_the_page_speaks(host: Host) -> None:
    code = host_code(host)
    for message in MESSAGES:
        assert re.search(rf"""^ *(?:case )?(['"]){message.type}\1(?::| ->) \S""", code, re.MULTILINE), (
            message.type
        )
    # On React Native the library itself makes what the page looks for.
    listener = {"wkwebview.swift": '"checkout"', "android.kt": '"CheckoutHost"', "flutter.dart": "'checkout'"}
    assert listener.get(host.file, "onMessage=") in code


def test_the_messages_are_those_that_the_page_sends() -> None:
    sent = set(re.findall(r'_send\(\s*"(\w+)"', (ROOT / "checkout_ui" / "host.py").read_text()))
    assert {message.type for message in MESSAGES} == sent
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (.*) \|$", (ROOT / "docs" / "embedding.md").read_text(), re.MULTILINE)
    )
    for message in MESSAGES:
        assert set(message.fields) <= set(re.findall(r"`(\w+)`", rows[message.type])), message.type


def test_every_listener_that_the_page_looks_for_is_named() -> None:
    runtime = (
        (ROOT / "checkout_ui" / "runtime.py").read_text().partition("def tell_app")[2].partition("# --")[0]
    )
    looked_for = re.findall(r'"((?:\w+\.)*(?:\w*Host|\w*WebView|messageHandlers\.\w+))"', runtime)
    assert len(looked_for) == 3
    assert all(f"`{name}`" in document() for name in looked_for)
