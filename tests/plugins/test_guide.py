"""docs/providers.md leaves nothing of the contract out, and its commands do what it says."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from checkout_server.providers import base
from checkout_server.sandbox.base import DO, Sandbox

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "providers.md").read_text()
CODE = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", GUIDE))))


def written(kind: type) -> set[str]:
    """What an author of a subclass may set or write."""
    return {name for name in (*vars(kind), *inspect.get_annotations(kind)) if not name.startswith("_")}


def errors() -> set[str]:
    kinds = (base.ProviderError, base.WebhookRejected, base.InvalidOption)
    return {
        name
        for name, each in vars(base).items()
        if isinstance(each, type) and issubclass(each, kinds) and each is not base.ProviderError
    }


@pytest.mark.parametrize(
    ("of", "names"),
    [
        ("the adapter", written(base.Provider)),
        ("the sandbox", written(Sandbox) - {"url", "own_settings", "webhooks"}),
        ("the errors", errors()),
        ("the capabilities", {each.name for each in base.Capability}),
        ("the states", {each.name for each in base.State}),
        ("Created", {each.name for each in fields(base.Created)}),
        ("Observation", {each.name for each in fields(base.Observation)}),
        ("Nudge", {each.name for each in fields(base.Nudge)} - {"type", "refund_ref"}),
        ("Policy", {each.name for each in fields(base.Policy)} - {"inline_style", "permissions"}),
        ("the levers", set(DO)),
    ],
)
def test_nothing_of_the_contract_is_left_out(of: str, names: set[str]) -> None:
    assert names
    assert names - CODE == set(), of


@pytest.mark.skipif(shutil.which("perl") is None, reason="perl is not installed")
def test_the_copy_is_a_package_of_its_own(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "examples", tmp_path / "clone" / "examples", ignore=shutil.ignore_patterns("__pycache__")
    )
    [block] = [each for each in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) if each.startswith("cp -r")]
    commands, install = block.strip().rsplit("\n", 1)
    assert install == "pip install -e ."
    subprocess.run(["sh", "-euc", commands], cwd=tmp_path / "clone", check=True)
    made = [path for path in (tmp_path / "checkout-pots").rglob("*") if path.is_file()]
    example = [path for path in (tmp_path / "clone" / "examples" / "provider").rglob("*") if path.is_file()]
    assert len(made) == len(example)
    assert not [path for path in made if "beans" in str(path.relative_to(tmp_path))]
    assert not [path for path in made if re.search(r"beans", path.read_text(), re.IGNORECASE)]
    assert 'name = "pots"' in (tmp_path / "checkout-pots" / "checkout_pots" / "adapter.py").read_text()


def test_the_list_of_files_is_that_of_the_example() -> None:
    listed = set(re.findall(r"^checkout_beans/([\w/]+\.\w+)", GUIDE, re.MULTILINE))
    assert listed >= {"account.py", "profile.py", "templates/providers/beans.html", "browser/beans.py"}
    for name in listed:
        assert (ROOT / "examples" / "provider" / "checkout_beans" / name).is_file(), name
