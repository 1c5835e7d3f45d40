"""Somebody else's provider, in a package of its own, is checked by one command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FILES = {
    "checkout_mine/__init__.py": """
from checkout_server.providers.crypto_com import CryptoCom

class PROVIDER(CryptoCom):
    name = "mine"
""",
    "checkout_mine/sandbox.py": """
from checkout_server.sandbox.crypto_com import CryptoComSandbox

class SANDBOX(CryptoComSandbox):
    name = "mine"
""",
    "checkout_mine/profile.py": """
from dataclasses import replace
from checkout_mine.sandbox import SANDBOX
from checkout_server.conformance.profiles.crypto_com import PROFILE as like

PROFILE = replace(like, sandbox=SANDBOX)
""",
    "checkout_mine-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: checkout-mine\nVersion: 1\n",
    "checkout_mine-1.dist-info/entry_points.txt": "[checkout_ui.providers]\nmine = checkout_mine\n",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def checked(package: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command of docs/conformance.md, in a folder that knows nothing of this repository."""
    suite = ("-p", "checkout_server.conformance.plugin", "--pyargs", "checkout_server.conformance")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *suite, *options],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package / "site")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_found_and_checked(package: Path) -> None:
    done = checked(package, "--provider", "mine", "-k", "it_is_known or one_payment or a_bad_one", "-v")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_case[mine-creation.one_payment] PASSED" in done.stdout
    assert "3 passed" in done.stdout
    assert "crypto_com" not in done.stdout


def test_a_mistake_is_told(package: Path) -> None:
    profile = package / "site" / "checkout_mine" / "profile.py"
    profile.write_text(
        profile.read_text() + "PROFILE = replace(PROFILE, unknown_status={'status': 'succeeded'})\n"
    )
    done = checked(package, "--provider", "mine", "-k", "an_unknown_status")
    assert done.returncode == 1
    assert "Broken: an unknown status is succeeded" in done.stdout


def test_a_provider_that_is_not_there(package: Path) -> None:
    done = checked(package, "--provider", "nobody")
    assert done.returncode == 1
    assert "no adapter is called nobody; found:" in done.stdout


def test_a_provider_without_a_profile(package: Path) -> None:
    (package / "site" / "checkout_mine" / "profile.py").unlink()
    done = checked(package, "--provider", "mine")
    assert done.returncode == 1
    assert "no profile is for mine" in done.stdout


def test_other_runs_of_pytest_do_not_know_the_option(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text("def test_x(): pass\n")
    command = [sys.executable, "-m", "pytest", "-p", "checkout_server.conformance.plugin", "--provider", "x"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "unrecognized arguments: --provider" in done.stderr
