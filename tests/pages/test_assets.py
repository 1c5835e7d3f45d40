from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest

from checkout_server.assets import Asset, Assets, MissingAsset, folder, media_type
from tests.pages.samples import assets


def test_names_carry_the_hash_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "boot").mkdir()
    (tmp_path / "boot/micropython.js").write_text("one")
    asset = Assets([tmp_path]).get("boot/micropython.js")
    digest = hashlib.sha384(b"one").digest()
    assert asset.hashed_name == f"boot/micropython-{digest.hex()[:16]}.js"
    assert asset.integrity == "sha384-" + base64.b64encode(digest).decode()
    assert asset.media_type == "text/javascript; charset=utf-8"
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert gzip.decompress(asset.gzipped) == b"one"
    assert Asset.of("boot/micropython.js", b"two").hashed_name != asset.hashed_name


def test_lookup_is_by_hashed_name_alone(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}")
    found = Assets([tmp_path])
    assert found.lookup(found.get("a.css").hashed_name) == found.get("a.css")
    assert found.lookup("a.css") is None
    assert found.lookup("../a.css") is None


def test_generated_files_and_missing_ones(tmp_path: Path) -> None:
    found = Assets([tmp_path])
    first = found.add("theme.css", b"1")
    second = found.add("theme.css", b"2")
    assert found.get("theme.css") == second
    assert found.lookup(first.hashed_name) == first
    assert [asset.name for asset in found] == ["theme.css"]
    with pytest.raises(MissingAsset, match=r"bridge\.js"):
        found.get("bridge.js")


def test_engines_keep_their_names(tmp_path: Path) -> None:
    for version in ("1.27.0", "1.9.0"):
        (tmp_path / f"vendor/micropython-{version}").mkdir(parents=True)
    home = tmp_path / "vendor/micropython-1.27.0"
    (home / "micropython.wasm").write_bytes(b"\0asm")
    # Several may be left of earlier builds: the manifest says which one is meant.
    (tmp_path / "vendor/manifest.json").write_text(
        '{"engines": [{"name": "micropython", "folder": "micropython-1.27.0"}]}'
    )
    found = Assets([tmp_path])
    assert found.engine("micropython") == "vendor/micropython-1.27.0/"
    assert found.vendored("vendor/micropython-1.27.0/micropython.wasm") == home / "micropython.wasm"
    assert found.vendored("vendor/micropython-1.27.0/../../secret") is None
    assert list(found) == []
    with pytest.raises(MissingAsset, match="pyodide"):
        found.engine("pyodide")


def test_hidden_files_are_not_served(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_text("x")
    assert list(Assets([tmp_path])) == []


def test_folders_are_found_and_wasm_has_the_type_engines_insist_on() -> None:
    assert (folder("templates") / "checkout.html").is_file()
    assert (folder("static") / "checkout.css").is_file()
    with pytest.raises(MissingAsset):
        folder("nowhere")
    assert media_type("micropython.wasm") == "application/wasm"
    assert media_type("x.unknown") == "application/octet-stream"


def test_the_style_sheet_stays_small_and_self_contained() -> None:
    sheet = assets().get("checkout.css")
    assert len(sheet.gzipped) <= 8 * 1024
    text = sheet.content.decode()
    assert "@import" not in text
    assert "url(" not in text
    # Right to left works because no side is named.
    assert not re.search(r"\b(?:margin|padding|border|inset)-(?:left|right)\b|\b(?:left|right)\s*:", text)
    for query in (
        "prefers-color-scheme",
        "prefers-reduced-motion",
        "forced-colors",
        "@media print",
        "min-width: 720px",
    ):
        assert query in text
