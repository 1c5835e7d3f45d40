"""What becomes of a link in an app's WebView: each rule by example, and what no link whatever may bring about."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from checkout_server.webview import RULES, Decision, decide

RETURNS = ("shop://done", "https://shop.example/done?cart=1")
# Written out, so that none is lost from the table unnoticed.
CODE = ("javascript", "data", "blob", "file", "filesystem", "content", "vbscript")

links = some.one_of(
    some.text(),
    some.builds(
        "{}{}:{}".format,
        some.sampled_from(["", " ", "\t", "\n", "\x00", "\u00a0"]),
        some.sampled_from([scheme for rule in RULES for scheme in rule.schemes] + ["ethereum", "wc", "shop"]),
        some.text(),
    ),
)
intents = some.builds(
    "intent:{}#Intent;scheme={};S.browser_fallback_url={};end".format,
    some.text(),
    some.one_of(some.sampled_from([*CODE, "intent", "https", "ethereum"]), some.text()),
    some.text(),
)


@pytest.mark.parametrize(
    ("url", "window", "decision"),
    [
        ("shop://done?checkout_status=succeeded&checkout_sig=x", False, ("finish", "return")),
        ("shop://done", True, ("finish", "return")),
        ("https://SHOP.example/done/?checkout_status=cancelled#top", False, ("finish", "return")),
        ("https://shop.example/done/other", False, ("stay", "web")),
        ("https://shop.example.evil.example/done", False, ("stay", "web")),
        ("https://pay.example/checkout/abc?view=webview", False, ("stay", "web")),
        ("https://pay.example/checkout/abc", True, ("browser", "window")),
        ("about:blank", True, ("stay", "web")),
        ("ethereum:0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359@1?value=1", False, ("system", "wallet")),
        ("wc:00e46b69@2?relay-protocol=irn", True, ("system", "wallet")),
        ("shop://elsewhere", False, ("system", "wallet")),
        ("JavaScript:alert(1)", False, ("refuse", "code")),
        ("java\nscript:alert(1)", True, ("refuse", "code")),
        ("data:text/html,x", False, ("refuse", "code")),
        ("//no.scheme.example", False, ("refuse", "code")),
        ("http://[", False, ("refuse", "code")),
        ("", False, ("refuse", "code")),
    ],
)
def test_the_first_rule_that_fits_decides(url: str, window: bool, decision: tuple[str, str]) -> None:
    decided = decide(url, returns=RETURNS, window=window)
    assert (decided.do, decided.rule) == decision
    assert (decided.url, decided.fallback) == (url, None)


@pytest.mark.parametrize(
    ("url", "link", "fallback"),
    [
        (
            "intent://pay?x=1#Intent;scheme=ethereum;package=io.wallet;S.browser_fallback_url=https%3A%2F%2Fw.example%2Fa%3Fb%3D1;end",
            "ethereum://pay?x=1",
            "https://w.example/a?b=1",
        ),
        ("intent:0xabc@1#Intent;scheme=ethereum;end", "ethereum:0xabc@1", None),
        ("intent://w.example#Intent;scheme=https;end", "https://w.example", None),
        ("intent://x#Intent;scheme=ethereum;S.browser_fallback_url=http%3A%2F%2Fw.example;end", "ethereum://x", None),
        ("intent://x#Intent;scheme=ethereum;S.browser_fallback_url=javascript%3Ax;end", "ethereum://x", None),
        ("intent:alert(1)#Intent;scheme=javascript;end", "", None),
        ("intent://x#Intent;scheme=intent;end", "", None),
        ("intent:#Intent;package=io.wallet;end", "", None),
        ("intent://x", "", None),
        (" in\ttent://pay#Intent;scheme=ethereum;end", "ethereum://pay", None),
    ],
)  # fmt: skip
def test_an_intent_names_a_link_and_a_fallback(url: str, link: str, fallback: str | None) -> None:
    assert decide(url, returns=RETURNS) == Decision("intent", link, "intent", fallback)


@given(links, some.lists(links, max_size=2), some.booleans())
@example("http://[", ["http://["], False)
def test_no_link_raises_and_only_the_web_stays(url: str, returns: list[str], window: bool) -> None:
    decided = decide(url, returns=returns, window=window)
    assert decided.rule in {rule.key for rule in RULES if rule.do == decided.do}
    if decided.do == "stay":
        assert urlsplit(url.strip()).scheme in ("https", "http", "about")
    if decided.do == "finish":
        assert returns


@given(some.sampled_from(CODE), some.text(), some.booleans(), some.data())
def test_code_is_never_followed(scheme: str, rest: str, window: bool, data: some.DataObject) -> None:
    """However it is written: browsers take no notice of case, of white space around, of tabs and line breaks within."""
    letters = "".join(
        data.draw(some.sampled_from([one, one.upper(), f"\t{one}", f"{one}\n"])) for one in scheme
    )
    written = data.draw(some.sampled_from(["", " ", "\r\n"])) + letters + ":" + rest
    assert decide(written, returns=RETURNS, window=window).do == "refuse"


@given(intents)
@example("intent:\n//x#Intent;scheme=java\tscript;S.browser_fallback_url=https:;end")
def test_an_intent_opens_nothing_that_a_link_might_not(url: str) -> None:
    decided = decide(url)
    if decided.do == "intent":  # its address may be one that cannot be read
        assert not decided.url or decide(decided.url).do in ("system", "stay")
        assert decided.fallback is None or decided.fallback.startswith("https://")
    else:
        assert decided.do == "refuse"


def test_the_table_leaves_no_link_undecided() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)
    open_to_all = [rule for rule in RULES if not rule.schemes and rule.do != "finish"]
    assert open_to_all == [RULES[-1]]
    assert RULES[0].do == "finish"  # the way back may be an https address, which would stay
