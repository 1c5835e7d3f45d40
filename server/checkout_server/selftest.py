"""The self-test of an app's WebView (`GET /webview`): what the page checks by itself, and what a person presses.

The presses follow `webview.RULES`, each with what the page can see afterwards. A page never sees what the app did: it sees
that it stayed, that it was left and seen again, or that it was replaced. Where that decides nothing, the developer judges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Annotated, Literal
from urllib.parse import quote

from checkout_server.hints import ReturnHint, add_hint
from checkout_server.webview import RULES, Rule

Result = Literal["works", "less", "fails", "look", "busy", "todo", "out"]


@dataclass(frozen=True, slots=True)
class Check:
    """What the page finds out without a person; `static/webview.js` has the code under the same key."""

    key: Annotated[str, "its name in the report and in the code"]
    name: Annotated[str, "as the developer reads it"]
    needs: Annotated[str, "what the checkout wants it for"]
    result: Annotated[Result, "before the script ran"] = "todo"
    says: Annotated[str, "the sentence beside the result"] = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A link or a button, and what it means when the page stays and when it is left and seen again."""

    key: Annotated[str, "its name in the report"]
    name: Annotated[str, "the words on the link or button"]
    href: Annotated[str, "where it leads"]
    stayed: Annotated[str, "what to say when nothing happened that the page sees"]
    left: Annotated[str, "what to say when the page was hidden and seen again"]
    stayed_is: Annotated[Result, "how good that is"] = "look"
    left_is: Annotated[Result, "how good that is"] = "works"
    window: Annotated[Literal["", "link", "script"], "opens a window: by its target, or by window.open"] = ""


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One rule of the table with its presses, or with the reason why there is none."""

    rule: Annotated[Rule, "of checkout_server.webview.RULES"]
    presses: Annotated[tuple[Press, ...], "one at least, or `says`"] = ()
    result: Annotated[Result, "of a rule without a press"] = "out"
    says: Annotated[str, "why nothing is to be pressed"] = ""


CHECKS = (
    Check("javascript", "JavaScript", "The page shows by it how a payment stands."),
    Check("modules", "ES modules", "Python starts from one."),
    Check(
        "wasm", "WebAssembly under the policy", "Python in the browser runs in it; the policy forbids `eval`."
    ),
    Check("server", "Requests to this server", "The page asks how a payment stands."),
    Check("push", "Server-sent events", "A payment is shown in the moment it is seen."),
    Check("bridge", "A way to tell your app", "The app hears `ready`, `status` and `redirect`."),
    Check("secure", "Secure context", "The buttons that copy an address."),
    Check("viewport", "Width and safe areas", "The checkout needs 320 px."),
    Check(
        "storage",
        "Cookies and storage",
        "Nothing: all of it may be blocked.",
        "out",
        "There is nothing to try.",
    ),
)
FOREGROUND = Check(
    "foreground",
    "Back in the foreground",
    "A shopper comes back from the wallet, and the page asks its server at once.",
    says="Leave the app for a moment, then come back.",
)

# Nobody's address and nothing to pay. No pairing key: a wallet takes the link and finds nothing in it. No app's scheme.
_WALLET = "ethereum:0x0000000000000000000000000000000000000000?value=0"
_CONNECT = "wc:selftest@2"
_NOBODY = "checkout-selftest"
_TOOK = "The app was left, and came back: something took the link."
_STAYED = "The page stayed. That is right when nothing on the device takes the link; if a wallet does, the rule is missing."


def rule_tests(page: str, public_page: str, back: str | None, now: datetime) -> tuple[RuleTest, ...]:
    """In the table's order. `page` is this page's path, `public_page` its whole URL, `back` a checked return URL.

    Raises `KeyError` for a rule that nobody wrote a test for.
    """
    made: dict[str, Callable[[Rule], RuleTest]] = {
        "return": lambda rule: _return(rule, back, now),
        "code": lambda rule: RuleTest(
            rule,
            says="Left out: this page's own policy stops such links, so that a press would not reach the app.",
        ),
        "intent": lambda rule: RuleTest(rule, (_intent(public_page),)),
        "window": lambda rule: RuleTest(rule, _windows(page)),
        "web": lambda rule: RuleTest(
            rule, result="works", says="Nothing to press: this page is one, and it loaded."
        ),
        "wallet": lambda rule: RuleTest(
            rule,
            (
                Press("wallet", "Open ethereum:", _WALLET, _STAYED, _TOOK),
                Press("wc", "Open wc:", _CONNECT, _STAYED, _TOOK),
            ),
        ),
    }
    return tuple(made[rule.key](rule) for rule in RULES)


def _return(rule: Rule, back: str | None, now: datetime) -> RuleTest:
    if back is None:
        return RuleTest(rule, says="Left out: add ?return= and the URL, such as /webview?return=shop://done.")
    # Of the same shape as in life, because an app that compares the whole address is wrong; signed by nobody.
    hint = ReturnHint("cs_selftest", "selftest", "cancelled", 1, now)
    press = Press(
        "return",
        f"Return to {back}",
        add_hint(back, hint, token_hex()),
        stayed="Still here: the app did not close the view. The rule is missing, or it compares the query too.",
        left="The app was left, and came back: the system took the link, and the view is still open.",
        stayed_is="fails",
        left_is="look",
    )
    return RuleTest(rule, (press,))


def _intent(public_page: str) -> Press:
    fallback = f"{public_page}?opened=intent"
    stayed = "Nothing opened that the page sees. No app has this scheme, so the browser should have opened."
    if not fallback.startswith("https:"):
        stayed = "The page stayed. That is right here: a fallback must be https, and this server has none."
    link = f"intent://selftest#Intent;scheme={_NOBODY};S.browser_fallback_url={quote(fallback, safe='')};end"
    return Press(
        "intent", "Open intent:", link, stayed, "The app was left, and came back: the fallback opened."
    )


def _windows(page: str) -> tuple[Press, ...]:
    opened = "The app was left, and came back: the browser opened."
    return (
        Press(
            "window",
            "Open in browser",
            f"{page}?opened=window",
            "The page saw nothing. If no browser opened, the shopper has no way out of your app.",
            opened,
            window="link",
        ),
        Press(
            "window_open",
            "Open by script",
            f"{page}?opened=window_open",
            "The page saw nothing. If nothing opened, that does no harm: the checkout needs no popup.",
            opened,
            window="script",
        ),
    )
