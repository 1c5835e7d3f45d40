"""The merchant's own Python on the page: from the setting to what the browser is given, and what is refused at start."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkout_server import glue
from checkout_server.app import create_app
from checkout_server.settings import SettingsError, load_settings
from tests.world import settings_for


def test_the_files_travel_to_the_page(lite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "shop_hooks.py"
    file.write_text("from checkout_ui import on\n", "utf-8")
    settings = settings_for(lite_url).model_copy(update={"hooks": [file]})
    app = create_app(settings)
    bundle = glue.unpacked(app.state.assets.get("glue.json").content)
    assert bundle["shop_hooks.py"] == b"from checkout_ui import on\n"
    assert app.state.pages.site.hooks == ("shop_hooks",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("json.py", ""),  # would stand before the engine's own
        ("checkout_ui.py", ""),
        ("shop-hooks.py", ""),
        ("shop_hooks.txt", ""),
        ("shop_hooks.py", "def ("),
        ("shop_hooks.py", "\0"),
    ],
)
def test_what_cannot_be_a_module_is_refused_at_start(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match="CHECKOUT_HOOKS"):
        load_settings(hooks=str(file))


def test_two_of_one_name_and_one_that_is_missing(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "hooks.py").write_text("", "utf-8")
    with pytest.raises(SettingsError, match="name of its own"):
        load_settings(hooks=f"{tmp_path}/a/hooks.py,{tmp_path}/b/hooks.py")
    with pytest.raises(SettingsError, match="CHECKOUT_HOOKS"):
        load_settings(hooks=f"{tmp_path}/nowhere.py")
