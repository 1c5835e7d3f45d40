"""The Python that runs in the browser, as one file: what the engine is given before the page's `main` starts."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from checkout_server import bytecode, plugins

PACKAGE = "checkout_ui"


def bundle(extra: Mapping[str, str] | None = None, *, engine: str | None = None) -> bytes:
    """JSON `{path: file}` of the `checkout_ui` package, without comments and docstrings; the same bytes every time.

    Each file is text with one character for each of its bytes (`unpacked` is the way back). With an `engine`, a module
    comes as that engine's bytecode where the build made some of this very source; else, and without one, as source.

    The readers that providers' packages have in `browser/` come with it, always as source.

    `extra` adds the merchant's own modules (`{"shop_hooks.py": source}`), which `checkout_ui.main` imports when the
    page's data names them in `hooks`. A name of ours cannot be replaced: ValueError. Source that does not parse:
    SyntaxError.
    """
    ours = sources()
    contents = {path: source.encode() for path, source in ours.items()}
    if engine is not None:
        contents = bytecode.load().translated(contents, engine)
    for name, source in plugins.readers().items():
        path = f"{PACKAGE}/providers/{name}.py"
        if path in ours:
            raise ValueError(f"{path}: there is a reader of this name already")
        contents[path] = slim(source).encode()
    for path, source in (extra or {}).items():
        if path.split("/")[0] in (PACKAGE, f"{PACKAGE}.py"):
            raise ValueError(f"{path}: the package {PACKAGE} is ours")
        contents[path] = slim(source).encode()
    texts = {path: content.decode("latin-1") for path, content in contents.items()}
    return json.dumps(texts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def unpacked(bundled: bytes) -> dict[str, bytes]:
    """The files of a bundle, as the page writes them into the engine's file system."""
    return {path: text.encode("latin-1") for path, text in json.loads(bundled).items()}


def sources() -> dict[str, str]:
    """Our modules by their path, slimmed: what is served, and what bytecode is compiled from."""
    return {path: slim(source) for path, source in _modules(files(PACKAGE), PACKAGE)}


def slim(source: str) -> str:
    """The same program without comments and docstrings; line numbers stay, so tracebacks still point right."""
    lines = source.splitlines()
    for first, last in _docstrings(source):
        lines[first] = _indent(lines[first]) + '""'
        lines[first + 1 : last + 1] = [""] * (last - first)
    for row, column in _comments("\n".join(lines) + "\n"):
        lines[row] = lines[row][:column]
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _docstrings(source: str) -> list[tuple[int, int]]:
    """First and last line, from 0, of every docstring that has its lines to itself."""
    found = []
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        head = node.body[0] if node.body else None
        if not isinstance(head, ast.Expr) or ast.get_docstring(node, clean=False) is None:
            continue
        first, last = head.lineno - 1, (head.end_lineno or head.lineno) - 1
        alone = (len(_indent(lines[first])), len(lines[last].encode())) == (
            head.col_offset,
            head.end_col_offset,
        )
        if alone:
            found.append((first, last))
    return found


def _comments(source: str) -> list[tuple[int, int]]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [(t.start[0] - 1, t.start[1]) for t in tokens if t.type == tokenize.COMMENT]


def _modules(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found = []
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found += _modules(entry, path)
        elif entry.name.endswith(".py"):
            found.append((path, entry.read_text(encoding="utf-8")))
    return found
