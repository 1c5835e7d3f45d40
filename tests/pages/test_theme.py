from __future__ import annotations

import re
from itertools import product

import pytest

from checkout_server.assets import folder
from checkout_server.theme import (
    DARK_SURFACES,
    LIGHT_SURFACES,
    MINIMUM,
    Theme,
    ThemeError,
    build,
    contrast,
)


def test_contrast_by_the_known_examples() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("channels", list(product(("00", "66", "b3", "ff"), repeat=3)))
def test_any_accent_ends_up_readable(channels: tuple[str, str, str]) -> None:
    themed = build(Theme(accent="#" + "".join(channels)))
    for colours, surfaces in ((themed.light, LIGHT_SURFACES), (themed.dark, DARK_SURFACES)):
        assert contrast(colours.accent, colours.on_accent) >= MINIMUM
        for surface in surfaces:
            assert contrast(colours.accent, surface) >= MINIMUM
        assert f"--accent:{colours.accent};--on-accent:{colours.on_accent};" in themed.css.decode()


def test_a_good_accent_is_kept_and_a_bad_one_said() -> None:
    fine = build(Theme(accent="#1f4fd8"))
    assert fine.light.accent == "#1f4fd8"
    assert not any("light" in line for line in fine.corrections)
    yellow = build(Theme(accent="#FE0"))
    assert yellow.dark.accent == "#ffee00"
    (line,) = yellow.corrections
    assert "#ffee00" in line
    assert "light" in line
    assert yellow.light.accent in line


@pytest.mark.parametrize(
    "theme",
    [
        Theme(accent="red"),
        Theme(accent="#12345"),
        Theme(accent="#fff;}"),
        Theme(radius=-1),
        Theme(radius=25),
    ],
)
def test_what_is_no_theme(theme: Theme) -> None:
    with pytest.raises(ThemeError):
        build(theme)


def test_every_colour_of_text_reads_on_every_surface_of_the_style_sheet() -> None:
    """The surfaces that the theme is checked against are the ones shipped, and our own colours pass too."""
    css = (folder("static") / "checkout.css").read_text()
    _, light, dark = re.split(r":root \{\s+(?=color-scheme: light dark|--bg: #0e)", css, maxsplit=2)
    for block, surfaces in ((light, LIGHT_SURFACES), (dark, DARK_SURFACES)):
        found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block.partition("}")[0]))
        assert {found["surface"], found["bg"]} == set(surfaces)
        for text in ("text", "quiet", "good", "care", "bad", "wait", "accent"):
            for under in ("surface", "bg"):
                assert contrast(found[text], found[under]) >= MINIMUM, (text, under)
        for tone in ("good", "care", "bad", "wait"):
            assert contrast(found[tone], found[f"{tone}-soft"]) >= MINIMUM, tone
        assert contrast(found["quiet"], found["sunken"]) >= MINIMUM
        assert contrast(found["text"], found["care-soft"]) >= MINIMUM
        # WCAG 1.4.11: the outline of a control.
        assert contrast(found["control"], found["surface"]) >= 3
