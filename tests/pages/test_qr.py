from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from checkout_server.qr import QUIET_ZONE, qr_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_dark_on_light_with_its_quiet_zone() -> None:
    image = ET.fromstring(qr_svg("bitcoin:bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh?amount=0.01"))
    assert image.tag == f"{SVG}svg"
    ground, code = image.findall(f"{SVG}path")
    assert (ground.get("fill"), code.get("stroke")) == ("#fff", "#000")
    # Modules start after the quiet zone: "M4 4.5" is four to the right of the edge.
    assert str(code.get("d")).startswith(f"M{QUIET_ZONE} {QUIET_ZONE}.5")
    size = float(str(image.get("viewBox")).split()[2])
    assert (size - 2 * QUIET_ZONE - 17) % 4 == 0


def test_no_style_and_no_script() -> None:
    image = qr_svg('"><script>alert(1)</script>')
    assert b"script" not in image
    assert b"style" not in image


def test_too_long_is_said() -> None:
    with pytest.raises(ValueError):
        qr_svg("x" * 3000)
