"""QR codes for payment addresses and hand-over links."""

from __future__ import annotations

import io

import segno

# The standard asks for four empty modules around the code; many wallets read nothing with fewer.
QUIET_ZONE = 4


def qr_svg(data: str) -> bytes:
    """An SVG image of `data`, dark on light whatever the page's colours are: scanners expect it so.

    Raises `ValueError` when the text is longer than a QR code holds (about 2,300 bytes at this correction).
    """
    out = io.BytesIO()
    segno.make(data, error="m", micro=False).save(
        out,
        kind="svg",
        border=QUIET_ZONE,
        dark="#000",
        light="#fff",
        xmldecl=False,
        omitsize=True,
        nl=False,
    )
    return out.getvalue()
