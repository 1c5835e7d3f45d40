"""The store's HTML: templates beside it, one stylesheet, no script, and a strict policy on every page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.responses import HTMLResponse

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

# Headline and explanation for each state of an order, in the words of a shop.
WORDS = {
    "waiting": (
        "Thanks, we are waiting for confirmation",
        "This page renews itself. You may close it; we keep your order.",
    ),
    "paid": ("Paid", "Thank you. We are packing your order."),
    "refunded": ("Refunded", "Your money is on its way back to you."),
    "not_paid": ("Not paid", "You were not charged. Your order is kept for another try."),
    "review": ("We are checking your payment", "Something about it needs a person. Do not pay again."),
    "mismatch": (
        "We are checking your payment",
        "What was paid is not what this order costs. Do not pay again.",
    ),
}
SHORT = {
    "waiting": "Waiting",
    "paid": "Paid",
    "refunded": "Refunded",
    "not_paid": "Not paid",
    "review": "In review",
    "mismatch": "Mismatch",
}
MARKS = {"waiting": "…", "paid": "✓", "refunded": "↩", "not_paid": "✕", "review": "?", "mismatch": "≠"}


@cache
def _templates() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(words=WORDS, short=SHORT, marks=MARKS)
    return env


def page(template: str, *, checkout: str, status: int = 200, **context: Any) -> HTMLResponse:
    """`checkout` is the checkout's origin: browsers hold a form's redirects to `form-action`, too."""
    policy = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": f"'self' {checkout}",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "Cache-Control": "no-store",
        "Referrer-Policy": "strict-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(_templates().get_template(template).render(context), status, headers)
