"""Static files under names that carry their hash, so that a browser may keep them for ever."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

# Own table: what `mimetypes` answers depends on the machine, and an engine whose `.wasm` has the wrong type never starts.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
# Where the scripts and style sheets of providers are, ours and those of other packages.
PROVIDERS = "providers"
# The engines are many files that import each other by name: their folder carries the version instead of a hash.
VENDOR = "vendor"
# Written by the build: `{"engines": [{"name", "folder", …}]}`, the one place that says which version is current.
MANIFEST = f"{VENDOR}/manifest.json"

IMMUTABLE: Mapping[str, str] = {
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    # The store's own page loads embed.js with `integrity`, which needs both.
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}


class MissingAsset(LookupError):
    """A page asks for a static file that was not built. The text names it."""


def folder(name: str) -> Path:
    """Where `templates` or `static` is: beside this package in a wheel, at the repository's root otherwise."""
    here = Path(__file__).resolve().parent
    for candidate in (here / name, here.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise MissingAsset(f"folder {name!r} is neither in the package nor beside it")


def media_type(name: str) -> str:
    return MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")


@dataclass(frozen=True)
class Asset:
    """One static file. `name` is what the code calls it (`boot/micropython.js`), `hashed_name` what the URL does."""

    name: str
    hashed_name: str
    media_type: str
    content: bytes
    integrity: str  # "sha384-…", for the `integrity` attribute

    @classmethod
    def of(cls, name: str, content: bytes) -> Asset:
        digest = hashlib.sha384(content).digest()
        path = PurePosixPath(name)
        hashed = path.with_name(f"{path.stem}-{digest.hex()[:16]}{path.suffix}")
        integrity = "sha384-" + base64.b64encode(digest).decode("ascii")
        return cls(name, str(hashed), media_type(name), content, integrity)

    @property
    def headers(self) -> dict[str, str]:
        return {**IMMUTABLE, "content-type": self.media_type}

    @cached_property
    def gzipped(self) -> bytes:
        """The content as sent to a browser that accepts gzip; the same bytes on every run."""
        return gzip.compress(self.content, mtime=0)


class Assets:
    """Every static file of this release: what is in the folders, and what is generated at start (`add`).

    Files under `vendor/` are not read: they are large, and are served from disk by their versioned path.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        self._by_name: dict[str, Asset] = {}
        self._by_hash: dict[str, Asset] = {}
        self._vendored: dict[str, Path] = {}
        self._engines: dict[str, Any] = {}
        for root in roots:
            self._collect(root)

    def _collect(self, root: Path) -> None:
        for path in sorted(root.rglob("*")):
            relative = path.relative_to(root)
            if not path.is_file() or any(part.startswith(".") for part in relative.parts):
                continue
            if relative.as_posix() == MANIFEST:
                built = json.loads(path.read_bytes())["engines"]
                self._engines |= {engine["name"]: engine for engine in built}
            elif relative.parts[0] == VENDOR:
                self._vendored[relative.as_posix()] = path
            else:
                self.add(relative.as_posix(), path.read_bytes())

    def bring(self, root: Path) -> None:
        """Adds the files of a provider's package: under `providers/` only, and none in place of another.

        Raises `ValueError`, which names the file.
        """
        for path in sorted(file for file in root.rglob("[!.]*") if file.is_file()):
            name = path.relative_to(root).as_posix()
            if not name.startswith(f"{PROVIDERS}/"):
                raise ValueError(
                    f"{path}: a provider's package adds files under {PROVIDERS}/ and nowhere else"
                )
            if name in self:
                raise ValueError(f"{path}: there is a {name} already")
            self.add(name, path.read_bytes())

    def __iter__(self) -> Iterator[Asset]:
        return iter(self._by_name.values())

    def add(self, name: str, content: bytes) -> Asset:
        """Registers a generated file, such as the theme; a later one of the same name replaces the earlier."""
        asset = Asset.of(name, content)
        self._by_name[name] = self._by_hash[asset.hashed_name] = asset
        return asset

    def get(self, name: str) -> Asset:
        try:
            return self._by_name[name]
        except KeyError:
            raise MissingAsset(f"static file {name!r} was not built") from None

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def lookup(self, hashed_name: str) -> Asset | None:
        """The asset that is served at `/static/<hashed_name>`; None for what this release does not hold."""
        return self._by_hash.get(hashed_name)

    def vendored(self, path: str) -> Path | None:
        """The file behind `/static/vendor/<name>-<version>/…`. Only files seen at start: no path escapes."""
        return self._vendored.get(path)

    def engine(self, name: str) -> str:
        """The folder of an engine, such as `vendor/micropython-1.27.0/`."""
        if name not in self._engines:
            raise MissingAsset(f"engine {name!r} was not built")
        return f"{VENDOR}/{self._engines[name]['folder']}/"

    def engine_files(self, name: str) -> list[str]:
        """The files of an engine, as its package names them, within `engine(name)`."""
        return [file["path"] for file in self._engines[name]["files"]]
