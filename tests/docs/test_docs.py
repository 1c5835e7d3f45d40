"""Docs are tests: whatever a user can meet is enumerated from the code and has to be written down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checkout_server.app import create_app
from checkout_server.decide import RESOLUTIONS, REVIEW_REASONS
from checkout_server.providers import discover
from checkout_server.settings import Settings
from checkout_ui.status import STATUSES
from tests.world import settings_for

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for folder in (ROOT, DOCS, DOCS / "adr")
    for path in folder.glob("*.md")
}


def test_every_setting_is_in_operation() -> None:
    named = set(re.findall(r"`CHECKOUT_([A-Z_]+)`", TEXTS["docs/operation.md"]))
    assert named - {"CONFIG"} == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("provider", sorted(discover()))
def test_every_setting_of_a_provider_is_on_its_page(provider: str) -> None:
    text = TEXTS[f"docs/{provider}.md"]
    for name in discover()[provider].settings_model.model_fields:
        assert f"__{name.upper()}`" in text, name


def test_every_route_is_in_the_api(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path}/x.sqlite3"))
    paths = app.openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    documented = set(re.findall(r"`((?:GET|POST) /[^`?]*)`", TEXTS["docs/api.md"]))
    assert routes | {"GET /openapi.json", "GET /docs"} == documented


def test_every_status_and_review_reason_is_in_sessions() -> None:
    named = set(re.findall(r"`([a-z_]+)`", TEXTS["docs/sessions.md"]))
    missing = {*STATUSES, *REVIEW_REASONS, *sum(RESOLUTIONS.values(), ())} - named
    assert not missing


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_links_between_documents_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", TEXTS[name]):
        assert ((ROOT / name).parent / target).exists(), target


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
