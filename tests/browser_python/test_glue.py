from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

import checkout_ui
from checkout_server import glue

PACKAGE = Path(checkout_ui.__file__).parent


def without_docstrings(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                first.value.value = ""
    return ast.dump(tree)


def test_it_holds_every_module_as_the_same_program() -> None:
    bundled = json.loads(glue.bundle())

    assert set(bundled) == {
        f"checkout_ui/{path.relative_to(PACKAGE).as_posix()}" for path in PACKAGE.rglob("*.py")
    }
    for path, source in bundled.items():
        original = (PACKAGE.parent / path).read_text()
        assert without_docstrings(source) == without_docstrings(original), path


def test_it_is_the_same_every_time_and_in_order() -> None:
    first = glue.bundle()
    assert glue.bundle() == first
    assert list(json.loads(first)) == sorted(json.loads(first))


@pytest.mark.parametrize(
    ("source", "slimmed"),
    [
        ('"""Doc."""\nx = 1  # why\n', '""\nx = 1\n'),
        ('def f():\n    """Only a docstring."""\n', 'def f():\n    ""\n'),
        ('def f():\n    """Two\n    lines."""\n    return 1\n', 'def f():\n    ""\n\n    return 1\n'),
        ('x = "# no comment"\n', 'x = "# no comment"\n'),
        ('x = """\n# no comment\n"""\n', 'x = """\n# no comment\n"""\n'),
        ('def f(): "doc"; return 1\n', 'def f(): "doc"; return 1\n'),
        ('"doc"; x = "text"\n', '"doc"; x = "text"\n'),
        ('"""Ümlaut."""\nx = "ü"\n', '""\nx = "ü"\n'),
        ("# only\n# comments\nx = 1\n", "\n\nx = 1\n"),
        ("", "\n"),
    ],
)
def test_slim(source: str, slimmed: str) -> None:
    assert glue.slim(source) == slimmed
    assert without_docstrings(glue.slim(source)) == without_docstrings(source)


def test_a_traceback_still_points_at_the_right_line() -> None:
    source = (PACKAGE / "page.py").read_text()
    lines = {
        node.name: node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)
    }
    slim = glue.slim(source)
    assert {
        node.name: node.lineno for node in ast.walk(ast.parse(slim)) if isinstance(node, ast.FunctionDef)
    } == lines


def test_a_merchants_modules_come_along_and_replace_nothing() -> None:
    assert json.loads(glue.bundle({"shop.py": "x = 1  # ours\n"}))["shop.py"] == "x = 1\n"
    for path in ("checkout_ui/page.py", "checkout_ui.py"):
        with pytest.raises(ValueError, match="is ours"):
            glue.bundle({path: ""})
    with pytest.raises(SyntaxError):
        glue.bundle({"shop.py": "def"})
