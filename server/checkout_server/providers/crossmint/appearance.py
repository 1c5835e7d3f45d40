"""Our theme as the provider's `appearance`: the frame looks like a part of the page around it.

`colors` has the seven names that `providers/crossmint.md` lists. The neutral colours are those of
static/checkout.css (a test compares them), the accent and the corners are the merchant's.
"""

from __future__ import annotations

from typing import Any

from checkout_server.providers.base import Look

LIGHT = {
    "borderPrimary": "#dfe3e9",
    "backgroundPrimary": "#ffffff",
    "textPrimary": "#14181d",
    "textSecondary": "#586170",
    "danger": "#b0251c",
    "warning": "#865400",
}
DARK = {
    "borderPrimary": "#2b323c",
    "backgroundPrimary": "#171b21",
    "textPrimary": "#eceff3",
    "textSecondary": "#a0a9b6",
    "danger": "#ff8f86",
    "warning": "#f0b95b",
}
# Which of the style sheet's custom properties each is.
PROPERTIES = {
    "borderPrimary": "--line",
    "backgroundPrimary": "--surface",
    "textPrimary": "--text",
    "textSecondary": "--quiet",
    "danger": "--bad",
    "warning": "--care",
}


def appearance(look: Look, *, dark: bool) -> dict[str, Any]:
    """`appearance` of the frame's address for one colour scheme."""
    accent = look.accent_dark if dark else look.accent
    return {
        "variables": {
            "fontFamily": "system-ui, -apple-system, Segoe UI, Roboto, sans-serif",
            "borderRadius": f"{look.radius}px",
            "colors": {**(DARK if dark else LIGHT), "accent": accent},
        }
    }
