"""Which PostgreSQL the tests take, and that a server from a wheel runs even where only root may look."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from tests import postgres


def programs(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch(0o755)
    return folder


WHOLE = ("initdb", "pg_ctl", "postgres")


@pytest.fixture(autouse=True)
def _nothing_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


def test_without_any_there_is_none(tmp_path: Path) -> None:
    assert postgres.installed(tmp_path) is None


def test_the_newest_of_a_package_manager(tmp_path: Path) -> None:
    programs(tmp_path / "usr/lib/postgresql/9.6/bin", *WHOLE)
    newest = programs(tmp_path / "usr/lib/postgresql/17/bin", *WHOLE)
    programs(tmp_path / "usr/lib/postgresql/18/bin", "psql", "initdb")
    assert postgres.installed(tmp_path) == newest


@pytest.mark.parametrize("prefix", ["opt/homebrew", "usr/local"])
def test_homebrew_links_to_its_cellar(tmp_path: Path, prefix: str) -> None:
    real = programs(tmp_path / prefix / "Cellar/postgresql@16/16.4/bin", *WHOLE).parent
    link = tmp_path / prefix / "opt" / "postgresql@16"
    link.parent.mkdir()
    link.symlink_to(real)
    assert postgres.installed(tmp_path) == link / "bin"


def test_one_on_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(tmp_path / "usr/lib/postgresql/17/bin", *WHOLE)
    mine = programs(tmp_path / "mine", *WHOLE)
    monkeypatch.setenv("PATH", str(mine))
    assert postgres.installed(tmp_path) == mine


@pytest.mark.postgres
@pytest.mark.slow
def test_the_embedded_server_runs_below_a_folder_that_only_root_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "root"
    closed.mkdir(mode=0o700)
    hidden = postgres.copied(postgres.embedded(), closed)
    monkeypatch.setattr(postgres, "installed", lambda: None)
    monkeypatch.setattr(postgres, "embedded", lambda: hidden)
    with postgres.server() as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            (data,) = connection.execute("SHOW data_directory").fetchone() or ()
        assert Path(data).exists()
        # Root's server is somebody else's, and so not the one in the closed folder.
        assert (Path(data).parent / hidden.parents[1].name).exists() == (os.getuid() == 0)
    assert not Path(data).exists()
