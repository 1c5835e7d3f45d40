"""What the widget says, as the page's Python reads it (`checkout_ui/providers/inqud.py`)."""

from __future__ import annotations

import pytest

from checkout_ui.providers import inqud, reader


def test_it_is_found_by_being_there():
    assert reader("inqud") is inqud.read


@pytest.mark.parametrize(
    ("kind", "detail", "means"),
    [
        ("approved", {"id": "CCO-1", "status": "SUCCESS"}, [("help", None), ("claim", "CCO-1")]),
        ("approved", {"id": "CCO-1", "status": "CONFLICT"}, [("help", None), ("claim", "CCO-1")]),
        ("status", {"id": "CCO-1", "status": "NEW"}, []),
        ("status", {"id": "CCO-1", "status": "ON_HOLD"}, [("nudge", None)]),
        ("status", {"status": "SUCCESS"}, [("nudge", None)]),
        ("status", {}, [("nudge", None)]),
        ("mounted", {}, []),
        ("mount_failed", {"reason": "time"}, []),
    ],
)
def test_words(kind: str, detail: dict[str, object], means: list[tuple[str, str | None]]):
    assert inqud.read(kind, detail) == means
