"""Imports go one way. Each line of the design that says so is a rule here, held for every module that exists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SERVER = "checkout_server"
WEB = {"fastapi", "starlette", "sse_starlette", "uvicorn"}
ENGINES = {"js", "pyscript", "pyodide", "pyodide_js", "polyscript"}


@cache
def modules() -> dict[str, tuple[Path, frozenset[str]]]:
    """Every module of ours by its dotted name, with the dotted names that it imports."""
    found = {}
    for top in (ROOT / "server" / SERVER, ROOT / "checkout_ui"):
        for path in sorted(top.rglob("*.py")):
            parts = path.relative_to(top.parent).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path
    return {name: (path, frozenset(_imports(path, set(found)))) for name, path in found.items()}


def _imports(path: Path, known: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative imports hide where they go"
            for alias in node.names:
                # `from package import module` names the module, `from module import thing` the module before it.
                full = f"{node.module}.{alias.name}"
                yield full if full in known else node.module


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def ours(*parts: str) -> tuple[str, ...]:
    return tuple(f"{SERVER}.{part}" for part in parts)


STORE = ours("store", "migrations")
USE_CASES = ours(
    "sessions",
    "refunds",
    "refresh",
    "creation",
    "inbound",
    "outbound",
    "change",
    "worker",
    "context",
    "notify",
)
HTTP = ours(
    "app", "api", "cli", "demo", "sandbox", "pages", "policy", "templating", "texts", "theme", "page_data"
)

# Who, and what they must not import.
FORBIDDEN = {
    "the browser's Python knows no server": (("checkout_ui",), (SERVER,)),
    "providers know no store, no use case and no HTTP framework": (
        ours("providers"),
        (*STORE, *USE_CASES, *HTTP, *WEB, "sqlalchemy"),
    ),
    "use cases know neither HTTP nor pages": (USE_CASES, (*HTTP, *WEB, "jinja2")),
    "the store knows no use case, no provider but the contract, and no HTTP": (
        STORE,
        (*USE_CASES, *HTTP, *WEB),
    ),
    "pages know neither database nor HTTP framework": (
        ours("pages", "policy", "templating", "texts", "theme", "page_data", "assets", "glue", "qr"),
        (*STORE, *USE_CASES, *ours("app", "api", "cli", "demo", "sandbox", "settings"), *WEB, "sqlalchemy"),
    ),
    "the sandbox knows no adapter and nothing of the server": (
        ours("sandbox"),
        (*ours("providers", "settings", "app", "api", "client", "demo", "cli"), *STORE, *USE_CASES),
    ),
    "only the command line starts the sandbox, the demo and the app": (
        ours("api", "providers", "client", "sessions", "worker"),
        ours("app", "cli", "demo", "sandbox"),
    ),
}
# Who, and all that they may import of ours or of what is named.
ALLOWED = {
    "decide knows nothing but facts": (
        ours("decide"),
        ours("facts", "money", "providers.base"),
        (SERVER, *WEB, "sqlalchemy", "httpx", "pydantic", "structlog", "asyncio"),
    ),
    "facts know the contract's words": (
        ours("facts"),
        ours("money", "providers.base"),
        (SERVER, *WEB, "sqlalchemy", "httpx", "structlog"),
    ),
    "the client is light": (
        ours("client"),
        ours("client", "hints", "keep_alive", "retry_after"),
        (SERVER, "checkout_ui", *WEB, "pydantic", "sqlalchemy", "structlog", "jinja2"),
    ),
    "the store is a merchant like any other": (
        ours("demo.store", "demo.orders", "demo.pages"),
        ours("client", "demo"),
        (SERVER, "checkout_ui"),
    ),
    "the contract stands alone": (ours("providers.base"), ours("money"), (SERVER, "checkout_ui")),
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_forbidden(rule: str) -> None:
    who, what = FORBIDDEN[rule]
    looked_at, broken = 0, []
    for name, (_, imports) in modules().items():
        if within(name, *who):
            looked_at += 1
            broken += [f"{name} imports {each}" for each in sorted(imports) if within(each, *what)]
    assert looked_at
    assert not broken


@pytest.mark.parametrize("rule", ALLOWED)
def test_allowed(rule: str) -> None:
    who, may, of = ALLOWED[rule]
    looked_at, broken = 0, []
    for name, (_, imports) in modules().items():
        if within(name, *who):
            looked_at += 1
            broken += [
                f"{name} imports {each}"
                for each in sorted(imports)
                if within(each, *of) and not within(each, *may)
            ]
    assert looked_at
    assert not broken


def test_the_server_shares_only_the_statuses_with_the_browser() -> None:
    shared = {
        (name, each)
        for name, (_, imports) in modules().items()
        if within(name, SERVER)
        for each in imports
        if within(each, "checkout_ui")
    }
    assert {each for _, each in shared} == {"checkout_ui.status"}


def test_a_provider_knows_only_itself_and_the_contract() -> None:
    """`providers/<name>` imports no other provider, so that one can be taken out and no other falls."""
    for name, (_, imports) in modules().items():
        parts = name.split(".")
        if parts[:2] != [SERVER, "providers"] or len(parts) < 3 or parts[2] in ("base", "config", "http"):
            continue
        may = ours("providers.base", "providers.config", "providers.http", f"providers.{parts[2]}", "money")
        broken = [each for each in imports if within(each, SERVER) and not within(each, *may)]
        assert not broken, f"{name} imports {broken}"


def test_one_module_knows_the_engine() -> None:
    knowing = {
        name for name, (_, imports) in modules().items() if any(within(each, *ENGINES) for each in imports)
    }
    assert knowing <= {"checkout_ui.runtime"}


def test_the_rules_catch_an_import_from_a_package(tmp_path: Path) -> None:
    """The net itself: `from package import module` must not slip through as an import of the package."""
    file = tmp_path / "x.py"
    file.write_text("from checkout_server import sessions\nfrom checkout_server.store.tables import inbox\n")
    assert set(_imports(file, set(modules()))) == {"checkout_server.sessions", "checkout_server.store.tables"}
