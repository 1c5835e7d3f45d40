"""The client installs with two libraries: importing it may need nothing of the server."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"{name} belongs to the server", name=name)

sys.meta_path.insert(0, Blocked())
import checkout_server.client as client
assert client.Checkout("https://pay.example", "key")
assert client.AsyncCheckout("https://pay.example", "key")
assert all(hasattr(client, name) for name in client.__all__)
print(*sorted(name for name in sys.modules if name.startswith("checkout_")))
"""


def blocked_modules() -> set[str]:
    """Import names of everything that only `checkout-ui[server]` or the tests bring."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [Requirement(line).name for extra in project["optional-dependencies"].values() for line in extra]
    wanted = {name.lower().replace("_", "-") for name in extras}
    found = packages_distributions().items()
    return {module for module, owners in found if any(o.lower().replace("_", "-") in wanted for o in owners)}


def test_the_client_imports_without_the_server() -> None:
    blocked = blocked_modules()
    assert {"fastapi", "pydantic", "sqlalchemy", "jinja2", "structlog", "typer", "uvicorn"} <= blocked
    program = f"BLOCKED = {blocked!r}\n{PROGRAM}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ours = set(done.stdout.split())
    assert {name for name in ours if not name.startswith("checkout_server.client")} == {
        "checkout_server",
        "checkout_server.hints",
        "checkout_server.keep_alive",
        "checkout_server.retry_after",
    }
