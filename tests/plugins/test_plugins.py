"""A package from outside adds to what is here, and never replaces any of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkout_server import glue, plugins
from checkout_server.app import create_app
from checkout_server.assets import Assets, folder
from checkout_server.demo.accounts import provider_settings
from checkout_server.providers import discover
from checkout_server.providers.inqud import Inqud
from checkout_server.sandbox import discover as sandboxes
from checkout_server.settings import ENGINES
from checkout_server.templating import component_template, environment
from tests.plugins.conftest import Install
from tests.world import settings_for

ADAPTER = """
from checkout_server.providers.inqud import Inqud

class PROVIDER(Inqud):
    name = "toy"
"""
SANDBOX = """
from checkout_server.sandbox.inqud import InqudSandbox

class SANDBOX(InqudSandbox):
    name = "toy"
"""
ACCOUNT = """
def settings(url):
    return {"base_url": url}
"""
TEMPLATE = """
{% set size = "card" %}
{% set needs = ["toy_id"] %}
{% macro container(component, page) %}<p>{{ component.toy_id }}</p>{% endmacro %}
{% macro scripts(component, nonce) %}{% endmacro %}
"""
READER = '''
def read(type, detail):
    """Says nothing."""
    return []
'''


def test_its_parts_are_found_by_being_there(install: Install) -> None:
    install("toy", {"__init__.py": ADAPTER, "sandbox.py": SANDBOX, "account.py": ACCOUNT})
    assert issubclass(discover()["toy"], Inqud)
    assert "toy" in {each.name for each in sandboxes()}
    assert provider_settings("http://localhost:8001/")["toy"] == {"base_url": "http://localhost:8001/toy"}


def test_a_part_that_is_missing_is_none_and_one_that_is_broken_is_told(install: Install) -> None:
    install("toy", {"__init__.py": ADAPTER, "sandbox.py": "import no_such_module\n"})
    [package] = [each for each in plugins.packages() if each.PROVIDER.name == "toy"]
    assert plugins.part(package, "account") is None
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        sandboxes()


def test_a_name_is_never_taken_twice(install: Install) -> None:
    install("toy", {"__init__.py": ADAPTER})
    install("other", {"__init__.py": ADAPTER})
    with pytest.raises(RuntimeError, match=r"two providers are called 'toy'; the second is checkout_toy"):
        discover()


def test_ours_cannot_be_replaced(install: Install) -> None:
    install("toy", {"__init__.py": ADAPTER.replace('"toy"', '"crypto_com"')})
    with pytest.raises(RuntimeError, match="two providers are called 'crypto_com'"):
        discover()


@pytest.mark.parametrize(
    ("files", "entry"),
    [
        ({"__init__.py": ""}, None),
        ({"__init__.py": ADAPTER}, "checkout_toy:PROVIDER"),
        ({"__init__.py": "", "one.py": ADAPTER}, "checkout_toy.one"),
    ],
    ids=["nothing in it", "the class", "a module"],
)
def test_an_entry_point_that_is_no_package_with_a_provider(
    install: Install, files: dict[str, str], entry: str | None
) -> None:
    install("toy", files, entry=entry)
    with pytest.raises(RuntimeError, match=r"entry point 'toy' of checkout_ui.providers is 'checkout_toy"):
        discover()


def test_its_template_is_found_and_replaces_none(install: Install) -> None:
    theirs = {"templates/providers/toy.html": TEMPLATE, "templates/checkout.html": "theirs"}
    install("toy", {"__init__.py": ADAPTER, **theirs, "templates/providers/inqud.html": "theirs"})
    assert component_template("toy", {"toy_id": "1"}) == "providers/toy.html"
    assert component_template("toy", {}) is None
    assert component_template("toy", {"toy_id": "1"}, windows=False) == "providers/toy.html"
    assert component_template("crypto_com", {"sdk_url": "https://js.example"}) == "providers/crypto_com.html"
    assert component_template("crypto_com", {"sdk_url": "https://js.example"}, windows=False) is None
    assert component_template("nobody", {"toy_id": "1"}) is None
    shown = environment("de").from_string(
        '{% import "providers/toy.html" as toy %}{{ toy.container(it, it) }}'
    )
    assert shown.render(it={"toy_id": "<1>"}) == "<p>&lt;1&gt;</p>"
    for name in ("checkout.html", "providers/inqud.html"):
        template = environment("de").get_template(name)
        assert template.filename == str(folder("templates") / name)


def test_its_scripts_are_served_with_ours(install: Install, tmp_path: Path) -> None:
    install("toy", {"__init__.py": ADAPTER, "static/providers/toy.js": "checkout.mount(() => {});"})
    app = create_app(settings_for(f"sqlite:///{tmp_path}/x.sqlite3"))
    asset = app.state.assets.get("providers/toy.js")
    assert asset.content == b"checkout.mount(() => {});"
    assert asset.integrity.startswith("sha384-")
    assert app.state.assets.lookup(asset.hashed_name) is asset


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("providers/inqud.js", "there is a providers/inqud.js already"),
        ("bridge.js", "under providers/ and nowhere else"),
        ("mine.js", "under providers/ and nowhere else"),
        ("vendor/manifest.json", "under providers/ and nowhere else"),
    ],
)
def test_static_files_of_ours_cannot_be_replaced(install: Install, name: str, told: str) -> None:
    package = install("toy", {"__init__.py": ADAPTER, f"static/{name}": "theirs"})
    assets = Assets([folder("static")])
    before = {asset.name: asset.content for asset in assets}
    with pytest.raises(ValueError, match=told) as failure:
        assets.bring(package / "static")
    assert str(package / "static" / name) in str(failure.value)
    assert {asset.name: asset.content for asset in assets} == before


def test_what_a_file_manager_leaves_behind_is_no_file_of_it(install: Install) -> None:
    package = install(
        "toy", {"__init__.py": ADAPTER, "static/.DS_Store": "", "static/providers/.DS_Store": ""}
    )
    assets = Assets([folder("static")])
    assets.bring(package / "static")
    assert ".DS_Store" not in {asset.name.rpartition("/")[2] for asset in assets}


@pytest.mark.parametrize("engine", [None, *ENGINES])
def test_its_reader_runs_in_every_engine(install: Install, engine: str | None) -> None:
    ours = glue.unpacked(glue.bundle(engine=engine))
    install("toy", {"__init__.py": ADAPTER, "browser/__init__.py": "", "browser/toy.py": READER})
    bundled = glue.unpacked(glue.bundle(engine=engine))
    assert bundled.pop("checkout_ui/providers/toy.py") == glue.slim(READER).encode()
    assert bundled == ours


@pytest.mark.parametrize("name", ["base", "__init__", "crypto_com"])
def test_readers_of_ours_cannot_be_replaced(install: Install, name: str) -> None:
    ours = glue.unpacked(glue.bundle(engine="micropython"))
    install("toy", {"__init__.py": ADAPTER, f"browser/{name}.py": READER})
    if name == "__init__":
        assert glue.unpacked(glue.bundle(engine="micropython")) == ours
        return
    with pytest.raises(ValueError, match=rf"checkout_ui/providers/{name}\.py: there is a reader"):
        glue.bundle(engine="micropython")


def test_two_packages_cannot_read_for_the_same_provider(install: Install) -> None:
    other = ADAPTER.replace('"toy"', '"other"')
    install("toy", {"__init__.py": ADAPTER, "browser/toy.py": READER})
    install("other", {"__init__.py": other, "browser/toy.py": READER})
    with pytest.raises(ValueError, match=r"toy\.py: there is a reader of this name already"):
        glue.bundle()


def test_the_bytecode_of_a_release_holds_only_ours(install: Install) -> None:
    """What is built here must not depend on what somebody has installed."""
    install("toy", {"__init__.py": ADAPTER, "browser/toy.py": READER})
    assert "checkout_ui/providers/toy.py" not in glue.sources()
