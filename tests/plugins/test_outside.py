"""The example of docs/providers.md, installed as anybody would and found by its entry point alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from checkout_server.assets import Asset
from checkout_server.client import Checkout, Session
from checkout_server.settings import DEMO_KEY
from tests.chromium import launch
from tests.cli.running import Demo, running_demo, wait_until
from tests.ports import free_ports

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "provider"
FILES = EXAMPLE / "checkout_beans"
DEMO = [sys.executable, "-c", "from checkout_server.cli import app; app()"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose `site` holds the installed package: built from the files alone, and from no index."""
    made = tmp_path_factory.mktemp("outside")
    shutil.copytree(EXAMPLE, made / "source", ignore=shutil.ignore_patterns("__pycache__"))
    into = ("--no-deps", "--no-build-isolation", "--no-index", "--target", str(made / "site"))
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", *into, str(made / "source")]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def environment(home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CHECKOUT_")}
    return {**ours, "PYTHONPATH": str(home / "site"), "XDG_CACHE_HOME": str(home / "cache")}


@pytest.fixture(scope="module")
def demo(home: Path) -> Iterator[Demo]:
    with running_demo(DEMO, free_ports(3), env=environment(home), cwd=home) as running:
        yield running


@pytest.fixture(scope="module")
def checkout(demo: Demo) -> Iterator[Checkout]:
    with Checkout(demo.checkout, DEMO_KEY) as client:
        yield client


def ordered(checkout: Checkout, order: str) -> Session:
    return checkout.create_session(
        provider="beans",
        amount="25.00",
        currency="USD",
        order_id=order,
        return_url="https://shop.example/thanks",
    )


def test_every_file_of_it_is_installed(home: Path) -> None:
    ours = {path.relative_to(FILES) for path in FILES.rglob("*") if path.is_file()}
    site = home / "site" / "checkout_beans"
    theirs = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert {path for path in ours ^ theirs if path.suffix != ".pyc"} == set()


def test_the_server_and_the_store_offer_it(demo: Demo) -> None:
    bearer = {"authorization": f"Bearer {DEMO_KEY}"}
    listed = demo.visitor.get(f"{demo.checkout}/v1/providers", headers=bearer).json()["data"]
    [beans] = [each for each in listed if each["name"] == "beans"]
    assert beans == {
        "name": "beans",
        "title": "Bean Counter",
        "kind": "payment",
        "mode": "test",
        "capabilities": ["cancel", "find", "hosted"],
    }
    assert "Bean Counter" in demo.visitor.get(demo.store).text


def test_its_component_is_in_the_page(demo: Demo, checkout: Checkout) -> None:
    session = ordered(checkout, "page")
    page = demo.visitor.get(session.url)
    assert f'<bean-counter invoice="{session.provider_ref}"' in page.text
    sandbox = f"http://localhost:{urlsplit(demo.sandbox).port}"
    assert re.search(rf'<script nonce="[^"]+" src="{sandbox}/beans/counter.js" defer>', page.text)
    policy = page.headers["content-security-policy"]
    for directive in ("script-src", "connect-src"):
        assert sandbox in policy.partition(directive)[2].partition(";")[0]


@pytest.mark.parametrize("suffix", ["js", "css"])
def test_its_files_are_served_under_their_hash(demo: Demo, checkout: Checkout, suffix: str) -> None:
    page = demo.visitor.get(ordered(checkout, suffix).url).text
    wanted = Asset.of(
        f"providers/beans.{suffix}", (FILES / "static" / "providers" / f"beans.{suffix}").read_bytes()
    )
    [tag] = re.findall(rf"<[^>]*/static/providers/beans-[^>]*\.{suffix}[^>]*>", page)
    assert f"/static/{wanted.hashed_name}" in tag
    assert f'integrity="{wanted.integrity}"' in tag
    served = demo.visitor.get(f"{demo.checkout}/static/{wanted.hashed_name}")
    assert (served.status_code, served.content) == (200, wanted.content)
    assert "immutable" in served.headers["cache-control"]


def test_its_python_is_what_the_engine_gets(demo: Demo, checkout: Checkout) -> None:
    page = demo.visitor.get(ordered(checkout, "glue").url).text
    [glue] = re.findall(r"/static/glue-[0-9a-f]+\.json", page)
    bundled = demo.visitor.get(f"{demo.checkout}{glue}").json()
    assert "def read(" in bundled["checkout_ui/providers/beans.py"]


def test_its_sandbox_pays_and_is_on_the_console(demo: Demo, checkout: Checkout) -> None:
    session = ordered(checkout, "paid")
    lever = f"{demo.sandbox}/_control/beans/payments/{session.provider_ref}"
    console = demo.visitor.get(demo.sandbox).text
    assert f'action="/_control/beans/payments/{session.provider_ref}"' in console
    buttons = console.partition('aria-labelledby="beans"')[2].partition("</section>")[0]
    assert re.findall(r'<button name="do" value="(\w+)"', buttons)[:4] == [
        "pay",
        "detect",
        "cancel",
        "expire",
    ]
    assert demo.visitor.post(lever, json={"do": "pay"}).json()["webhooks"] == ["invoice.paid"]
    wait_until(lambda: checkout.get_session(session.id).paid)


@pytest.mark.browser
def test_a_shopper_pays_with_its_component(demo: Demo, checkout: Checkout) -> None:
    """Under the page's policy, read by its own Python: `changed` is a word that nobody else knows."""
    session = ordered(checkout, "browser")
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(session.url)
        expect(page.locator("#component")).to_have_attribute("data-state", "mounted")
        counting = {"invoice": session.provider_ref, "status": "counting"}
        tell = "(node, detail) => node.dispatchEvent(new CustomEvent('change', { detail }))"
        with page.expect_request("**/refresh"):
            page.locator("bean-counter").evaluate(tell, counting)
        page.locator("bean-counter").click()  # its button is in the middle, closed to everybody else's script
        expect(page.locator("#checkout")).to_have_attribute("data-panel", "succeeded")
        assert said == []
    assert checkout.get_session(session.id).paid


def run(home: Path, cwd: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_holds_the_whole_suite(home: Path) -> None:
    suite = ("-p", "checkout_server.conformance.plugin", "--pyargs", "checkout_server.conformance")
    told = run(home, home, *suite, "--provider", "beans")
    passed = re.search(r"(\d+) passed", told)
    assert passed is not None
    assert int(passed[1]) >= 100


def test_nothing_of_it_is_missing(home: Path) -> None:
    told = run(home, ROOT, str(Path(__file__).with_name("test_complete.py")), "-k", "beans", "-vv")
    assert "test_nothing_is_missing[beans] PASSED" in told


def test_it_is_not_installed_here() -> None:
    """Else all of this would be true whatever was installed above."""
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "from checkout_server.plugins import *; print([p.__name__ for p in packages()])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "checkout_beans" not in json.loads(found.stdout.replace("'", '"'))
