"""The merchant's accent colour, made readable: contrast is checked at start, corrected, and said so."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from checkout_server.providers.base import Look

# WCAG 2.2, 1.4.3: text against its background.
MINIMUM = 4.5
# What a colour is moved to when it has to move: one that only just passes looks dull on a dark page.
COMFORTABLE = 5.5
# The page's surfaces, as in static/checkout.css: an accent must be readable on each of them.
LIGHT_SURFACES = ("#ffffff", "#f5f6f8")
DARK_SURFACES = ("#171b21", "#0e1115")
_INK, _PAPER = "#0e1115", "#ffffff"
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.ASCII | re.IGNORECASE)
_STEPS = 256


class ThemeError(ValueError):
    """A theme that is not a colour or a size. The message is meant for whoever wrote the settings."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What a merchant may choose."""

    accent: str = "#1f4fd8"  # "#rgb" or "#rrggbb"
    radius: int = 12  # corners, in CSS pixels, 0 to 24
    logo_url: str | None = None  # https: or data:; shown 32 px high beside the merchant's name


@dataclass(frozen=True, slots=True)
class Colours:
    """An accent for one colour scheme, and the text that is written on it."""

    accent: str
    on_accent: str


@dataclass(frozen=True, slots=True)
class Themed:
    """A theme as shipped: its style sheet, and a sentence for each thing that had to be corrected."""

    css: bytes
    light: Colours
    dark: Colours
    corrections: tuple[str, ...]


def build(theme: Theme) -> Themed:
    """The style sheet of a theme. Raises `ThemeError` for what is no colour; mere lack of contrast is corrected."""
    if not 0 <= theme.radius <= 24:
        raise ThemeError("The radius of corners is 0 to 24 pixels.")
    accent = _normal(theme.accent)
    light = _readable(accent, LIGHT_SURFACES, darker=True)
    dark = _readable(accent, DARK_SURFACES, darker=False)
    corrections = tuple(
        f"accent {accent} has less than {MINIMUM}:1 contrast in {scheme} mode; {colours.accent} is used instead"
        for scheme, colours in (("light", light), ("dark", dark))
        if colours.accent != accent
    )
    css = (
        "@layer theme{"
        f":root{{{_properties(light)}--radius:{theme.radius}px}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_properties(dark)}}}}}"
        "}\n"
    )
    return Themed(css.encode(), light, dark, corrections)


@lru_cache(maxsize=8)
def look_of(theme: Theme) -> Look:
    """What a provider's component is told of a theme, with the colours as they are shown."""
    themed = build(theme)
    return Look(themed.light.accent, themed.dark.accent, theme.radius)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2: 1 (none) to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _readable(accent: str, surfaces: Sequence[str], *, darker: bool) -> Colours:
    """Moves the lightness, and nothing else, until the accent reads on the surfaces and a text reads on it."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(accent))
    end = 0.0 if darker else 1.0
    for step in range(_STEPS + 1):
        moved = lightness + (end - lightness) * step / _STEPS
        colour = accent if step == 0 else _hex(colorsys.hls_to_rgb(hue, moved, saturation))
        ink = max(_PAPER, _INK, key=lambda text: contrast(text, colour))
        wanted = COMFORTABLE if step else MINIMUM
        if min(contrast(colour, other) for other in (*surfaces, ink)) >= wanted:
            return Colours(colour, ink)
    raise AssertionError("black and white always have contrast")  # pragma: no cover


def _properties(colours: Colours) -> str:
    return f"--accent:{colours.accent};--on-accent:{colours.on_accent};"


def _normal(colour: str) -> str:
    if not _HEX.fullmatch(colour):
        raise ThemeError('A colour is written as "#1f4fd8".')
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
