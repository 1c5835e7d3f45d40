"""How the page reads Crossmint's frame."""

from __future__ import annotations

import pytest

from checkout_ui.providers import reader


@pytest.mark.parametrize(
    ("kind", "detail", "meaning"),
    [
        ("updated", {"id": "o_1"}, [("nudge", None)]),
        ("approved", {"id": "o_1"}, [("help", None), ("claim", "o_1")]),
        ("error", {"message": "x"}, [("nudge", None)]),
        ("mounted", {}, []),
    ],
)
def test_what_the_frame_says(
    kind: str, detail: dict[str, object], meaning: list[tuple[str, str | None]]
) -> None:
    assert reader("crossmint")(kind, detail) == meaning  # type: ignore[operator]
