"""One module knows the engine; the others run anywhere, and keep to what every engine has."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import checkout_ui

PACKAGE = Path(checkout_ui.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ENGINE_ONLY = {"js", "jsffi", "pyscript", "polyscript", "pyodide", "pyodide_js", "_pyodide", "micropython"}
# Of the standard library, what MicroPython has too.
COMMON = {"asyncio", "json", "sys", "time", "io", "hashlib", "re"}
# Imported where the engine is known to have it.
RUNTIME_ONLY = {"traceback"}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports(path: Path) -> None:
    allowed = COMMON | {"checkout_ui"}
    if path.name == "runtime.py":
        allowed |= ENGINE_ONLY | RUNTIME_ONLY
    assert imported(path) <= allowed


def test_the_rule_has_something_to_hold() -> None:
    assert "js" in imported(PACKAGE / "runtime.py")


NOT_IN_MICROPYTHON = (ast.Match, ast.TryStar)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_syntax_that_every_engine_has(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        assert not isinstance(node, NOT_IN_MICROPYTHON)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            assert not any(isinstance(item, ast.Starred) for item in node.elts), f"line {node.lineno}: [*a]"
        if isinstance(node, ast.Dict):
            assert None not in node.keys, f"line {node.lineno}: {{**a}}"
        if isinstance(node, ast.arguments):
            assert not node.posonlyargs
        if isinstance(node, ast.comprehension):
            assert not node.is_async
