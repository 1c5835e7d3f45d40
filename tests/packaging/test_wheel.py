"""sdist, then wheel, then clean environments with what it declares, outside of the repository and without Node.

The locked dependencies come from the package index, or from pip's cache.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from checkout_server.settings import DEMO_KEY
from tests.cli.running import running_demo
from tests.ports import free_ports

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "server.txt"
PIN = r"^([\w.-]+)(?:\[.*\])?(==[^\s;\\]+)"
PARTS = (
    "checkout_ui/main.py",
    "checkout_ui/providers/",
    "checkout_server/py.typed",
    "checkout_server/client/__init__.py",
    "checkout_server/migrations/versions/0001_first.py",
    "checkout_server/locale/",
    "checkout_server/templates/checkout.html",
    "checkout_server/static/bridge.js",
    "checkout_server/static/vendor/manifest.json",
    "checkout_server/sandbox/templates/",
    "checkout_server/sandbox/static/",
    "checkout_server/demo/templates/shelf.html",
    "checkout_server/demo/static/store.css",
)
NEVER = (".sqlite", "__pycache__", "node_modules", "/tests/", "e2e/", ".env", "checkout.toml")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (ROOT / "static" / "vendor" / "manifest.json").is_file(),
        reason="the engines are not built: make build",
    ),
]


def run(*command: str | Path, cwd: Path, path: Path) -> str:
    """Runs where neither Node nor the repository's environment can be found."""
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    env["PATH"] = str(path)
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("wheel")
    (made / "bin").mkdir()
    assert shutil.which("node", path=str(made / "bin")) is None
    return made


@pytest.fixture(scope="module")
def sdist(folder: Path) -> Path:
    arguments = ("--sdist", "--no-isolation", "--outdir", folder / "dist", ROOT)
    run(sys.executable, "-m", "build", *arguments, cwd=ROOT, path=folder / "bin")
    (made,) = (folder / "dist").glob("*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(folder: Path, sdist: Path) -> Path:
    """Built from the unpacked sdist alone."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (source,) = (folder / "unpacked").iterdir()
    arguments = ("--wheel", "--no-isolation", "--outdir", folder / "dist", source)
    run(sys.executable, "-m", "build", *arguments, cwd=source, path=folder / "bin")
    (made,) = (folder / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(folder: Path, wheel: Path) -> Path:
    """The `bin` of a new environment that holds the lock of the server, the wheel, and nothing else."""
    made = environment(folder, "venv", "--no-deps", "--require-hashes", "-r", LOCK)
    # What the wheel declares for its extra is there, in versions that it takes: nothing may be added now.
    pip(folder, "venv", "install", "--no-index", f"{wheel}[server]")
    return made


@pytest.fixture(scope="module")
def client(folder: Path, wheel: Path) -> Path:
    """The `bin` of what `pip install checkout-ui` brings, in the locked versions."""
    (folder / "pins.txt").write_text("\n".join(pins()))
    return environment(folder, "client", "--constraint", folder / "pins.txt", wheel)


def pins() -> list[str]:
    """`name==version` of everything that is locked for the server."""
    return [name + version for name, version in re.findall(PIN, LOCK.read_text(), re.MULTILINE)]


def environment(folder: Path, name: str, *wanted: str | Path) -> Path:
    run(sys.executable, "-m", "venv", "--without-pip", folder / name, cwd=folder, path=folder / "bin")
    pip(folder, name, "install", "--only-binary", ":all:", *wanted)
    return folder / name / "bin"


def pip(folder: Path, name: str, *arguments: str | Path) -> str:
    into = ("--disable-pip-version-check", "--python", folder / name / "bin" / "python")
    return run(sys.executable, "-m", "pip", *into, *arguments, cwd=folder, path=folder / "bin")


def distributions(folder: Path, name: str) -> set[str]:
    listed = json.loads(pip(folder, name, "list", "--format", "json"))
    return {canonicalize_name(entry["name"]) for entry in listed}


WHERE = """
import json, checkout_server, checkout_ui, checkout_server.assets as assets
print(json.dumps([checkout_server.__file__, checkout_ui.__file__, str(assets.folder("templates")), str(assets.folder("static"))]))
"""


def test_the_wheel_holds_every_part_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in PARTS:
        assert any(name.startswith(part) for name in names), part
    for name in names:
        assert name.startswith(("checkout_ui/", "checkout_server/", "checkout_ui-")), name
        assert not any(word in name for word in NEVER), name
    assert len(names) == len(set(names))


def test_the_wheel_holds_the_engines_whole(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        manifest = json.loads(archive.read("checkout_server/static/vendor/manifest.json"))
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    assert {engine["name"] for engine in manifest["engines"]} == {"micropython", "pyodide", "pyscript"}
    for engine in manifest["engines"]:
        for file in engine["files"]:
            name = f"checkout_server/static/vendor/{engine['folder']}/{file['path']}"
            assert sizes[name] == file["size"]


def test_the_sdist_needs_no_node(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "scripts/build_hook.py", "static/vendor/manifest.json"} <= names
    assert not any(name.startswith(("node_modules", "tests", "e2e", ".venv")) for name in names)


def test_the_files_come_from_the_wheel(installed: Path, folder: Path) -> None:
    where = json.loads(run(installed / "python", "-c", WHERE, cwd=folder, path=installed))
    for path in where:
        assert Path(path).is_relative_to(folder / "venv"), path


def test_a_demo_from_the_wheel_and_a_client_that_has_two_libraries(
    installed: Path, client: Path, folder: Path
) -> None:
    env = {"PATH": str(installed), "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    command = [str(installed / "checkout-ui")]
    with running_demo(command, free_ports(3), env=env, cwd=folder) as demo:
        url = run(client / "python", "-c", BUY, demo.checkout, DEMO_KEY, cwd=folder, path=client).strip()
        page = demo.visitor.get(url)
        assert page.status_code == 200
        assert "25.00" in page.text
    brought = distributions(folder, "client")
    assert {"checkout-ui", "httpx", "standardwebhooks"} <= brought
    assert not brought & {"fastapi", "starlette", "sqlalchemy", "pydantic", "jinja2", "typer", "uvicorn"}


BUY = """
import sys
from checkout_server.client import Checkout, verify_webhook

with Checkout(*sys.argv[1:]) as checkout:
    session = checkout.create_session(
        provider="crypto_com",
        amount="25.00",
        currency="USD",
        order_id="wheel-1",
        return_url="https://shop.example/thanks",
    )
print(session.url)
"""


def test_nothing_but_the_lock_is_in_the_environment(installed: Path, folder: Path) -> None:
    assert distributions(folder, "venv") - {"checkout-ui"} <= {pin.partition("==")[0] for pin in pins()}


def test_every_module_of_the_server_imports(installed: Path, folder: Path) -> None:
    assert int(run(installed / "python", "-W", "error", "-c", IMPORT, cwd=folder, path=installed)) > 80


IMPORT = """
import importlib, pkgutil, checkout_server

# Alembic runs that one itself, with a connection.
names = [m.name for m in pkgutil.walk_packages(checkout_server.__path__, "checkout_server.")]
names.remove("checkout_server.migrations.env")
for name in names:
    importlib.import_module(name)
print(len(names))
"""
