"""`python -m bench` with one round of each, as a developer runs it; what its figures say is not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import BENCHES, main
from bench.lab import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.browser]

KEYS = {
    *("a", "a.phone", "b", "b.all", "c.micropython", "c.pyodide", "c.pyscript", "d.page", "d.status", "e"),
    *("f.bytes", "f.cold", "f.warm", "g", "g.jank", "h"),
}
AIMS = {
    "a": ("ratio", 1.10),
    "a.phone": ("ratio", 1.10),
    "b": ("median", 30),
    "c.micropython": ("ratio", 1.3),
    "c.pyodide": ("ratio", 0.5),
    "e": ("p95", 250),
    "f.bytes": ("median", 2),
    "g.jank": ("median", 50),
}
ALONE = {"e", "f.bytes", "g.jank", "h"}  # without a baseline


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The JSON of one run, with the lines it printed under `printed`."""
    file = tmp_path_factory.mktemp("bench") / "bench.json"
    command = [sys.executable, "-m", "bench", "--rounds", "1", "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    parsed: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return {**parsed, "printed": done.stdout}


def test_every_benchmark_reports(body: dict[str, Any]) -> None:
    assert {figure["key"] for figure in body["figures"]} == KEYS
    assert {key.partition(".")[0] for key in KEYS} == set(BENCHES)
    assert set(body["machine"]) == {"cores", "system", "python", "chromium"}
    for key in KEYS:
        assert f"\n{key} " in body["printed"]


def test_each_figure_stands_beside_its_aim_and_its_baseline(body: dict[str, Any]) -> None:
    for figure in body["figures"]:
        aim = figure["aim"]
        assert (aim and (aim["of"], aim["at_most"])) == AIMS.get(figure["key"])
        assert figure["met"] in ({True, False} if aim else {None})
        assert figure["ours"]["rounds"] == len(figure["ours"]["values"]) == 1
        assert figure["ours"]["median"] > 0
        if figure["key"] in ALONE:
            assert figure["baseline"] is None
            continue
        expected = figure["ours"]["values"][0] / figure["baseline"]["values"][0]
        assert figure["ratio"] == pytest.approx(expected, abs=0.001)


def test_the_bytes_are_listed_file_by_file(body: dict[str, Any]) -> None:
    (weight,) = [figure for figure in body["figures"] if figure["key"] == "b"]
    files = weight["detail"]["files"]
    needed = [file["before"] for file in files if file["role"] == "needed"]
    assert sum(needed) / 1000 == pytest.approx(weight["ours"]["median"], abs=0.001)
    paths = {file["path"].rpartition("/")[2].partition("-")[0] for file in files if file["role"] == "needed"}
    assert {"…", "page", "bridge", "crypto_com"} <= paths
    assert any(file["role"] == "provider" for file in files)


def test_the_store_follows_the_heights_of_the_frame(body: dict[str, Any]) -> None:
    heights, jank = (figure for figure in body["figures"] if figure["key"] in ("g", "g.jank"))
    assert heights["ours"]["median"] <= heights["baseline"]["median"] + 1  # never more than were made
    longest, over = jank["ours"]["values"][0], jank["detail"]["frames_over_50_ms"][0]
    assert (longest > 50) is (over > 0)


def test_no_token_is_written_down(body: dict[str, Any]) -> None:
    text = json.dumps(body, ensure_ascii=False)
    assert "/checkout/…" in text
    assert text.count("/checkout/") == text.count("/checkout/…")


def test_the_table_of_the_docs_comes_from_the_file(
    body: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.__main__.ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    docs = tmp_path / "docs" / "bench.md"
    docs.write_text("Before\n<!-- bench:begin -->\nThe last one\n<!-- bench:end -->\nAfter\n", "utf-8")
    file = tmp_path / "bench.json"
    file.write_text(json.dumps(body), "utf-8")
    assert main(["--write-docs", "--json", str(file)]) == 0
    text = docs.read_text("utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert "The last one" not in text
    assert all(f"| {key} |" in text for key in KEYS)
