"""A build without the engines ends with the command that makes them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", ROOT / "scripts" / "build_hook.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def engines(root: Path, *, size: int = 3) -> Path:
    folder = root / "static" / "vendor"
    file = folder / "snake-1.0" / "snake.mjs"
    file.parent.mkdir(parents=True)
    file.write_text("abc")
    files = [{"path": "snake.mjs", "size": size}]
    manifest = {"engines": [{"name": "snake", "folder": "snake-1.0", "files": files}]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return file


def test_whole_engines_pass(hook: ModuleType, tmp_path: Path) -> None:
    engines(tmp_path)
    hook.check(tmp_path)


def test_no_engines_at_all(hook: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(hook.EnginesMissing, match=r"manifest\.json does not exist") as caught:
        hook.check(tmp_path)
    assert "npm ci && node scripts/engines/build.mjs" in str(caught.value)


def test_a_missing_and_a_truncated_file(hook: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    engines(tmp_path / "a").unlink()
    (tmp_path / "b").mkdir()
    engines(tmp_path / "b", size=4)
    for root in (tmp_path / "a", tmp_path / "b"):
        with pytest.raises(hook.EnginesMissing, match=r"snake\.mjs is missing or incomplete"):
            hook.check(root)


def test_the_hook_lets_an_editable_install_pass(hook: ModuleType, tmp_path: Path) -> None:
    made = hook.EnginesHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    made.initialize("editable", {})
    with pytest.raises(hook.EnginesMissing):
        made.initialize("standard", {})
