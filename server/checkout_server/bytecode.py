"""Our browser modules compiled ahead for the engines: importing them costs a tenth of compiling them in the page.

`scripts/bytecode/build.py` makes `static/vendor/bytecode.json` after the engines:

    {"<engine>": {"folder": "micropython-1.27.0", "suffix": ".mpy",
                  "modules": {"checkout_ui/page.py": {"source": "<sha256>", "code": "<base64>"}}}}

Bytecode is used only for the very engine and the very source that it was made of; all else is served as source.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from checkout_server.assets import MANIFEST, VENDOR, folder

FILE = f"{VENDOR}/bytecode.json"
# PyScript runs a copy of the same MicroPython.
_COMPILED_AS = {"pyscript": "micropython"}


def digest(source: bytes) -> str:
    return hashlib.sha256(source).hexdigest()


@dataclass(frozen=True, slots=True)
class Bytecode:
    """What the build compiled, and the folders of the engines that are there now."""

    compiled: Mapping[str, Any]
    folders: Mapping[str, str]

    def translated(self, sources: Mapping[str, bytes], engine: str) -> dict[str, bytes]:
        """The sources as files: `a/b.py` becomes `a/b.mpy` or `a/b.pyc` where its bytecode is current."""
        engine = _COMPILED_AS.get(engine, engine)
        made = self.compiled.get(engine)
        if made is None or made["folder"] != self.folders.get(engine):
            return dict(sources)
        files = {}
        for path, source in sources.items():
            module = made["modules"].get(path)
            if module is not None and module["source"] == digest(source):
                files[str(PurePosixPath(path).with_suffix(made["suffix"]))] = base64.b64decode(module["code"])
            else:
                files[path] = source
        return files


def load() -> Bytecode:
    """Without a build there is no bytecode, and every module is served as source."""
    static = folder("static")
    if not (static / FILE).is_file() or not (static / MANIFEST).is_file():
        return Bytecode({}, {})
    engines = json.loads((static / MANIFEST).read_bytes())["engines"]
    folders = {engine["name"]: engine["folder"] for engine in engines}
    return Bytecode(json.loads((static / FILE).read_bytes()), folders)
