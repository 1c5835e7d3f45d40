"""Renders every panel to files, to be looked at: `python -m tests.pages.preview FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from checkout_server.money import Money
from tests.pages.samples import PANELS, fake_engines, pages, session

LOCALES = ("en", "ar", "de", "fr", "es")


def main(target: Path) -> None:
    made = pages(fake_engines(target / "engines"), test=True, prefix="")
    for asset in made.assets:
        file = target / "static" / asset.hashed_name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(asset.content)
    for locale in LOCALES:
        folder = target / locale
        folder.mkdir(parents=True, exist_ok=True)
        for panel in PANELS:
            of = session(panel, locale)
            (folder / f"{panel}.html").write_text(made.render_checkout(of).html)
            (folder / f"{panel}.embed.html").write_text(made.render_checkout(of, "embed").html)
            (folder / f"{panel}.status.html").write_text(made.render_status(of).html)
            (folder / f"{panel}.return.html").write_text(made.render_return(of).html)
        worst = session(
            "open",
            locale,
            amount=Money(123_456_789_012_345_678_901_234_567, "ETH"),
            description="A_very_long_description_without_a_single_space_in_it_" * 3,
            order_id="ORDER-2026-11-21-0000000000000000000000000000042",
        )
        (folder / "worst.html").write_text(made.render_checkout(worst).html)
        for error in ("not_found", "busy", "server"):
            (folder / f"error-{error}.html").write_text(made.render_error(error, locale).html)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
