"""How the tests' browsers are found: by name, by path, and without a package manager not at all."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("browsers", ROOT / "scripts" / "browsers.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose whole PATH is one empty folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHECKOUT_CHROMIUM", raising=False)
    return tmp_path


def program(folder: Path, name: str, body: str = "exit 0") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_an_installed_browser_is_taken(script: ModuleType, machine: Path, name: str) -> None:
    assert script.chromium() is None or sys.platform == "darwin"
    path = program(machine, name)
    assert script.chromium() == str(path)
    assert script.ensure_chromium() == str(path)


def test_a_named_browser_comes_first(
    script: ModuleType, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(machine, "chromium")
    monkeypatch.setenv("CHECKOUT_CHROMIUM", "/opt/mine")
    assert script.chromium() == "/opt/mine"


def test_nothing_is_installed_without_apt(script: ModuleType) -> None:
    assert script.apt_install(["chromium"]) is False


def test_apt_installs_what_is_missing(script: ModuleType, machine: Path) -> None:
    log = machine / "log"
    program(machine, "sudo", f'echo "sudo $@" >> {log}; [ "$1" = -n ] && shift; exec "$@"')
    program(machine, "true")
    program(machine, "apt-get", f'echo "$@" >> {log}\nif [ "$1" = install ]; then : > {machine}/done; fi')
    assert script.apt_install(["webkit2gtk-driver", "xvfb"]) is True
    said = log.read_text()
    assert "install -y --no-install-recommends webkit2gtk-driver xvfb" in said
    assert said.index("update") < said.index("install")


def test_a_failing_apt_is_no_success(script: ModuleType, machine: Path) -> None:
    program(machine, "true")
    program(machine, "sudo", '[ "$1" = -n ] && shift; exec "$@"')
    program(machine, "apt-get", "exit 100")
    assert script.apt_install(["chromium"]) is False


def test_a_mac_is_told_that_webkitgtk_is_left_out(
    script: ModuleType, machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program(machine, "chromium")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert script.main() == 0
    said = capsys.readouterr().out
    assert str(machine / "chromium") in said
    assert "WebKitGTK: left out, for it exists on Linux only" in said
